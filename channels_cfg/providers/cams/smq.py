"""Pull a CAMS queue (SMQ, formerly MNS): receive, delete, hide for longer, peek.

Sources: the vendor's pages on BatchReceiveMessage, BatchDeleteMessage,
ChangeMessageVisibility and request signing, as of 2026-10. Nothing is stored here:
whoever calls keeps a message before deleting it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Self
from urllib.parse import quote

from channels_cfg.pulling import QueueAddress, QueueMessage, Undeleted

from . import smq_answers, smq_xml
from .smq_answers import Hold
from .smq_http import Answer, Connection
from .smq_meanings import queue_error
from .smq_signing import queue_authorization
from .smq_token import Token, TokenSource

BATCH = 16  # the service's limit for one receive and one delete
LONGEST_WAIT_S = 30
LONGEST_HOLD_S = 12 * 3600


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    query: str = ""
    body: bytes = b""
    wait_s: int = 0


class QueueClient:
    """Pull one queue, from one thread; ``tokens`` may be shared between threads.

    Every call raises ``QueueError``. Nothing is ever sent again by itself, but for one
    case: a refused temporary key (403, so nothing was done) is replaced once.
    """

    def __init__(self, queue: QueueAddress, tokens: TokenSource) -> None:
        self._tokens = tokens
        self._connection = Connection(queue.queue_endpoint)
        self._path = f"/queues/{quote(queue.queue_name, safe='')}/messages"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def most(self) -> int:
        return BATCH

    def close(self) -> None:
        self._connection.close()

    def receive(self, wait_s: int, limit: int = BATCH) -> list[QueueMessage]:
        """Return up to ``limit`` messages; [] when none came within ``wait_s``.

        The service may answer [] at once, when it has too many waiting callers: pause
        before calling again. Each message is decoded by itself and none is left out.
        """
        wait_s = min(max(wait_s, 0), LONGEST_WAIT_S)
        limit = min(max(limit, 1), BATCH)
        query = f"?numOfMessages={limit}&waitseconds={wait_s}"
        answer = self._ask(_Call("GET", query, wait_s=wait_s))
        return smq_answers.messages(answer) if answer else []

    def delete(self, handles: Sequence[str]) -> list[Undeleted]:
        """Delete messages by handle; return those that were not taken.

        A stale handle is benign: that message is gone or comes again. After an error
        an unknown part is deleted, and calling again does no harm.
        """
        undeleted: list[Undeleted] = []
        known = [handle for handle in handles if handle]
        for start in range(0, len(known), BATCH):
            undeleted += self._delete_batch(known[start : start + BATCH])
        return undeleted

    def change_visibility(self, handle: str, seconds: int) -> Hold | None:
        """Hide a received message for ``seconds`` from now; None if it is stale."""
        seconds = min(max(seconds, 1), LONGEST_HOLD_S)
        query = f"?ReceiptHandle={handle}&VisibilityTimeout={seconds}"
        answer = self._ask(_Call("PUT", query))
        return smq_answers.hold(answer) if answer else None

    def peek(self) -> QueueMessage | None:
        """Show a waiting message, with an empty handle; None if none waits.

        It stays as it was. The temporary key may not be allowed to do this.
        """
        answer = self._ask(_Call("GET", "?peekonly=true"))
        return smq_answers.single_message(answer) if answer else None

    def _ask(self, call: _Call) -> Answer | None:
        """Return a success, or None where the service says that nothing is there."""
        answer = self._send(call)
        if answer.status == HTTPStatus.OK:
            return answer
        trouble = smq_answers.trouble(answer)
        if trouble.code == smq_answers.NOT_THERE:
            return None
        raise queue_error(trouble)

    def _delete_batch(self, handles: Sequence[str]) -> list[Undeleted]:
        answer = self._send(_Call("DELETE", body=smq_xml.receipt_handles(handles)))
        if answer.status in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
            return []
        undeleted = smq_answers.undeleted(answer, handles)
        if not undeleted:
            raise queue_error(smq_answers.trouble(answer))
        return undeleted

    def _send(self, call: _Call) -> Answer:
        token = self._tokens.get()
        answer = self._send_with(token, call)
        if answer.status != HTTPStatus.FORBIDDEN:
            return answer
        # How an ended key is refused is not documented, so any 403 may be that.
        return self._send_with(self._tokens.replace(token), call)

    def _send_with(self, token: Token, call: _Call) -> Answer:
        headers = _headers(call)

        def sign(target: str) -> Mapping[str, str]:
            proof = queue_authorization(
                token.credential, headers, method=call.method, target=target
            )
            shown = {"security-token": token.credential.security_token}
            return headers | shown | {"Authorization": proof}

        return self._connection.send(
            call.method,
            self._path + call.query,
            sign=sign,
            body=call.body,
            wait_s=call.wait_s,
        )


def _headers(call: _Call) -> dict[str, str]:
    headers = {
        "date": format_datetime(datetime.now(UTC), usegmt=True),
        "x-mns-version": "2015-06-06",
    }
    if call.body:
        headers["content-type"] = "text/xml;charset=UTF-8"
    return headers
