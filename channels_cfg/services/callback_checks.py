"""The rules of callback paths and of what proves their callers."""

import re
from collections.abc import Callable, Iterator

from channels_cfg.models import CallbackPath
from channels_cfg.services import networks
from channels_cfg.services.drafts import Draft, Drafted
from channels_cfg.services.problems import Problem
from channels_cfg.wire import Adapter, BadSignature, ReceiptType, Secrets

MULTI = "multi"  # one account, several channel types: any provider may have it
GUESSABLE_BELOW = 20
"""Characters of the last segment; one that we make has 32, all random."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# Set by every client or by the way: their values prove nothing.
_TAKEN_HEADERS = {"host", "content-length", "content-type", "transfer-encoding"}


def _receipt_type(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    known = [str(each) for each in adapter.receipt_types]
    for callback in _switched_on(draft):
        if callback.row.receipt_type not in known:
            yield Problem(
                place=callback.place,
                message=f"{adapter.slug} pushes no {callback.row.receipt_type}, but "
                + ", ".join(known),
            )


def _any_discouraged(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    if not adapter.console or any(
        where.receipt_type == ReceiptType.ANY for where in adapter.console
    ):
        return
    for callback in _switched_on(draft):
        if callback.row.receipt_type == ReceiptType.ANY:
            yield Problem(
                place=callback.place,
                message=f"{adapter.slug} has a URL for each receipt type: paths of "
                "their own say more when something is missing",
                is_warning=True,
            )


def _template_audit(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    is_multi = draft.channel.row.type == MULTI
    asked_of = {
        where.channel_type
        for where in adapter.console
        if where.receipt_type == ReceiptType.TEMPLATE_AUDIT
    }
    if not asked_of or asked_of & {"", draft.channel.row.type} or is_multi:
        return
    pushed = [(each.row.receipt_type, each.place) for each in _switched_on(draft)]
    pulled = [(each.row.receipt_type, each.place) for each in draft.pulled]
    for receipt_type, place in pushed + pulled:
        if receipt_type == ReceiptType.TEMPLATE_AUDIT:
            yield Problem(
                place=place,
                message="template audits are known for "
                f"{' and '.join(sorted(asked_of))} only; nothing may ever arrive here",
                is_warning=True,
            )


def _header(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    for callback in draft.callbacks:
        for name, message in _header_faults(callback.row):
            yield Problem(place=callback.place, field=name, message=message)


def _header_faults(row: CallbackPath) -> Iterator[tuple[str, str]]:
    name = row.header_name.lower()
    if not name:
        if row.header_values:
            yield "header_name", "a header value needs the header's name"
        return
    if not _HEADER_NAME.fullmatch(name) or name in _TAKEN_HEADERS:
        yield "header_name", f"{row.header_name} cannot carry a secret"
    if name == "authorization" and row.basic_passwords:
        yield "header_name", "Authorization is taken by the basic password"
    if not row.header_values and row.header_values.is_readable:
        yield "header_values", "a header needs a value, and none is stored"
    if any(not _can_be_sent(value) for value in row.header_values):
        yield (
            "header_values",
            "only printable ASCII characters without blanks around them can be sent "
            "in a header",
        )


def _can_be_sent(value: str) -> bool:
    is_text = value.isascii() and value.isprintable()
    return bool(value) and value == value.strip() and is_text


def _basic(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    for callback in draft.callbacks:
        row = callback.row
        if ":" in row.basic_username:
            message = "a user name cannot hold a colon"
            yield Problem(place=callback.place, field="basic_username", message=message)
        is_missing = not row.basic_passwords and row.basic_passwords.is_readable
        if row.basic_username and is_missing:
            message = "a user name needs a password, and none is stored"
            yield Problem(
                place=callback.place, field="basic_passwords", message=message
            )


def _allow_from(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    for callback in draft.callbacks:
        for written in callback.row.allow_from:
            try:
                networks.parse(written)
            except ValueError as exc:
                yield Problem(
                    place=callback.place, field="allow_from", message=str(exc)
                )


def _signing(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    try:
        adapter.verify(b"{}", {}, Secrets())
    except BadSignature:
        pass
    else:
        return
    for callback in _switched_on(draft):
        if not callback.row.signing_secrets:
            yield Problem(
                place=callback.place,
                field="signing_secrets",
                message=f"{adapter.slug} signs what it pushes: without the signing "
                "secret every push is refused",
                is_warning=True,
            )


def _guessable(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    for callback in _switched_on(draft):
        row = callback.row
        proofs = (row.header_name, row.basic_passwords, row.signing_secrets)
        is_long = len(row.path.rpartition("/")[2]) >= GUESSABLE_BELOW
        if not (is_long or row.allow_from or any(proofs)):
            yield Problem(
                place=callback.place,
                field="path",
                message=f"whoever guesses {row.path} can push here: leave the path "
                "out to get an unguessable one, or add a secret",
                is_warning=True,
            )


def _switched_on(draft: Draft) -> list[Drafted[CallbackPath]]:
    return [callback for callback in draft.callbacks if callback.row.is_enabled]


CALLBACK_RULES: tuple[Callable[[Draft, Adapter], Iterator[Problem]], ...] = (
    _receipt_type,
    _any_discouraged,
    _template_audit,
    _header,
    _basic,
    _allow_from,
    _signing,
    _guessable,
)
