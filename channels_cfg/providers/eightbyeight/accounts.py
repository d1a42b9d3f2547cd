"""What an update of a phone number or an account says, put into three texts."""

from collections.abc import Iterator, Mapping

import msgspec

from channels_cfg.fields import Names, text, word

_META = Names(
    "event", "currentLimit", "oldLimit", "maxDailyConversationsPerBusiness", "reason"
)
_VERIFICATION = Names("businessId", "verificationStatus", "rejectionReasons")
_VIOLATION = Names("violationType", "remediation")
_RESTRICTION = Names("restrictionType", "expiration", "remediation")


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Their word for what happened, its detail, and the rest in a sentence."""

    word: str
    detail: str
    description: str


def read_notice(details: Mapping[str, object]) -> Notice:
    """Read ``eventDetails`` of either event; both call what happened ``event``."""
    if "meta" in details:
        return _number(_META.of(details["meta"]))
    return Notice(
        word=word(details.get("event")),
        detail=next(_kinds(details), ""),
        description="; ".join(_reasons(details)),
    )


def _number(meta: Mapping[str, object]) -> Notice:
    limit = word(meta.get("maxDailyConversationsPerBusiness"))
    before = text(meta.get("oldLimit"))
    reasons = (text(meta.get("reason")), f"before: {before}" if before else "")
    return Notice(
        word=word(meta.get("event")),
        detail=limit or word(meta.get("currentLimit")),
        description="; ".join(reason for reason in reasons if reason),
    )


def _kinds(details: Mapping[str, object]) -> Iterator[str]:
    """Yield what an account update is about, the most telling first."""
    verification = _VERIFICATION.of(details.get("businessVerificationInfo"))
    violation = _VIOLATION.of(details.get("violationInfo"))
    for said in (
        verification.get("verificationStatus"),
        violation.get("violationType"),
        *(each.get("restrictionType") for each in _restrictions(details)),
    ):
        if word(said):
            yield word(said)


def _reasons(details: Mapping[str, object]) -> Iterator[str]:
    verification = _VERIFICATION.of(details.get("businessVerificationInfo"))
    rejections = verification.get("rejectionReasons")
    for reason in rejections if isinstance(rejections, list) else ():
        if text(reason).upper() not in ("", "NONE"):
            yield text(reason)
    for each in _restrictions(details):
        until = text(each.get("expiration"))
        said = text(each.get("restrictionType"))
        yield f"{said} until {until}" if until else said
    for part in (_VIOLATION.of(details.get("violationInfo")), *_restrictions(details)):
        if text(part.get("remediation")):
            yield text(part.get("remediation"))


def _restrictions(details: Mapping[str, object]) -> list[Mapping[str, object]]:
    found = details.get("restrictionInfo")
    return [_RESTRICTION.of(each) for each in found] if isinstance(found, list) else []
