"""Test the way to a queue step by step, taking no message from it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from channels_cfg.pulling import Finding, QueueAddress, QueueError, Step

from .smq import QueueClient
from .smq_errors import QueueMissing, Refused, Unreachable
from .smq_http import Connection, no_proof
from .smq_issue import token_source
from .smq_token import TokenSource

# Well formed, and no message's: to delete it shows the permission and does nothing.
NOBODYS_HANDLE = "1-MC0wLTAtMA=="


class _Passed(msgspec.Struct, frozen=True):
    step: Step
    words: str


def check_connection(queue: QueueAddress) -> Iterator[Finding]:
    """Try names, connections, key, permission and queue in turn; end at what fails.

    A receive would hide messages from the real consumer, so it peeks; where the key may
    not, it deletes a handle that is nobody's. Takes up to a minute when hosts hang.
    """
    tokens = token_source(queue)
    stages = (
        (queue.token_endpoint, _token_steps(queue, tokens)),
        (queue.queue_endpoint, _queue_steps(queue, tokens)),
    )
    for endpoint, steps in stages:
        host = urlsplit(endpoint).netloc
        try:
            for passed in steps:
                yield Finding(
                    step=passed.step, host=host, is_ok=True, words=passed.words
                )
        except QueueError as exc:
            yield Finding(step=exc.step, host=host, is_ok=False, words=str(exc))
            return


def _token_steps(queue: QueueAddress, tokens: TokenSource) -> Iterator[_Passed]:
    yield from _reach(queue.token_endpoint)
    until = tokens.get().expires_at
    yield _Passed(Step.TOKEN, f"a key was given until {until:%Y-%m-%d %H:%M} UTC")


def _queue_steps(queue: QueueAddress, tokens: TokenSource) -> Iterator[_Passed]:
    yield from _reach(queue.queue_endpoint)
    permitted = _Passed(Step.PERMISSION, "the key may pull")
    with QueueClient(queue, tokens) as client:
        try:
            words = _look(client)
        except QueueMissing:
            yield permitted
            raise
    yield permitted
    yield _Passed(Step.QUEUE, words)


def _reach(endpoint: str) -> Iterator[_Passed]:
    """Ask for anything at all: whatever the answer, the way there is open."""
    ladder = [
        _Passed(Step.DNS, "the name is known"),
        _Passed(Step.CONNECT, "it takes connections"),
    ]
    if endpoint.startswith("https:"):
        ladder.append(_Passed(Step.TLS, "its certificate is trusted"))
    try:
        with Connection(endpoint) as connection:
            connection.send("GET", "/", sign=no_proof)
    except Unreachable as exc:
        for passed in ladder:
            if passed.step == exc.step:
                raise
            yield passed
        raise
    yield from ladder


def _look(client: QueueClient) -> str:
    try:
        waiting = client.peek()
    except Refused:
        client.delete([NOBODYS_HANDLE])
        return "it exists; this key may not look what waits in it, which does no harm"
    if waiting is None:
        return "it exists, and nothing waits in it"
    since = waiting.enqueued_at
    return "it exists, and messages wait in it" + (
        f", the first since {since:%Y-%m-%d %H:%M} UTC" if since else ""
    )
