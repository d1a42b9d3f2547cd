"""Failed sign-ins as an app: its table, and its ears."""

from django.apps import AppConfig


class LoginsConfig(AppConfig):
    name = "portal.logins"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-ins."""
        from portal.logins import throttle  # noqa: F401  # connects its receivers
