"""URLs of the pages of alerts, inside those of the console."""

from collections.abc import Callable

from django.http.response import HttpResponseBase

from portal.console.views.alert_destinations import (
    DestinationPage,
    Destinations,
    DropDestination,
    NewSecret,
    TestDestination,
)
from portal.console.views.alert_rules import AlertRulePage, AlertRules
from portal.console.views.alerts import AlertPage, Alerts, EndSnooze, SnoozeAlerts
from portal.console.views.page import Page

PAGES: tuple[tuple[str, type[Page], str], ...] = (
    ("alerts/", Alerts, "alerts"),
    ("alerts/<int:pk>/", AlertPage, "alert"),
    ("alerts/rules/", AlertRules, "alert_rules"),
    ("alerts/rules/<slug:kind>/", AlertRulePage, "alert_rule"),
    ("alerts/destinations/", Destinations, "alert_destinations"),
    ("alerts/destinations/add/", DestinationPage, "alert_destination_add"),
    ("alerts/destinations/<int:pk>/", DestinationPage, "alert_destination"),
    ("alerts/destinations/<int:pk>/secret/", NewSecret, "new_alert_secret"),
)
ACTS: tuple[tuple[str, Callable[..., HttpResponseBase], str], ...] = (
    ("alerts/snooze/", SnoozeAlerts.as_view(), "snooze_alerts"),
    ("alerts/snoozes/<int:pk>/end/", EndSnooze.as_view(), "end_snooze"),
    (
        "alerts/destinations/<int:pk>/test/",
        TestDestination.as_view(),
        "test_destination",
    ),
    (
        "alerts/destinations/<int:pk>/drop/",
        DropDestination.as_view(),
        "drop_destination",
    ),
)
