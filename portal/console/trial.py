"""A test receipt: one made-up receipt, pushed through the real door over HTTP."""

import time
from dataclasses import dataclass
from http import HTTPStatus

import requests
from django.utils import timezone

from portal.simulator.running import planned
from portal.simulator.target import target
from portal.simulator.traffic import Wish

_TIMEOUT_S = (2.0, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the door answered; ``trouble`` says why there is no answer."""

    status: int = 0
    took_ms: float = 0.0
    trouble: str = ""

    @property
    def is_ack(self) -> bool:
        """Whether a provider would take it for an acknowledgement."""
        return self.status == HTTPStatus.OK


def send(key: str) -> Answer:
    """Push one receipt to the channel ``key``, as its provider would.

    Raises ``portal.simulator.target.NotPossible``.
    """
    to, now = target(key), timezone.now()
    wish = Wish(messages=1, rate=1, seed=str(now), start=now, duplicates=0, disorder=0)
    delivery = planned(to, wish)[0]
    door = to.door(delivery.receipt_type)
    began = time.monotonic()
    try:
        answer = requests.post(
            door.url,
            data=delivery.body,
            headers=dict(door.headers),
            timeout=_TIMEOUT_S,
            allow_redirects=False,
        )
    except requests.RequestException as exc:
        return Answer(trouble=type(exc).__name__)
    took_ms = (time.monotonic() - began) * 1000
    return Answer(status=answer.status_code, took_ms=took_ms)
