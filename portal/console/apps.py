"""The console as an app (its tags, saved views) and as the admin's own site."""

from django.apps import AppConfig
from django.apps.registry import Apps
from django.contrib.admin import apps as admin_apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class ConsoleConfig(AppConfig):
    name = "portal.console"
    default = True
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep configuration changes; have every migrate end with the groups."""
        # Models cannot be imported before the apps are ready.
        from portal.console import audit

        audit.watch()
        post_migrate.connect(_make_groups, sender=self)


def _make_groups(using: str, apps: Apps | None = None, **_: object) -> None:
    if apps is None or using != DEFAULT_DB_ALIAS:
        return  # a flush, not a migration
    from portal.console import groups

    groups.make()


class ConsoleAdminConfig(admin_apps.AdminConfig):
    """Stands for ``django.contrib.admin`` in INSTALLED_APPS."""

    default = False  # AdminConfig says True; the app of this folder is the other one
    default_site = "portal.console.site.ConsoleSite"
