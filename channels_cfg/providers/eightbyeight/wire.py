"""8x8 events as documented in README.md: which kind an item is, and the adapter."""

from collections.abc import Callable, Mapping, Sequence

from channels_cfg.fields import text, word
from channels_cfg.json_text import split_array
from channels_cfg.wire import (
    Ack,
    BadItem,
    Limits,
    ReceiptEvent,
    ReceiptType,
    Secrets,
    Setting,
    Where,
)

from .limits import ACCOUNT_SETTINGS, CONSOLE, LIMITS
from .management import read_account, read_click, read_template, read_unknown
from .message import read_echo, read_inbound
from .names import EVENT, PAYLOAD
from .status import read_status

_ACK = Ack(body=b"{}")
_Reader = Callable[[Mapping[str, object], str], ReceiptEvent]
# By eventType in lower case. These read the payload, and are told the channel type
# that the namespace stands for:
_MESSAGE_EVENTS: Mapping[str, _Reader] = {
    "outbound_message_status_changed": read_status,
    "inbound_message_received": read_inbound,
    "external_app_message": read_echo,
    "short_url_clicked": read_click,
}
# These read the event itself, and are told its type:
_UPDATES: Mapping[str, _Reader] = {
    "template_status_update": read_template,
    "template_quality_update": read_template,
    "template_category_update": read_template,
    "template_correct_category_detection": read_template,
    "phone_number_quality_update": read_account,
    "account_update": read_account,
}
# Flat bodies of old accounts: the payload lies at the top level.
_LEGACY: Mapping[str, _Reader] = {
    "outboundmessagedelivery": read_status,
    "inboundmessage": read_inbound,
}


class EightByEight:
    """The adapter. One URL receives everything, unless several are configured."""

    label = "8x8 Connect"
    receipt_types: tuple[ReceiptType, ...] = (
        ReceiptType.ANY,
        ReceiptType.MT_STATUS,
        ReceiptType.MO_MESSAGE,
        ReceiptType.TEMPLATE_AUDIT,
    )
    queue_types: tuple[ReceiptType, ...] = ()
    channel_types: tuple[str, ...] = (
        "multi",
        "whatsapp",
        "viber",
        "rcs",
        "line",
        "line_notification",
        "zalo_notification",
        "sms",
        "messenger",
        "instagram",
        "wechat",
        "zalo",
        "kakaotalk",
    )
    account_settings: tuple[Setting, ...] = ACCOUNT_SETTINGS
    console: tuple[Where, ...] = CONSOLE
    limits: Limits = LIMITS

    def __init__(self, *, slug: str) -> None:
        self.slug = slug

    def handshake(self, query: Mapping[str, str], secrets: Secrets) -> Ack | None:
        """Answer nothing: no challenge is documented."""
        return None

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: Secrets) -> None:
        """Accept: the proof is the static Authorization header, which the path checks.

        One page names ``X-8x8-Signature`` "if provided" and none says how it is made.
        """

    def split(self, body: bytes) -> Sequence[bytes]:
        """Take the one event of a body; no sample ever was an array."""
        return split_array(body)

    def read(
        self, receipt_type: ReceiptType, item: object, channel_type: str
    ) -> ReceiptEvent:
        """Read one event by its own type, on whatever path it came.

        Raises ``BadItem`` for a message event without ``payload``, an update without
        ``eventDetails``, and what lacks the id that its kind cannot do without.
        """
        if not isinstance(item, dict):
            raise BadItem("not a JSON object")
        event = EVENT.of(item)
        event_type = word(event.get("eventType")).lower()
        if event_type in _UPDATES:
            return _UPDATES[event_type](event, event_type)
        payload = event.get("payload")
        leg = "sms" if text(event.get("namespace")).lower() == "sms" else ""
        if isinstance(payload, dict) and payload:
            if event_type in _MESSAGE_EVENTS:
                return _MESSAGE_EVENTS[event_type](PAYLOAD.of(payload), leg)
            return read_unknown(event, event_type)
        return _read_flat(event, event_type)

    def ack(self) -> Ack:
        """Return an empty object; any 2xx counts."""
        return _ACK


def _read_flat(event: Mapping[str, object], event_type: str) -> ReceiptEvent:
    """Read what has no payload: a legacy body, or a kind that never has one."""
    legacy = _LEGACY.get(event_type) or _legacy_by_shape(event)
    if legacy:
        return legacy(PAYLOAD.of(event), "")
    if event_type not in _MESSAGE_EVENTS and _is_of_another_kind(event):
        return read_unknown(event, event_type)
    raise BadItem("no payload")


def _legacy_by_shape(event: Mapping[str, object]) -> _Reader | None:
    if "umid" not in event or "namespace" in event:
        return None
    if "status" in event:
        return read_status
    return read_inbound if "content" in event else None


def _is_of_another_kind(event: Mapping[str, object]) -> bool:
    # An update of a new type, or the answer to an SMS survey (surveyId, answers).
    return "eventDetails" in event or "surveyId" in event
