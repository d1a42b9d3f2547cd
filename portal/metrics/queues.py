"""How each provider's queue is doing, as Prometheus shows it."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family

from receipts.queues.health import Alarm, Health, queues

_LABELS = ["queue", "endpoint"]
_TIMES = {
    "last_pulled_at": (
        "portal_queue_last_pull_timestamp_seconds",
        "When the queue was last asked and answered.",
    ),
    "last_message_at": (
        "portal_queue_last_message_timestamp_seconds",
        "When the queue last gave a message.",
    ),
    "oldest_enqueued_at": (
        "portal_queue_oldest_message_timestamp_seconds",
        "When the oldest message of the last pull was put into the queue.",
    ),
    "token_expires_at": (
        "portal_queue_token_expiry_timestamp_seconds",
        "When the access token ends; it is renewed two minutes earlier.",
    ),
    "last_error_at": (
        "portal_queue_last_error_timestamp_seconds",
        "When pulling last failed; over if the last pull is later.",
    ),
}
_COUNTS = {
    "received": ("portal_queue_messages_received", "Messages that were received."),
    "deleted": ("portal_queue_messages_deleted", "Messages kept, then deleted there."),
    "redelivered": (
        "portal_queue_messages_redelivered",
        "Messages that somebody had received before.",
    ),
}


def queue_families() -> Iterator[Family]:
    """Yield the metrics of all queues that are switched on."""
    found = queues()
    for field, (name, words) in _TIMES.items():
        yield _times(found, field, name, words=words)
    for field, (name, words) in _COUNTS.items():
        counter = CounterMetricFamily(name, words, labels=_LABELS)
        for each in found:
            counter.add_metric(_names(each), getattr(each, field))
        yield counter
    yield _alarms(found)


def _times(found: list[Health], field: str, name: str, *, words: str) -> Family:
    family = GaugeMetricFamily(name, words, labels=_LABELS)
    for each in found:
        moment: datetime | None = getattr(each, field)
        if moment is not None:
            family.add_metric(_names(each), moment.timestamp())
    return family


def _alarms(found: list[Health]) -> Family:
    family = GaugeMetricFamily(
        "portal_queue_alarm",
        "1 for what is wrong with a queue: stopped, silent or behind.",
        labels=[*_LABELS, "alarm"],
    )
    for each in found:
        for alarm in (Alarm.STOPPED, Alarm.SILENT, Alarm.BEHIND):
            family.add_metric([*_names(each), alarm.value], float(each.alarm is alarm))
    return family


def _names(each: Health) -> list[str]:
    return [each.name.name, urlsplit(each.name.endpoint).netloc or each.name.endpoint]
