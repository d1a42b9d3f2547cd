"""Looks at the API until all that was acknowledged is there, or time is up."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from portal.simulator.api import Api
from portal.simulator.comparing import Difference, Seen, compare
from portal.simulator.ledger import Ledger

_ASKED_ONE_BY_ONE = 200
_PAUSE_S = 0.5
# Audits have neither id nor time: an equal one within ten minutes is the same.
_AUDITS_LAST = timedelta(minutes=11)


class Settling:
    """One comparison, as it comes about."""

    def __init__(
        self, api: Api, ledger: Ledger, *, since: datetime, looks_back: bool
    ) -> None:
        self.seen = Seen()
        self._api, self._ledger, self._since = api, ledger, since
        self._looks_back = looks_back

    def settle(
        self, within_s: float, *, each_look: Callable[[Difference], None]
    ) -> Difference:
        """Return how the API differs in the end. Raises ``ApiAway``."""
        until = time.monotonic() + within_s
        self._look_at_all(until)
        while True:
            difference = self._compare()
            each_look(difference)
            if not difference.is_missing or time.monotonic() > until:
                return difference
            time.sleep(_PAUSE_S)
            self._look_again(difference, until)

    def _compare(self) -> Difference:
        ledger = self._ledger
        return compare(
            ledger.acknowledged, ledger.unproven, self.seen, since=self._since
        )

    def _look_at_all(self, until: float) -> None:
        self.seen.forget()
        first = self._since - _AUDITS_LAST
        received = {} if self._looks_back else {"received_after": _written(first)}
        last = {} if self._looks_back else {"last_after": _written(self._since)}
        self.seen.add_receipts(self._api.receipts(until, **received))
        self.seen.add_messages(self._api.messages(until, **last))

    def _look_again(self, difference: Difference, until: float) -> None:
        """Ask for what is missing only, unless that is too much."""
        wrong = (line.partition(":")[0] for line in difference.wrong_messages)
        missing = {told.message_id for told in difference.missing}
        missing |= {*difference.missing_messages, *wrong}
        if "" in missing or len(missing) > _ASKED_ONE_BY_ONE:
            self._look_at_all(until)
            return
        for about in sorted(missing):
            self.seen.add_receipts(self._api.receipts(until, message_id=about))
            self.seen.add_messages(self._api.messages(until, message_id=about))


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
