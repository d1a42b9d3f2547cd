"""A queue's temporary keys: shared between threads, renewed in time, once for all."""

import copy
import dataclasses
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from channels_cfg.pulling import QueueError

from .smq_errors import Throttled, Unreachable
from .smq_signing import Credential

RENEW_BEFORE = timedelta(minutes=2)
# A clock that is off must not make every call ask for a new key.
KEEP_AT_LEAST = timedelta(seconds=30)
# After a failed renewal the present key serves on; the next try is not at once.
TRY_AGAIN_AFTER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Token:
    """A temporary key, when it ends, and when to ask for the next."""

    credential: Credential
    expires_at: datetime
    renew_at: datetime


def token(credential: Credential, *, expires_at: datetime) -> Token:
    """Return a token just issued, to be renewed two minutes early."""
    renew_at = max(expires_at - RENEW_BEFORE, _now() + KEEP_AT_LEAST)
    return Token(credential, expires_at, renew_at)


class TokenSource:
    """The key of one queue, for any number of threads.

    ``get`` renews two minutes early; ``replace`` renews a key that was refused. Both
    raise ``QueueError``; threads that waited for one renewal share its outcome.
    """

    def __init__(self, issue: Callable[[], Token]) -> None:
        self._issue = issue
        self._lock = threading.Lock()
        self._attempts = 0
        self._token: Token | None = None
        self._outcome: Token | QueueError = Unreachable("no token yet", "ask for one")

    @property
    def expires_at(self) -> datetime | None:
        """When the present key ends; None before the first."""
        present = self._token
        return present.expires_at if present else None

    def get(self) -> Token:
        """Return a key that is still good."""
        present = self._token
        if present is not None and _now() < present.renew_at:
            return present
        try:
            return self._renew()
        except (Unreachable, Throttled):
            # The early renewal leaves two minutes for just this.
            if present is not None and _now() < present.expires_at:
                return present
            raise

    def replace(self, refused: Token) -> Token:
        """Return another key than ``refused``; renew unless somebody else just has."""
        present = self._token
        if present is not None and present.credential is not refused.credential:
            return present
        return self._renew()

    def _renew(self) -> Token:
        seen = self._attempts
        with self._lock:
            # Whoever had to wait takes the outcome of the attempt it waited for.
            if self._attempts == seen:
                self._attempt()
            outcome = self._outcome
        if isinstance(outcome, Token):
            return outcome
        raise copy.copy(outcome)  # each thread its own: a raise adds to the traceback

    def _attempt(self) -> None:
        try:
            self._outcome = self._token = self._issue()
        except QueueError as exc:
            self._outcome = exc
            if self._token is not None:
                later = _now() + TRY_AGAIN_AFTER
                self._token = dataclasses.replace(self._token, renew_at=later)
        self._attempts += 1


def _now() -> datetime:
    return datetime.now(UTC)
