"""Why a push is not taken, and what its caller hears.

Refused
├── UnknownPath      404
├── TooManyUnknown   429
├── Unproven         401
├── NoLength         411
├── CutShort         400
├── TooLarge         413
└── NowhereToKeep    503
"""

import json

from django.http import HttpResponse


class Refused(Exception):
    """A push that is not taken; nothing of it is kept."""

    status = 400
    reason = "refused"
    words = "refused"
    headers: dict[str, str] = {}

    def answer(self) -> HttpResponse:
        """Return what the caller hears: the status, and why in a word."""
        text = json.dumps({"code": self.status, "msg": self.words})
        return HttpResponse(
            text,
            status=self.status,
            content_type="application/json",
            headers=self.headers,
        )


class UnknownPath(Refused):
    """No such callback path, or it is switched off."""

    status, reason, words = 404, "unknown_path", "not found"


class TooManyUnknown(Refused):
    """One address asked for too many paths that do not exist."""

    status, reason, words = 429, "too_many_unknown", "too many requests"
    headers = {"Retry-After": "60"}


class Unproven(Refused):
    """The caller did not prove that it is the provider; never with a detail."""

    status, reason, words = 401, "unproven", "unauthorized"
    headers = {"WWW-Authenticate": 'Basic realm="callbacks", Bearer realm="callbacks"'}


class NoLength(Refused):
    """Nothing says where the body ends."""

    status, reason, words = 411, "no_length", "length required"


class CutShort(Refused):
    """Fewer bytes came than were announced."""

    status, reason, words = 400, "cut_short", "body shorter than Content-Length"


class TooLarge(Refused):
    """The body is larger than ``CALLBACK_MAX_BYTES``."""

    status, reason, words = 413, "too_large", "body too large"


class NowhereToKeep(Refused):
    """No durable place, or the time to find one is over: the provider tries again."""

    status, reason, words = 503, "nowhere_to_keep", "try again"
    headers = {"Retry-After": "5"}
