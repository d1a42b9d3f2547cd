"""What becomes of a message of the business: which steps it takes, and why it fails."""

from dataclasses import dataclass
from random import Random

from channels_cfg.wire import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a message failed: the chat app's code, 8x8's, and the words told with it."""

    code: str
    code_8x8: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing told of a message, so many seconds after it was sent off."""

    status: Status
    after_s: float
    failure: Failure | None = None


# WhatsApp: Meta's code, 8x8's, weight for templates, weight for free words, text.
_WHATSAPP = (
    ("131026", 1018, 40, 25, "Receiver is incapable of receiving this message"),
    ("131049", 1024, 22, 0, "Message was not delivered to maintain healthy ecosystem"),
    ("131050", 1051, 10, 0, "User has stopped marketing messages from this business"),
    (
        "131047",
        1022,
        0,
        50,
        "More than 24 hours have passed since the recipient replied",
    ),
    ("131056", 1028, 6, 12, "Too many messages to the same recipient in a short time"),
    ("131048", 1023, 5, 0, "Message failed to send because of spam rate limits"),
    ("130472", 1010, 5, 0, "User's number is part of an experiment"),
    ("131000", 1012, 4, 8, "Something went wrong"),
    ("132015", 1035, 3, 0, "Template is paused due to low quality"),
    ("131053", 1027, 0, 5, "Media upload error"),
)
# Other chat apps: 8x8's code; CAMS publishes none.
_OTHERS = {
    "viber": ((2008, "User is not registered on Viber"), (2007, "User is blocked")),
    "": ((1, "Absent subscriber"), (46, "Subscriber not reachable")),
}
EXPIRED = Failure(code="", code_8x8=36, text="Message expired")

_READ, _DELIVERED, _SENT, _FAILED, _REFUSED, _EXPIRED, _RECALLED, _CONTRADICTED = range(
    8
)
_WEIGHTS = (54, 27, 5, 8, 4, 1, 0.5, 0.5)


def steps(random: Random, channel_type: str, *, is_template: bool) -> tuple[Step, ...]:
    """Return all that could be told of one message; providers do not tell every step."""
    outcome = random.choices(range(len(_WEIGHTS)), _WEIGHTS)[0]
    sent = random.uniform(0.2, 1.2)
    delivered = sent + random.uniform(0.5, 3)
    read = delivered + min(random.lognormvariate(1.3, 0.9), 20)
    failure = _failure(random, channel_type, is_template=is_template)
    begun: tuple[Step, ...] = (Step(status=Status.QUEUED, after_s=0.05),)
    if outcome == _REFUSED:
        return (*begun, Step(status=Status.REJECTED, after_s=sent, failure=failure))
    begun += (Step(status=Status.SENT, after_s=sent),)
    if outcome == _FAILED:
        return (*begun, Step(status=Status.FAILED, after_s=delivered, failure=failure))
    if outcome == _EXPIRED:
        return (*begun, Step(status=Status.EXPIRED, after_s=read, failure=EXPIRED))
    if outcome == _SENT:
        return begun
    begun += (
        Step(status=Status.CHANNEL, after_s=(sent + delivered) / 2),
        Step(status=Status.DELIVERED, after_s=delivered),
    )
    last = {
        _READ: Step(status=Status.READ, after_s=read),
        _RECALLED: Step(status=Status.DELETED, after_s=read),
        _CONTRADICTED: Step(status=Status.FAILED, after_s=read, failure=failure),
    }
    return (*begun, last[outcome]) if outcome in last else begun


def _failure(random: Random, channel_type: str, *, is_template: bool) -> Failure:
    if channel_type == "whatsapp":
        weights = [row[2] if is_template else row[3] for row in _WHATSAPP]
        code, code_8x8, _, _, text = random.choices(_WHATSAPP, weights)[0]
        return Failure(code=code, code_8x8=code_8x8, text=text)
    code_8x8, text = random.choice(_OTHERS.get(channel_type, _OTHERS[""]))
    return Failure(code="", code_8x8=code_8x8, text=text)
