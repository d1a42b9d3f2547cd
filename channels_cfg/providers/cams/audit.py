"""ChatAppAudit V1 and V2: what became of a template, a number or an account.

Neither version has an id or a time, so an equal item within the retries of the
provider is taken for the same event, a later one for a new one.
"""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b

import msgspec

from channels_cfg.fields import address, text, word
from channels_cfg.wire import (
    BadItem,
    Kind,
    ReceiptEvent,
    ReceiptType,
    TemplateChange,
)

from .names import FIELDS, account_ids

# Types of V2 that no status and no inbound message has ("template" may be both).
_ASPECTS = {"templatecategoryupdate": "category", "templatequalityupdate": "quality"}
_ACCOUNT = frozenset(
    {"phonenameupdate", "phonequalityupdate", "wabareviewupdate", "wabaaccountupdate"}
)
NOTICES = _ACCOUNT | _ASPECTS.keys()
# Two translations of the page give Audit and Failed for auditing and fail.
_REVIEWS: Mapping[str, str] = {
    "pass": "approved",
    "fail": "rejected",
    "failed": "rejected",
    "auditing": "pending",
    "audit": "pending",
    "unaudit": "pending",
    "disabled": "disabled",
    "paused": "paused",
}
_KEY_LASTS = timedelta(minutes=10)


def read_audit(fields: Mapping[str, object], channel_type: str) -> ReceiptEvent:
    """Read one ``ChatAppAudit`` item of either version.

    V1 has no ``Type``. A ``Type`` that is not documented is kept as unknown. Raises
    ``BadItem`` for what does not say which template, number or account it is about.
    """
    notice = word(fields.get("Type")).casefold()
    kind = _kind(notice)
    change = _change(fields, notice) if kind is Kind.TEMPLATE else None
    if kind is Kind.ACCOUNT and not _says(fields, "WabaId", "PhoneNumber"):
        raise BadItem("neither WabaId nor PhoneNumber")
    return ReceiptEvent(
        receipt_type=ReceiptType.TEMPLATE_AUDIT,
        kind=kind,
        key=(kind.value, _digest(fields, is_known=kind is not Kind.UNKNOWN)),
        key_lasts=_KEY_LASTS,
        raw_status=word(fields.get("AuditStatus")) or word(fields.get("Status")),
        raw_detail=word(fields.get("CurrentLimit")),
        status_description=text(fields.get("Reason")),
        business_address=address(fields.get("PhoneNumber")),
        account_ids=account_ids(fields),
        template_code=word(fields.get("TemplateCode")),
        template_name=word(fields.get("TemplateName")),
        template_language=word(fields.get("Language")),
        template=change,
        message_type=notice,
    )


def _kind(notice: str) -> Kind:
    if notice in ("", "template") or notice in _ASPECTS:
        return Kind.TEMPLATE
    return Kind.ACCOUNT if notice in _ACCOUNT else Kind.UNKNOWN


def _change(fields: Mapping[str, object], notice: str) -> TemplateChange:
    if not _says(fields, "TemplateCode"):
        raise BadItem("no TemplateCode")
    aspect = _ASPECTS.get(notice, "review")
    if aspect != "review":
        # Of V2 only Status can hold the new category or quality.
        said = word(fields.get("Status"))
        return TemplateChange(
            aspect=aspect,
            raw_status=said,
            quality=said if aspect == "quality" else "",
            category=said if aspect == "category" else "",
        )
    said = word(fields.get("AuditStatus"))
    if not said:
        raise BadItem("no AuditStatus")
    return TemplateChange(
        aspect=aspect,
        status=_REVIEWS.get(said.casefold(), "unknown"),
        raw_status=said,
        reason=text(fields.get("Reason")),
    )


def _says(fields: Mapping[str, object], *names: str) -> bool:
    return any(text(fields.get(name)) for name in names)


def _digest(fields: Mapping[str, object], *, is_known: bool) -> str:
    """Digest the fields as read, so that both roads give the same.

    Of a known type only the documented fields count: a road may add one of its own.
    """
    said = {
        name: text(value) or value
        for name, value in fields.items()
        if value not in (None, "") and (name in FIELDS.exact or not is_known)
    }
    canonical = msgspec.json.encode(said, order="deterministic")
    return blake2b(canonical, digest_size=16).hexdigest()
