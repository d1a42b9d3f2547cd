"""Which columns of a list are shown: words in the URL, so that views keep them."""

from collections.abc import Mapping

from django.http import QueryDict

PARAMETER = "cols"


def chosen(query: QueryDict, known: Mapping[str, str], usual: str) -> list[str]:
    """Return the columns that ``query`` asks for, in their order; else the usual."""
    asked = set(",".join(query.getlist(PARAMETER)).split(","))
    if not asked & known.keys():
        asked = set(usual.split())
    return [name for name in known if name in asked]
