"""A story in the words of 8x8: one event a body, receipts of version 9, inbound v3."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import chain
from uuid import UUID

from channels_cfg.wire import RANKS, Kind, ReceiptType, Status
from portal.simulator.items import Expected, Facts, Item
from portal.simulator.outcomes import EXPIRED, Failure, Step
from portal.simulator.people import Person
from portal.simulator.story import Audit, Said, Story

LARGEST_BATCH = 1
CHANNEL_TYPES: Mapping[str, tuple[str, ...]] = {
    "multi": ("whatsapp", "whatsapp", "whatsapp", "viber", "line", "sms"),
}

# Their state, its detail, and what the portal makes of the two.
_STATES = {
    Status.QUEUED: ("queued", "", Status.QUEUED),
    Status.SENT: ("sent", "", Status.SENT),
    Status.CHANNEL: ("delivered", "delivered_to_operator", Status.CHANNEL),
    Status.DELIVERED: ("delivered", "delivered_to_recipient", Status.DELIVERED),
    Status.READ: ("read", "", Status.READ),
    Status.FAILED: ("undelivered", "rejected_by_operator", Status.FAILED),
    Status.EXPIRED: ("undelivered", "", Status.EXPIRED),
    Status.REJECTED: ("rejected", "", Status.REJECTED),
}
_AT_THE_OPERATOR = frozenset({"viber", "sms"})  # the others skip that step
_SPELT = {"sms": "SMS"}
_TYPES = {"I": "Image", "V": "Video", "A": "Audio", "D": "Document"}
_REVIEWS = {"approved": "APPROVED", "pending": "PENDING", "paused": "PAUSED"}
_TEMPLATE_EVENTS = {
    "review": ("template_status_update", "status"),
    "quality": ("template_quality_update", "newQualityScore"),
    "category": ("template_category_update", "newCategory"),
}
_ONE_IN = 3  # of the templates that WhatsApp refuses goes by SMS instead


def is_ack(answer: object) -> bool:
    """Say whether 8x8 takes ``answer``, decoded, for an acknowledgement."""
    return isinstance(answer, dict)


def items(story: Story, facts: Facts) -> Iterator[Item]:
    """Yield all that 8x8 tells of a story, in no order."""
    teller = _Teller(facts)
    yield from chain.from_iterable(map(teller.tell, story.said))
    yield from map(teller.audit, story.audits)


class _Teller:
    """Tells one account's messages."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._random = facts.random
        self._sub_account = facts.account.get("sub_account_id") or "acme_hq"
        self._umids: dict[int, str] = {}
        self._batch = self._uuid()

    def tell(self, said: Said) -> Iterator[Item]:
        """Yield what is told of one message."""
        if not said.is_mt:
            yield self._inbound(said)
            return
        for step in said.steps:
            if self._is_told(said.person.channel_type, step.status):
                yield self._receipt(said, step, leg=said.person.channel_type)
        if self._goes_by_sms(said):
            yield from self._by_sms(said)

    def _is_told(self, leg: str, status: Status) -> bool:
        if status is Status.CHANNEL:
            return leg in _AT_THE_OPERATOR
        top = self._facts.ceilings.get(leg, Status.READ)
        return status in _STATES and RANKS.get(status, 0) <= RANKS[top]

    def _goes_by_sms(self, said: Said) -> bool:
        has_failed = any(step.status is Status.FAILED for step in said.steps)
        was_there = any(step.status is Status.DELIVERED for step in said.steps)
        can = bool(said.template and said.person.phone) and not was_there
        is_asked = self._facts.channel_type == "multi" and has_failed and can
        on_whatsapp = said.person.channel_type == "whatsapp"
        return is_asked and on_whatsapp and said.number % _ONE_IN == 0

    def _by_sms(self, said: Said) -> Iterator[Item]:
        last = said.steps[-1].after_s
        for status, after_s in (
            (Status.QUEUED, 0.3),
            (Status.SENT, 1),
            (Status.DELIVERED, 3),
        ):
            step = Step(status=status, after_s=last + after_s)
            yield self._receipt(said, step, leg="sms")

    def _receipt(self, said: Said, step: Step, *, leg: str) -> Item:
        umid = self._umid(said.number)
        state, detail, status = _STATES[step.status]
        at = said.at + step.after_s
        told = {"state": state, **({"detail": detail} if detail else {})}
        payload: dict[str, object] = {
            "umid": umid,
            "clientMessageId": f"order-{said.number:06}",
            "subAccountId": self._sub_account,
            "channel": _SPELT.get(leg, leg),
            "user": self._user(said.person, leg, has_arrived=_has_arrived(status)),
            "status": {**told, "timestamp": self._time(at), **_error(step.failure)},
        }
        if said.template:
            payload |= {"batchId": self._batch, "clientBatchId": said.template.name}
        if leg == "whatsapp":
            payload |= self._on_whatsapp(said, status, step.failure)
        return Item(
            receipt_type=ReceiptType.MT_STATUS,
            at=at,
            fields=_event("outbound_message_status_changed", 9, payload),
            expected=Expected(
                kind=Kind.STATUS,
                channel_type=leg,
                message_id=umid,
                word=status,
                person=said.person.shown,
                detail=str(step.failure.code_8x8) if step.failure else "",
            ),
        )

    def _on_whatsapp(
        self, said: Said, status: Status, failure: Failure | None
    ) -> dict[str, object]:
        template = said.template
        category = template.category if template else "service"
        found: dict[str, object] = {"pricingCategory": category}
        if failure is not None and failure is not EXPIRED:
            return {"whatsapp": {"providerErrorCode": failure.code}}
        if status is not Status.DELIVERED:
            return {"whatsapp": found} if status is Status.SENT else {}
        copy: dict[str, object] = {
            "channel": "whatsapp",
            "contentType": "template" if template else "text",
            "body": {"text": template.text if template else said.line.words},
        }
        if template:
            copy["template"] = {
                "name": template.name,
                "language": said.person.language,
                "category": template.category.upper(),
            }
        return {"whatsapp": found, "outboundContent": copy}

    def _user(self, person: Person, leg: str, *, has_arrived: bool) -> dict[str, str]:
        """Name the person: by id only, or with it once the message was on the phone."""
        named = {"msisdn": f"+{person.phone}"} if person.phone else {}
        is_known = has_arrived and leg == person.channel_type
        if person.user_id and (is_known or not person.phone):
            named["channelUserId"] = person.user_id
        return named

    def _inbound(self, said: Said) -> Item:
        person, umid = said.person, self._umid(said.number)
        kind, content = self._content(said)
        user = {"name": person.name, **self._user(person, "", has_arrived=False)}
        if person.user_id:
            user["channelUserId"] = person.user_id
        payload: dict[str, object] = {
            "umid": umid,
            "subAccountId": self._sub_account,
            "timestamp": self._time(said.at),
            "user": user | ({"username": person.username} if person.username else {}),
            "recipient": {
                "channel": _SPELT.get(person.channel_type, person.channel_type),
                "channelId": self._sub_account,
            },
            "type": kind,
            "content": content,
        }
        if said.answers is not None:
            payload["replyToUmid"] = self._umid(said.answers)
        return Item(
            receipt_type=ReceiptType.MO_MESSAGE,
            at=said.at,
            fields=_event("inbound_message_received", 3, payload),
            expected=Expected(
                kind=Kind.INBOUND,
                channel_type=person.channel_type,
                message_id=umid,
                person=person.shown,
            ),
        )

    def _content(self, said: Said) -> tuple[str, dict[str, object]]:
        sign, words = said.line
        if sign in _TYPES:
            own = self._random.randrange(10**12)
            return _TYPES[sign], {"url": f"https://media.example.com/{own}"}
        if sign == "L":
            return "Location", {"location": {"latitude": 1.2903, "longitude": 103.8519}}
        if sign == "B":
            button = {
                "type": "button_reply",
                "button_reply": {"id": "1", "title": words},
            }
            return "Interactive", {"interactive": button}
        return ("None", {}) if sign == "S" else ("Text", {"text": words})

    def audit(self, audit: Audit) -> Item:
        """Return what is told of a template."""
        event_type, field = _TEMPLATE_EVENTS[audit.aspect]
        is_review = audit.aspect == "review"
        word = _REVIEWS.get(audit.word, audit.word.upper()) if is_review else audit.word
        meta = {field: word} | ({"reason": audit.reason or "NONE"} if is_review else {})
        code, name = audit.template.number, audit.template.name
        return Item(
            receipt_type=ReceiptType.TEMPLATE_AUDIT,
            at=audit.at,
            fields={
                "eventId": self._uuid(),
                "timestamp": self._time(audit.at),
                "provider": "WhatsApp",
                **self._account(),
                "eventType": event_type,
                "eventDetails": {
                    "templateId": code,
                    "templateName": name,
                    "templateLanguage": audit.language,
                    "meta": meta,
                },
            },
            expected=Expected(
                kind=Kind.TEMPLATE,
                channel_type="whatsapp",
                word=word,
                detail=f"{code} {audit.language} {event_type}",
            ),
        )

    def _account(self) -> dict[str, str]:
        named = {"accountId": "account_id", "businessAccountId": "waba_id"}
        told = {name: self._facts.account.get(ours) for name, ours in named.items()}
        return {name: value for name, value in told.items() if value}

    def _umid(self, number: int) -> str:
        if number not in self._umids:
            self._umids[number] = self._uuid()
        return self._umids[number]

    def _uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def _time(self, at: float) -> str:
        moment = self._facts.moment(at).astimezone(UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 10_000:02}Z"


def _has_arrived(status: Status) -> bool:
    return status in (Status.DELIVERED, Status.READ)


def _error(failure: Failure | None) -> dict[str, object]:
    if failure is None:
        return {}
    return {"errorCode": failure.code_8x8, "errorMessage": failure.text}


def _event(
    event_type: str, version: int, payload: Mapping[str, object]
) -> dict[str, object]:
    return {
        "version": version,
        "namespace": "ChatApps",
        "eventType": event_type,
        "description": "ChatApps message event",
        "payload": payload,
    }
