"""How the outside speaks to us: providers, channels, callback paths, queues."""

from django.apps import AppConfig
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.signals import post_migrate


class ChannelsCfgConfig(AppConfig):
    name = "channels_cfg"
    verbose_name = "Channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have every migrate end with the error dictionary of this release."""
        post_migrate.connect(_load_error_codes, sender=self)


def _load_error_codes(using: str, apps: Apps | None = None, **_: object) -> None:
    if apps is None:
        return  # a flush, not a migration
    # Models cannot be imported before the apps are ready.
    from channels_cfg.models import ErrorCode
    from channels_cfg.services import error_codes

    try:
        migrated = apps.get_model("channels_cfg", "ErrorCode")
    except LookupError:
        return
    # Migrated back to before our time, the table may lack what we would write.
    if using == DEFAULT_DB_ALIAS and _names(migrated) == _names(ErrorCode):
        error_codes.load()


def _names(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.fields}
