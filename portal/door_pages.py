"""What the door says where no view of it does: in a few bytes, as its refusals."""

from django.http import HttpRequest, HttpResponse

from receipts.intake.refusals import Refused, UnknownPath


class Failed(Refused):
    """A defect of ours; the provider pushes again."""

    status, reason, words = 500, "failed", "internal error"


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django finds suspicious."""
    return Refused().answer()


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a URL that is no callback path at all."""
    return UnknownPath().answer()


def failed(_request: HttpRequest) -> HttpResponse:
    """Answer what nobody has caught."""
    return Failed().answer()
