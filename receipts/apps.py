"""What we keep: callbacks, receipts, messages, conversations."""

from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    name = "receipts"
    verbose_name = "Receipts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from receipts.spool import checks  # noqa: F401  # registers itself
