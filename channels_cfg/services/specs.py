"""What an operator wants of a channel, whichever door it came through: file or form.

None always means "stays as it is", or the usual value where nothing is stored yet.
Fields are named as the models name them.
"""

from dataclasses import dataclass

from channels_cfg.secrets import Hidden

NOTHING = Hidden()
Place = tuple[str | int, ...]
"""Where in the file or form something stands: ``("channels", 0, "callbacks")``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSpec:
    """One wanted callback path; ``path`` None: an unguessable one is made once."""

    place: Place
    receipt_type: str
    path: str | None = None
    is_enabled: bool = True
    header_name: str = ""
    header_values: Hidden | None = NOTHING
    basic_username: str = ""
    basic_passwords: Hidden | None = NOTHING
    signing_secrets: Hidden | None = NOTHING
    verify_tokens: Hidden | None = NOTHING
    allow_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSpec:
    """One wanted queue."""

    place: Place
    receipt_type: str
    queue_name: str = ""
    is_enabled: bool = True
    consumers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAccountSpec:
    """The account through which the queues are pulled."""

    place: Place
    token_endpoint: str | None = None
    queue_endpoint: str | None = None
    access_key_id: str | None = None
    access_key_secrets: Hidden | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """One wanted channel.

    ``callbacks`` and ``queues`` are whole lists: what is stored but not listed is
    switched off, never deleted. ``is_new``: a stored channel of this key is a clash.
    """

    place: Place
    key: str
    is_new: bool = False
    provider: str | None = None
    name: str | None = None
    type: str | None = None
    account: dict[str, str] | None = None
    addresses: tuple[str, ...] | None = None
    audit_version: str | None = None
    is_active: bool = True
    callbacks: tuple[CallbackSpec, ...] | None = None
    queues: tuple[QueueSpec, ...] | None = None
    queue_account: QueueAccountSpec | None = None
