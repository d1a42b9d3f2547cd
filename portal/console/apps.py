"""The console as an app (its tags) and as the admin's own site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ConsoleConfig(AppConfig):
    name = "portal.console"
    default = True


class ConsoleAdminConfig(admin_apps.AdminConfig):
    """Stands for ``django.contrib.admin`` in INSTALLED_APPS."""

    default = False  # AdminConfig says True; the app of this folder is the other one
    default_site = "portal.console.site.ConsoleSite"
