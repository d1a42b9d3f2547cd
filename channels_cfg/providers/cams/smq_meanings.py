"""What the two services' error codes mean: kind of error, words and fix, as data.

Codes of the queue service: its published error table. Codes of the token service: the
common errors of the vendor's RPC services. An unknown code goes by its HTTP status.
"""

from dataclasses import dataclass
from http import HTTPStatus

from channels_cfg.pulling import QueueError, Step

from .smq_errors import ClockWrong, QueueMissing, Refused, Throttled, Unreachable


@dataclass(frozen=True, slots=True)
class Trouble:
    """An answer that is no success, as either service tells it."""

    status: int
    code: str = ""
    message: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code (or every code that begins so) comes to."""

    prefix: str
    kind: type[QueueError]
    what: str
    fix: str


_SITE = "check that both endpoints are those of the account's site, China or Singapore"
_CLOCK = "set this machine's clock, for example with NTP"
_LATER = "nothing to do, the portal tries again by itself"
_WAY = "check the endpoint, and the proxy if there is one"
_REPORT = "compare both endpoints with the documentation, else report it as a defect"

QUEUE_MEANINGS = (
    Meaning(
        "QueueNotExist",
        QueueMissing,
        "the queue does not exist",
        "compare with the name in the console's Webhook Settings, and " + _SITE,
    ),
    Meaning(
        "AccessDenied",
        Refused,
        "this account may not read the queue",
        "compare the queue's name and receipt type with the console's Webhook Settings",
    ),
    Meaning(
        "InvalidAccessKeyId",
        Refused,
        "the queue service does not know the temporary key",
        _SITE,
    ),
    Meaning(
        "SignatureDoesNotMatch",
        Refused,
        "the queue service does not accept the signature",
        _SITE + "; a proxy that rewrites requests would do this too",
    ),
    Meaning("TimeExpired", ClockWrong, "the clock is over 15 minutes off", _CLOCK),
    Meaning("QpsLimitExceeded", Throttled, "the queue is asked too often", _LATER),
    Meaning("Internal", Unreachable, "the queue service has a fault", _LATER),
)

TOKEN_MEANINGS = (
    Meaning(
        "InvalidAccessKeyId",
        Refused,
        "the access key id is unknown or switched off",
        "enter a live one, and " + _SITE,
    ),
    Meaning(
        "SignatureDoesNotMatch",
        Refused,
        "the access key secret is wrong",
        "enter the secret that belongs to the access key id",
    ),
    Meaning(
        "IncompleteSignature",
        Refused,
        "the access key secret is wrong",
        "enter the secret that belongs to the access key id",
    ),
    Meaning("InvalidTimeStamp", ClockWrong, "the clock is over 15 minutes off", _CLOCK),
    Meaning("Throttling", Throttled, "tokens are asked for too often", _LATER),
    Meaning("InternalError", Unreachable, "the token service has a fault", _LATER),
    Meaning("ServiceUnavailable", Unreachable, "the token service is away", _LATER),
)
# Permission errors have no common beginning: Forbidden.RAM, NoPermission,
# isp.RAM_PERMISSION_DENY, Ram.PermissionDeny were all seen in the vendor's tables.
_DENIED = ("forbidden", "permission", "unauthorized")
_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_LIMITED = ("limit_control", "limitcontrol", "qpslimit", "quota")


def queue_error(trouble: Trouble) -> QueueError:
    """Return what an error answer of the queue service means."""
    for meaning in QUEUE_MEANINGS:
        if trouble.code.startswith(meaning.prefix):
            step = Step.QUEUE if meaning.kind is QueueMissing else Step.PERMISSION
            return _error(meaning, trouble, step=step)
    return _by_status(trouble, "the queue service", step=Step.PERMISSION)


def token_error(trouble: Trouble) -> QueueError:
    """Return what an answer of the token service without a token means."""
    for meaning in TOKEN_MEANINGS:
        if trouble.code.startswith(meaning.prefix):
            return _error(meaning, trouble, step=Step.TOKEN)
    lowered = trouble.code.lower()
    if any(word in lowered for word in _LIMITED):
        limited = Meaning("", Throttled, "tokens are asked for too often", _LATER)
        return _error(limited, trouble, step=Step.TOKEN)
    if any(word in lowered for word in _DENIED):
        return _error(_NO_RIGHT, trouble, step=Step.TOKEN)
    return _by_status(trouble, "the token service", step=Step.TOKEN)


_NO_RIGHT = Meaning(
    "",
    Refused,
    "the access key may not ask for a queue token",
    "grant its RAM user the action dybaseapi QueryTokenForMnsQueue",
)


def _by_status(trouble: Trouble, service: str, *, step: Step) -> QueueError:
    status = trouble.status
    told = f"{service} answers {trouble.message[:200] or status}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _error(Meaning("", Throttled, told, _LATER), trouble, step=step)
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return _error(Meaning("", ClockWrong, told, _CLOCK), trouble, step=step)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _error(Meaning("", Unreachable, told, _LATER), trouble, step=step)
    if status not in _REFUSALS and not trouble.code:
        # Not in the service's form: a redirect, or a proxy's or a portal's own page.
        stranger = f"{service} answers {status} in a form that is not its own"
        return _error(Meaning("", Unreachable, stranger, _WAY), trouble, step=step)
    return _error(Meaning("", Refused, told, _REPORT), trouble, step=step)


def _error(meaning: Meaning, trouble: Trouble, *, step: Step) -> QueueError:
    return meaning.kind(
        meaning.what,
        meaning.fix,
        code=trouble.code,
        request_id=trouble.request_id,
        step=step,
    )
