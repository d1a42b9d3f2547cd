"""The stand-in's two services without HTTP: a request in, a reply out."""

import base64
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote
from xml.etree import ElementTree

from tests.smq import replies
from tests.smq.faults import Faults
from tests.smq.proof import Denied, Keys, Request
from tests.smq.replies import Reply
from tests.smq.state import QueueState

MESSAGE_TYPES = ("ChatAppStatus", "ChatAppInbound", "ChatAppAudit")
LONGEST_WAIT_S = 30


@dataclass(slots=True)
class Rules:
    """What a test may change while the stand-in runs."""

    visibility_s: float = 30
    token_life_s: float = 3600
    may_peek: bool = True
    denied: dict[str, Denied] = field(default_factory=dict)  # by operation
    versions: tuple[str, ...] = ("2017-05-25",)


class Service:
    """Token service and queue service over any number of queues."""

    def __init__(self, *, access_key_id: str, access_key_secret: str) -> None:
        self.keys = Keys({access_key_id: access_key_secret})
        self.rules = Rules()
        self.faults = Faults()
        self.count: Counter[str] = Counter()  # calls by operation, and "denied"
        self._queues: dict[str, QueueState] = {}
        self._lock = threading.Lock()

    def queue(self, name: str) -> QueueState:
        """Return the queue of that name, made if there is none."""
        with self._lock:
            if name not in self._queues:
                self._queues[name] = QueueState(visibility_s=self.rules.visibility_s)
            return self._queues[name]

    def drop_queue(self, name: str) -> None:
        with self._lock:
            self._queues.pop(name).close()

    def put_many(
        self, name: str, bodies: Iterable[bytes], *, is_raw: bool = False
    ) -> None:
        """Put bodies into a queue, in base64 as the vendor does, or as they are."""
        queue = self.queue(name)
        if is_raw:
            queue.put(body.decode() for body in bodies)
        else:
            queue.put(base64.b64encode(body).decode() for body in bodies)

    def close(self) -> None:
        for queue in list(self._queues.values()):
            queue.close()

    def operation(self, request: Request) -> str:
        """Name what a request asks for: also what faults and counters go by."""
        if not request.target.startswith("/queues/"):
            return "token" if request.method == "POST" else "other"
        if request.method == "GET":
            return "peek" if "peekonly=true" in request.target else "receive"
        return {"DELETE": "delete", "PUT": "visibility"}.get(request.method, "other")

    def answer(self, request: Request) -> Reply:
        operation = self.operation(request)
        with self._lock:
            self.count[operation] += 1
        try:
            return self._act(operation, request)
        except Denied as denied:
            with self._lock:
                self.count["denied"] += 1
            if operation == "token":
                return replies.token_denied(denied)
            return replies.error(denied.status, denied.code, denied.message)

    def _act(self, operation: str, request: Request) -> Reply:
        if operation in self.rules.denied:
            raise self.rules.denied[operation]
        if operation == "token":
            return self._token(request)
        if operation == "other":
            raise Denied(404, "InvalidQueryString")
        return self._queue_call(request, operation)

    def _token(self, request: Request) -> Reply:
        self.keys.check_token_call(request)
        asked = parse_qs(request.target.partition("?")[2])
        if request.headers.get("x-acs-action") != "QueryTokenForMnsQueue":
            raise Denied(404, "InvalidAction.NotFound")
        if request.headers.get("x-acs-version") not in self.rules.versions:
            raise Denied(400, "InvalidVersion")
        message_type = asked.get("MessageType", [""])[0]
        if message_type not in MESSAGE_TYPES:  # such refusals come with status 200
            raise Denied(200, "isv.INVALID_PARAMETERS", "MessageType")
        life_s = self.rules.token_life_s
        return replies.token(self.keys.give(message_type, life_s=life_s))

    def _queue_call(self, request: Request, operation: str) -> Reply:
        self.keys.check_queue_call(request)
        path, _, query = request.target.partition("?")
        parts = [unquote(part) for part in path.split("/")[1:]]
        queue = self._queues.get(parts[1])
        if len(parts) != 3 or parts[2] != "messages":
            raise Denied(400, "InvalidQueryString")
        if queue is None:
            raise Denied(404, "QueueNotExist")
        # parse_qs would read the "+" of a handle as a blank: handles come as they are.
        asked = dict(part.partition("=")[::2] for part in query.split("&") if part)
        if operation == "receive":
            return _receive(queue, asked)
        if operation == "delete":
            return _delete(queue, request, asked)
        if operation == "visibility":
            return _hide(queue, asked)
        return self._peek(queue)

    def _peek(self, queue: QueueState) -> Reply:
        if not self.rules.may_peek:
            raise Denied(403, "AccessDenied")
        held = queue.peek()
        if held is None:
            raise Denied(404, "MessageNotExist")
        return replies.one(held, with_handle=False)


def _receive(queue: QueueState, asked: dict[str, str]) -> Reply:
    limit = int(asked.get("numOfMessages", "1"))
    wait_s = int(asked.get("waitseconds", "0"))
    if not 1 <= limit <= 16 or not 0 <= wait_s <= LONGEST_WAIT_S:
        raise Denied(400, "InvalidArgument")
    taken = queue.receive(limit, wait_s)
    if not taken:
        raise Denied(404, "MessageNotExist")
    if "numOfMessages" not in asked:
        return replies.one(taken[0], with_handle=True)
    return replies.batch(taken)


def _delete(queue: QueueState, request: Request, asked: dict[str, str]) -> Reply:
    if "ReceiptHandle" in asked:
        code = queue.delete(asked["ReceiptHandle"])
        if code:
            raise Denied(404 if code == "MessageNotExist" else 400, code)
        return Reply(204)
    handles = list(_handles(request.body))
    if not 1 <= len(handles) <= 16:
        raise Denied(400, "InvalidArgument")
    outcome = {handle: queue.delete(handle) for handle in handles}
    return replies.deleted({handle: code for handle, code in outcome.items() if code})


def _handles(body: bytes) -> Iterator[str]:
    try:
        root = ElementTree.fromstring(body)  # noqa: S314  # only tests write here
    except ElementTree.ParseError:
        raise Denied(400, "MalformedXML") from None
    return (element.text or "" for element in root)


def _hide(queue: QueueState, asked: dict[str, str]) -> Reply:
    seconds = int(asked["VisibilityTimeout"])
    if not 1 <= seconds <= 43200:
        raise Denied(400, "InvalidArgument")
    held, code = queue.hide(asked["ReceiptHandle"], seconds)
    if held is None:
        raise Denied(404 if code == "MessageNotExist" else 400, code)
    return replies.hidden(held)
