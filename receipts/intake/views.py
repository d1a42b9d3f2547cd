"""The door providers push through: prove, keep, acknowledge."""

import time
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.views import APIView

from channels_cfg import registry
from channels_cfg.services.routes import Route
from channels_cfg.wire import Ack, BadSignature, ReceiptMode
from receipts import nudge
from receipts.ids import uuid7
from receipts.intake import measuring
from receipts.intake.body import announced_length, read_whole
from receipts.intake.caller import address_of, headers_of, kept_headers
from receipts.intake.keeping import Delivery, keep
from receipts.intake.limiter import strangers
from receipts.intake.refusals import Refused, TooManyUnknown, UnknownPath, Unproven
from receipts.intake.routes import known_routes
from receipts.intake.tally import tally


@extend_schema(exclude=True)
class CallbackView(APIView):
    """Take a callback: known path, proven caller, whole body, kept, acknowledged."""

    authentication_classes = ()  # the path and the adapter's proof stand in for a login
    permission_classes = ()
    throttle_classes = ()
    http_method_names = ["get", "head", "post"]
    default_response_headers: Mapping[str, str] = {}  # type: ignore[assignment]  # a property there
    route: Route | None = None  # once it is found

    def initialize_request(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> Request:
        """Wrap the request alone: nothing is parsed at the door, nor negotiated."""
        return Request(request)

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Negotiate nothing: the provider gets its ack, whatever it says it takes."""

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]  # never a rendered response
        """Answer a refusal in a few bytes; what is our own defect stays one."""
        if isinstance(exc, MethodNotAllowed):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
        if not isinstance(exc, Refused):
            raise exc
        path = str(self.kwargs["path"])
        tally.refused(path, address_of(self.request._request), exc.reason)
        measuring.refused(self.route, exc.reason)
        return exc.answer()

    def post(self, request: Request, path: str) -> HttpResponse:
        """Keep one callback."""
        started = time.perf_counter()
        received_at = timezone.now()
        plain = request._request  # DRF would look for a parser
        self.route = route = find(path, plain)
        headers = headers_of(plain)
        length = announced_length(headers)
        if length == 0:
            return answer(registry.adapter(route.provider).ack())
        address = address_of(plain)
        # Who proves nothing by its head costs us no body.
        prove(route, None, headers=headers, address=address)
        body = read_whole(plain, length)
        secret = prove(route, body, headers=headers, address=address)
        delivery = Delivery(
            id=uuid7(received_at),
            received_at=received_at,
            channel_id=route.channel_id,
            receipt_type=route.receipt_type,
            mode=ReceiptMode.PUSH,
            body=body,
            headers=kept_headers(headers),
            address=address,
            ack_ms=(time.perf_counter() - started) * 1000,
        )
        kept = keep(delivery)
        if kept == "database":
            nudge.nudge()  # the sweep reads what it loads from the spool
        tally.used(route, secret)
        measuring.accepted(
            route,
            delivery,
            kept=kept,
            seconds=measuring.seconds_since(headers, started),
            request_id=measuring.request_id_of(headers),
        )
        return answer(registry.adapter(route.provider).ack())

    def get(self, request: Request, path: str) -> HttpResponse:
        """Answer a console's probe or a provider's handshake."""
        route = find(path, request._request)
        adapter = registry.adapter(route.provider)
        ack = adapter.handshake(request._request.GET.dict(), route.secrets)
        return answer(ack) if ack else HttpResponse(b"", content_type="text/plain")

    head = get


def find(path: str, request: HttpRequest) -> Route:
    """Return the route of ``path``; a trailing slash does not matter."""
    try:
        return known_routes.find(path.removesuffix("/"))
    except UnknownPath:
        if strangers.is_too_much(address_of(request)):
            raise TooManyUnknown from None
        raise


def prove(
    route: Route, body: bytes | None, *, headers: Mapping[str, str], address: str
) -> int:
    """Return which secret proved the caller, as far as that is known without a body.

    Raises ``Unproven``, always the same.
    """
    try:
        if body is None:
            return route.prove_caller(headers, address)
        return route.prove(headers, body, address)
    except BadSignature:
        raise Unproven from None


def answer(ack: Ack) -> HttpResponse:
    """Return an ack as the provider expects it."""
    return HttpResponse(ack.body, status=ack.status, content_type=ack.content_type)
