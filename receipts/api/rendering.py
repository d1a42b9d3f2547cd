"""Answers as JSON, whatever a client says it accepts."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

import msgspec
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from receipts.api.problems import ApiProblem

LARGEST_BODY = 64 * 1024
_encoder = msgspec.json.Encoder()


class Json(BaseRenderer):
    """Encodes public shapes."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: object,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return ``data`` as JSON; nothing for no data."""
        return b"" if data is None else _encoder.encode(data)


class JsonBody(BaseParser):
    """Reads a small JSON body."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the decoded body. Raises a 413 problem or ``ParseError``."""
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise ApiProblem("body-too-large", f"Send {LARGEST_BODY} bytes at most.")
        try:
            return msgspec.json.decode(raw)
        except (msgspec.DecodeError, RecursionError):
            raise ParseError from None


class OnlyJson(BaseContentNegotiation):
    """Takes the first parser that fits and the only renderer.

    A browser that asks for HTML gets JSON rather than a 406.
    """

    def select_parser(
        self, request: Request, parsers: Iterable[BaseParser]
    ) -> BaseParser | None:
        """Return the JSON parser for JSON; None for anything else, which is a 415."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((each for each in parsers if each.media_type == kind), None)

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        """Return the renderer and its media type."""
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)
