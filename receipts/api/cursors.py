"""Cursors: where a page begins, opaque, signed, and bound to the list that gave it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from rest_framework.request import Request

from receipts.api.problems import ApiProblem
from receipts.search import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list: its URL, and what makes it this list and no other."""

    path: str
    parameters: Mapping[str, str]  # all but the cursor
    ordering: str

    @classmethod
    def of(cls, request: Request, ordering: str) -> "Listing":
        """Return the list that a request asks for."""
        given = request.query_params.items()
        parameters = {name: str(value) for name, value in given if name != "cursor"}
        return cls(path=request.path, parameters=parameters, ordering=ordering)

    @property
    def _salt(self) -> str:
        steering = ("page_size", "include", "ordering")
        filters = sorted(
            pair for pair in self.parameters.items() if pair[0] not in steering
        )
        bound = json.dumps([self.path, filters, self.ordering])
        return f"cursor:{hashlib.sha256(bound.encode()).hexdigest()}"

    def url(self, place: Place, now: datetime) -> str:
        """Return the URL of the page at ``place``; ``now`` keeps its window in place."""
        content = [now.isoformat(), place.is_backward, *map(_told, place.keys)]
        cursor = signing.Signer(salt=self._salt).sign_object(content)
        query = urlencode({**self.parameters, "cursor": cursor})
        return f"{settings.PUBLIC_BASE_URL}{self.path}?{query}"

    def read(self, cursor: str) -> tuple[Place, datetime]:
        """Return where a page begins and the ``now`` of its list. Raises a 400."""
        try:
            content = signing.Signer(salt=self._salt).unsign_object(cursor)
        except (signing.BadSignature, ValueError):
            raise ApiProblem(
                "invalid-cursor",
                "This cursor does not belong to this list, its filters and ordering.",
            ) from None
        now, is_backward, *keys = content
        place = Place(keys=tuple(map(_read, keys)), is_backward=is_backward)
        return place, datetime.fromisoformat(now)


def _told(key: object) -> Sequence[object] | object:
    """Return a key as JSON can hold it; a time as a list of its own."""
    if isinstance(key, datetime):
        return [key.astimezone(UTC).isoformat()]
    return key if isinstance(key, int) else str(key)


def _read(key: object) -> object:
    return datetime.fromisoformat(key[0]) if isinstance(key, list) else key
