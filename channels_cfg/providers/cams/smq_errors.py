"""What can go wrong with a queue, in words for ops staff.

    QueueError
    ├── Unreachable   no answer, or none in the documented form: back off, try again
    ├── Throttled     we ask too often: back off for longer
    ├── ClockWrong    this machine's clock is more than 15 minutes off
    ├── Refused       key, token or permission: stop until somebody changes something
    └── QueueMissing  no queue of that name at that endpoint: stop as well

An empty queue is no error, and a stale receipt handle is none either.
"""

from channels_cfg.pulling import QueueError


class Unreachable(QueueError):
    """No answer, or one that is not in the documented form."""


class Throttled(QueueError):
    """The service wants fewer calls."""

    is_throttling = True


class ClockWrong(QueueError):
    """The service finds our clock more than 15 minutes off."""


class Refused(QueueError):
    """The key, the token or its permission is not accepted."""

    is_configuration = True


class QueueMissing(QueueError):
    """There is no queue of that name at that endpoint."""

    is_configuration = True
