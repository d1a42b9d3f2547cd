"""What a caller may ask of a resource, beyond the scopes of a view."""

from rest_framework.request import Request

from receipts.api.auth import Caller
from receipts.api.people import guard_user_search
from receipts.models.api_token import Scope
from receipts.search import BadParameters, Mistake


def check_filters(request: Request, caller: Caller, filters: dict[str, str]) -> None:
    """Raise where a caller may not search like this.

    Texts are searched in one channel, by those who may read them; those who see people
    masked may search for few.
    """
    if "text" in filters:
        caller.demand(Scope.PII_READ)
        if "channel" not in filters:
            raise BadParameters([Mistake("text", "Give a channel with it.")])
    guard_user_search(request, caller, filters)
