"""The rules of queues and of the account that opens them."""

import ipaddress
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from channels_cfg.models import QueueAccount
from channels_cfg.services.drafts import Draft
from channels_cfg.services.problems import Problem
from channels_cfg.wire import Adapter

MOST_CONSUMERS = 16


def _queue(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    known = [str(each) for each in adapter.queue_types]
    for queue in draft.queues:
        name = queue.row.queue_name
        if queue.row.is_enabled and queue.row.receipt_type not in known:
            message = f"{adapter.slug} has queues of {', '.join(known) or 'no type'}"
            yield Problem(place=queue.place, message=message)
        if queue.row.is_enabled and not name:
            message = "a queue that is switched on needs its name"
            yield Problem(place=queue.place, field="queue_name", message=message)
        if any(letter.isspace() or letter in "/?#" for letter in name):
            message = f"{name!r} cannot be the name of a queue"
            yield Problem(place=queue.place, field="queue_name", message=message)
        if not 1 <= queue.row.consumers <= MOST_CONSUMERS:
            message = f"between 1 and {MOST_CONSUMERS}"
            yield Problem(place=queue.place, field="consumers", message=message)


def _account(draft: Draft, adapter: Adapter) -> Iterator[Problem]:
    place = (*draft.spec.place, "queue_account")
    if draft.account is None:
        if draft.pulled:
            message = "a queue is switched on: token_endpoint, queue_endpoint, "
            message += "access_key_id and access_key_secret are needed to open it"
            yield Problem(place=place, message=message)
        return
    row = draft.account.row
    is_secret_missing = (
        not row.access_key_secrets and row.access_key_secrets.is_readable
    )
    if draft.pulled and is_secret_missing:
        message = "a queue is switched on, so it is needed, and none is stored"
        yield Problem(place=place, field="access_key_secrets", message=message)
    yield from _endpoints(row, draft)


def _endpoints(row: QueueAccount, draft: Draft) -> Iterator[Problem]:
    place = (*draft.spec.place, "queue_account")
    for name in ("token_endpoint", "queue_endpoint"):
        endpoint = getattr(row, name)
        if endpoint and not _is_endpoint(endpoint):
            message = f"{endpoint} is not an address such as https://host"
            yield Problem(place=place, field=name, message=message)
        elif endpoint.startswith("http:") and not _is_this_machine(endpoint):
            message = "plain HTTP shows the temporary key to everyone on the way"
            yield Problem(place=place, field=name, message=message, is_warning=True)


def _is_endpoint(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_bare = not (parts.path or parts.query or parts.fragment or parts.username)
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and is_bare
        and is_port
    )


def _is_this_machine(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


QUEUE_RULES: tuple[Callable[[Draft, Adapter], Iterator[Problem]], ...] = (
    _queue,
    _account,
)
