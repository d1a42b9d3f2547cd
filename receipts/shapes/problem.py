"""The public shape of an error: RFC 9457."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType


class ParameterProblem(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One parameter or field that was not understood."""

    parameter: str
    detail: str
    allowed: list[str] | None = None


class Problem(msgspec.Struct, kw_only=True, frozen=True):
    """What went wrong; `type` leads to what it means and what to do."""

    type: Annotated[str, Meta(description="URL of the page that explains it.")]
    title: str
    status: int
    detail: str
    instance: Annotated[str, Meta(description="Path that was asked for.")]
    errors: list[ParameterProblem] | UnsetType = UNSET
    scopes: Annotated[
        list[str] | UnsetType, Meta(description="Scopes that are missing.")
    ] = UNSET
    request_id: str | UnsetType = UNSET
