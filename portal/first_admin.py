"""The first admin of a new portal."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth import get_user_model

from portal import env
from portal.runtime.layout import Layout, new_password


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdmin:
    """A name and a password that is shown once."""

    name: str
    password: str = field(repr=False)


def make() -> FirstAdmin | None:
    """Make an admin where there is none; return it, or None if nothing was made.

    The password is ``ADMIN_PASSWORD`` or a new one, kept in the secrets folder.
    """
    users = get_user_model()._default_manager
    if users.filter(is_superuser=True).exists():
        return None
    name = env.text("ADMIN_USERNAME", "admin")
    password = env.secret("ADMIN_PASSWORD") or _kept_password()
    users.create_superuser(username=name, email="", password=password)
    return FirstAdmin(name=name, password=password)


def _kept_password() -> str:
    layout = Layout(settings.DATA_DIR)
    return layout.make_secret("admin_password", new_password())
