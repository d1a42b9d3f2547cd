"""8x8's words for what became of a message, each beside ours.

Match after trimming and lower-casing. ``delivered`` alone does not say that the
message is on the phone: the detail does (README.md).
"""

from collections.abc import Mapping

from channels_cfg.fields import text, word
from channels_cfg.wire import FAILURES, RANKS, Failure, Status

STATES: Mapping[str, Status] = {
    "accepted": Status.QUEUED,  # LINE only
    "queued": Status.QUEUED,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "undelivered": Status.FAILED,
    "failed": Status.FAILED,
    "rejected": Status.REJECTED,  # by 8x8 itself; not charged
    # The legacy bodies (version 4):
    "received for processing": Status.QUEUED,
    "delivered to carrier": Status.CHANNEL,
    "delivered to device": Status.DELIVERED,
    "rejected by device": Status.FAILED,
    "rejected by carrier": Status.FAILED,
    "trashed": Status.REJECTED,
}
# The second stands once, as an example in the API description.
_AT_THE_CHANNEL = frozenset({"delivered_to_operator", "delivered_to_carrier"})
_EXPIRED = "36"


def own_status(state: object, detail: object, code: str) -> Status:
    """Return our status. A failure or a reading is never softened by its detail."""
    status = STATES.get(text(state).lower(), Status.UNKNOWN)
    if status is Status.FAILED and code == _EXPIRED:
        return Status.EXPIRED
    if status in FAILURES or status is Status.READ:
        return status
    reached = text(detail).lower() in _AT_THE_CHANNEL
    return Status.CHANNEL if reached else status


def failure(
    status: Status, code: str, *, upstream: object, message: object
) -> Failure | None:
    """Return why it failed; None for a step forward, whatever code it carries.

    Viber's 2000 is a success inside the table of errors.
    """
    upstream_code, description = word(upstream), text(message)
    if status in RANKS:
        return None
    if status in FAILURES or code or upstream_code or description:
        return Failure(code=code, upstream_code=upstream_code, description=description)
    return None
