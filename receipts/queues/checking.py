"""Test the way to a queue as one channel configures it; takes no message from it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from channels_cfg.models import ProviderQueue
from channels_cfg.pulling import Finding
from receipts.queues.wanted import Misconfigured, wanted


def check(row: ProviderQueue) -> Iterator[Finding]:
    """Try step after step and end at what fails; up to a minute when hosts hang."""
    queue = wanted(row)
    try:
        offered = queue.provider_queues()
    except Misconfigured as exc:
        host = urlsplit(queue.address.queue_endpoint).netloc
        yield Finding(step=exc.step, host=host, is_ok=False, words=str(exc))
    else:
        yield from offered.check(queue.address)
