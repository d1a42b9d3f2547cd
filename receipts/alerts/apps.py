"""Alerts as an app of their own: their tables stand beside those of receipts."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "receipts.alerts"
    label = "alerts"
    verbose_name = "Alerts"
    default_auto_field = "django.db.models.BigAutoField"
