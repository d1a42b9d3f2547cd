"""What is kept of alerts."""

from receipts.alerts.models.alert import Alert
from receipts.alerts.models.rule import AlertRule, Snooze
from receipts.alerts.models.seen import Certificate, HostState, Turn
from receipts.alerts.models.telling import Delivery, Destination

__all__ = [
    "Alert",
    "AlertRule",
    "Certificate",
    "Delivery",
    "Destination",
    "HostState",
    "Snooze",
    "Turn",
]
