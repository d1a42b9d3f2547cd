"""A story in the words of CAMS: the three receipt types, each an array of items."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain, count

from channels_cfg.wire import RANKS, Kind, ReceiptType, Status
from portal.simulator.items import Expected, Facts, Item
from portal.simulator.outcomes import Step
from portal.simulator.people import Person
from portal.simulator.story import Audit, Consent, Said, Story

LARGEST_BATCH = 20
CHANNEL_TYPES: Mapping[str, tuple[str, ...]] = {"multi": ("whatsapp",)}

_WORDS = {
    Status.SENT: "Sent",
    Status.DELIVERED: "Delivered",
    Status.READ: "Read",
    Status.FAILED: "Failed",
    Status.REJECTED: "Failed",
    Status.DELETED: "Deleted",
}
_STATUSES = {word.lower(): Status(word.lower()) for word in _WORDS.values()}
_REVIEWS = {
    "pending": "auditing",
    "approved": "pass",
    "paused": "paused",
    "rejected": "fail",
    "disabled": "disabled",
}
_NOTICES = {"quality": "templateQualityUpdate", "category": "templateCategoryUpdate"}
_BUSINESS = {"whatsapp": "8613100000000", "telegram": "receipt_portal_bot"}
_NUMBERED = frozenset({"whatsapp"})  # the business has a phone number there
_FILES = {
    "I": ("IMAGE", "image/jpeg", "jpg"),
    "V": ("VIDEO", "video/mp4", "mp4"),
    "A": ("AUDIO", "audio/ogg", "ogg"),
    "D": ("DOCUMENT", "application/pdf", "pdf"),
}


def is_ack(answer: object) -> bool:
    """Say whether CAMS takes ``answer``, decoded, for an acknowledgement."""
    return isinstance(answer, dict) and answer.get("code") == 0


def items(story: Story, facts: Facts) -> Iterator[Item]:
    """Yield all that CAMS tells of a story, in no order."""
    teller = _Teller(facts)
    yield from chain.from_iterable(map(teller.tell, story.said))
    yield from map(teller.audit, filter(teller.knows, story.audits))
    if facts.channel_type == "viber":
        yield from map(teller.consent, story.consents)


class _Teller:
    """Tells one channel's messages."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._random = facts.random
        # As real ones: when, and then digits; 24 in all.
        self._head = f"{facts.start:%Y%m%d%H%M%S}{self._random.randrange(10**3):03}"
        self._business = facts.address or _BUSINESS.get(facts.channel_type, "2345")
        top = facts.ceilings.get(facts.channel_type, Status.READ)
        self._highest = RANKS[top]
        self._consents = count()

    def tell(self, said: Said) -> Iterator[Item]:
        """Yield what is told of one message."""
        if not said.is_mt:
            yield self._inbound(said)
            return
        about = self._about(said)
        for step in said.steps:
            word = _WORDS.get(step.status)
            if word and self._is_told(said.person.channel_type, step.status):
                yield self._status(said, step, about=about, word=word)

    def _is_told(self, channel_type: str, status: Status) -> bool:
        if status is Status.DELETED:  # documented, and said never to come for WhatsApp
            return channel_type != "whatsapp"
        return RANKS.get(status, 0) <= self._highest

    def _about(self, said: Said) -> dict[str, object]:
        """Return the fields that all receipts of a message of the business share."""
        template = said.template
        words: dict[str, object] = {"MsgFrameType": "message", "Type": "none"}
        kind = "service"
        if template:
            kind = template.category
            words = {
                "MsgFrameType": "template",
                "Type": "TEMPLATE",
                "TemplateCode": template.code,
                "TemplateName": template.name,
                "Language": said.person.language,
                "TaskId": f"{self._facts.start:%Y%m%d}-{template.name}",
            }
        if self._random.random() < 0.5:
            conversation = f"{self._random.getrandbits(128):032x}"
            words |= {"ConversationId": conversation, "ConversationType": kind}
        if self._facts.channel_type in _NUMBERED:
            words["OriginPhoneNumber"] = self._business
        return {
            **words,
            "MessageId": self._message_id(said.number),
            "From": self._business,
            "To": said.person.address,
            # As documented: when the message was sent, on every receipt.
            "Timestamp": self._millis(said.at),
        }

    def _status(
        self, said: Said, step: Step, *, about: Mapping[str, object], word: str
    ) -> Item:
        fields = {**about, **self._names(said.person), "Status": word}
        code = step.failure.code if step.failure else ""
        if step.failure:
            text = f"{code}:{step.failure.text}" if code else step.failure.text
            fields["ErrorDescription"] = text
        # Not always there: then the description begins with it.
        if code and self._random.random() < 0.8:
            fields["ErrorCode"] = code
        return Item(
            receipt_type=ReceiptType.MT_STATUS,
            at=said.at + step.after_s,
            fields=fields,
            expected=Expected(
                kind=Kind.STATUS,
                channel_type=self._facts.channel_type,
                message_id=str(about["MessageId"]),
                word=_STATUSES[word.lower()],
                person=said.person.shown,
                detail=code,
            ),
        )

    def _inbound(self, said: Said) -> Item:
        person = said.person
        has_plus = bool(person.phone) and self._random.random() < 0.3
        message_type, message = self._message(said)
        message_id = self._message_id(said.number)
        fields: dict[str, object] = {
            **self._account("CustSpaceId", "WabaId"),
            **self._names(person),
            "MessageId": message_id,
            "From": f"+{person.phone}" if has_plus else person.address,
            "To": self._business,
            "Timestamp": self._millis(said.at),
            "DisplayName": person.name,
            "Name": person.username or person.name,
            "NoticeType": "inbound",
            "Type": message_type,
            "Message": message,
        }
        if said.answers is not None:
            answered = self._message_id(said.answers)
            fields["Context"] = {"from": self._business, "id": answered}
        return Item(
            receipt_type=ReceiptType.MO_MESSAGE,
            at=said.at,
            fields=fields,
            expected=Expected(
                kind=Kind.INBOUND,
                channel_type=self._facts.channel_type,
                message_id=message_id,
                person=person.shown,
            ),
        )

    def _message(self, said: Said) -> tuple[str, object]:
        """Return ``Type`` and ``Message``; newer pages have an object, older a text."""
        sign, words = said.line
        if sign in "<R":
            return "TEXT", words
        kind, inner = self._inner(sign, words)
        is_object = self._random.random() < 0.3
        return kind, inner if is_object else json.dumps(inner, ensure_ascii=False)

    def _inner(self, sign: str, words: str) -> tuple[str, dict[str, object]]:
        if sign == "B":
            return "REPLY", {"text": words, "payload": words.lower()}
        if sign == "L":
            place = {"latitude": "1.2903", "longitude": "103.8519"}
            return "LOCATION", {"name": words, "address": words, **place}
        if sign == "S":  # not on any page, but nothing else can come of one
            return "STICKER", {"id": "1", "mimeType": "image/webp"}
        kind, mime_type, ending = _FILES[sign]
        own = f"{self._random.randrange(10**12)}"
        url = f"https://media.example.com/{own}.{ending}"
        inner: dict[str, object] = {"id": own, "mimeType": mime_type, "url": url}
        named = {"I": "caption", "D": "filename"}.get(sign)
        return kind, inner | ({named: words} if named and words else {})

    def knows(self, audit: Audit) -> bool:
        """Say whether the feed of the channel's version tells this: V1 only reviews."""
        return audit.aspect == "review" or self._facts.audit_version == "V2"

    def audit(self, audit: Audit) -> Item:
        """Return what is told of a template."""
        is_v2 = self._facts.audit_version == "V2"
        fields: dict[str, object] = {
            **self._account("WabaId"),
            "TemplateCode": audit.template.code,
            "Language": audit.language,
        }
        word, notice = audit.word, "template" if is_v2 else ""
        if audit.aspect == "review":
            word = _REVIEWS[word]
            fields |= {"AuditStatus": word, "Reason": audit.reason}
        else:
            notice = _NOTICES[audit.aspect]
            fields["Status"] = word
        return Item(
            receipt_type=ReceiptType.TEMPLATE_AUDIT,
            at=audit.at,
            fields=fields | ({"Type": notice} if notice else {}),
            expected=Expected(
                kind=Kind.TEMPLATE,
                channel_type=self._facts.channel_type,
                word=word,
                detail=f"{audit.template.code} {audit.language} {notice.lower()}",
            ),
        )

    def consent(self, consent: Consent) -> Item:
        """Return what Viber tells when somebody blocks or unblocks the business."""
        word = "subscribe" if consent.is_given else "unsubscribe"
        message_id = f"{self._head}9{next(self._consents):06}"
        return Item(
            receipt_type=ReceiptType.MT_STATUS,
            at=consent.at,
            fields={
                "MessageId": message_id,
                "From": self._business,
                "To": consent.person.address,
                "Timestamp": self._millis(consent.at),
                "MsgFrameType": "message",
                "Status": word,
            },
            expected=Expected(
                kind=Kind.SUBSCRIPTION,
                channel_type=self._facts.channel_type,
                message_id=message_id,
                word=word,
                person=consent.person.shown,
            ),
        )

    def _message_id(self, number: int) -> str:
        return f"{self._head}{number:07}"

    def _millis(self, at: float) -> int:
        moment = self._facts.moment(at)
        return int(moment.timestamp() * 1000)

    def _account(self, *names: str) -> dict[str, object]:
        ours = {"CustSpaceId": "cust_space_id", "WabaId": "waba_id"}
        told = {name: self._facts.account.get(ours[name], "") for name in names}
        return {name: value for name, value in told.items() if value}

    def _names(self, person: Person) -> dict[str, object]:
        """Return the user ids; a receipt that names the number may leave them out."""
        is_whatsapp = person.channel_type == "whatsapp"
        is_left_out = bool(person.phone) and self._random.random() < 0.4
        if not is_whatsapp or is_left_out:
            return {}
        named = {
            "FromUserId": person.user_id,
            "FromParentUserId": person.parent_user_id,
            "FromUserName": person.username,
        }
        return {name: value for name, value in named.items() if value}
