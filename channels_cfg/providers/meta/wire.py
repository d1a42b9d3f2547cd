"""Cloud API updates as documented in README.md: which kind an item is, the adapter."""

from collections.abc import Callable, Mapping, Sequence

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

from .cut import split_batch
from .limits import ACCOUNT_SETTINGS, CONSOLE, LIMITS
from .message import read_echo, read_inbound
from .names import Batch, batch_of
from .notices import read_error, read_notice, read_preference
from .proof import answer_challenge, check_signature
from .status import read_status
from .templates import TEMPLATE_FIELDS, read_template

_ACK = Ack(body=b"{}")
# By the name under which ``cut.py`` puts the one update of an item.
_READERS: Mapping[str, Callable[[Batch, Mapping[str, object]], ReceiptEvent]] = {
    "statuses": read_status,
    "messages": read_inbound,
    "message_echoes": read_echo,
    "user_preferences": read_preference,
    "errors": read_error,
    "value": read_notice,
    "change": read_notice,
    "entry": read_notice,
}


class Meta:
    """The adapter; ``slug`` is the name of its folder. One URL serves a whole app."""

    label = "Meta WhatsApp Cloud API"
    receipt_types: tuple[ReceiptType, ...] = (ReceiptType.ANY,)
    queue_types: tuple[ReceiptType, ...] = ()
    channel_types: tuple[str, ...] = ("whatsapp",)
    account_settings: tuple[Setting, ...] = ACCOUNT_SETTINGS
    console: tuple[Where, ...] = CONSOLE
    limits: Limits = LIMITS

    def __init__(self, *, slug: str) -> None:
        self.slug = slug

    def handshake(self, query: Mapping[str, str], secrets: Secrets) -> Ack | None:
        """Answer the challenge that Meta sends when a URL is set."""
        return answer_challenge(query, secrets.verify_tokens)

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: Secrets) -> None:
        """Raise ``BadSignature`` unless an app secret signed ``body``.

        Without a secret nothing is accepted: an unsigned road would be open to all.
        """
        check_signature(body, headers, secrets.signing)

    def split(self, body: bytes) -> Sequence[bytes]:
        """Cut the nested batch of up to 1,000 updates, or more, into single ones."""
        return split_batch(body)

    def read(
        self, receipt_type: ReceiptType, item: object, channel_type: str
    ) -> ReceiptEvent:
        """Read one item as ``split`` made it, by what it holds.

        Raises ``BadItem`` for what is no update, or lacks the id that its kind cannot
        do without.
        """
        if not isinstance(item, dict):
            raise BadItem("not a JSON object")
        batch = batch_of(item)
        for name, read in _READERS.items():
            if name in item:
                update = item[name]
                if not isinstance(update, dict):
                    raise BadItem(f"{name}: not a JSON object")
                is_template = name == "value" and batch.field in TEMPLATE_FIELDS
                return (read_template if is_template else read)(batch, update)
        raise BadItem("no entry")

    def ack(self) -> Ack:
        """Return an empty object; what counts is the 200."""
        return _ACK
