"""The address a provider must be told for a callback path."""

from django.conf import settings


def callback_url(path: str) -> str:
    """Return the whole URL of a callback path, as ``PUBLIC_BASE_URL`` has it."""
    return f"{settings.PUBLIC_BASE_URL.rstrip('/')}/callbacks/{path}"
