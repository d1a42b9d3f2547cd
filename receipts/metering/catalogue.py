"""Every metric that processes count: name, meaning, labels, bounds of its buckets."""

from enum import StrEnum

import msgspec


class Sort(StrEnum):
    """How counts of several processes become one."""

    COUNTER = "counter"  # summed, also those of processes that are gone
    HISTOGRAM = "histogram"  # likewise
    GAUGE = "gauge"  # summed over processes that live


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One metric; a counter's name is shown with ``_total`` behind it."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    sort: Sort = Sort.COUNTER
    bounds: tuple[float, ...] = ()


# 50, 80 and 100 % of what CAMS (3 s) and 8x8 (5 s) allow are among them.
_ACK_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.4, 2.5, 3.0, 4.0, 5.0)  # fmt: skip
_LAG_BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)

ACCEPTED = Metric(
    name="portal_callbacks_accepted",
    help="Pushes that were proven, kept and acknowledged; kept: database or spool.",
    labels=("channel", "kept"),
)
REFUSED = Metric(
    name="portal_callbacks_refused",
    help="Pushes that were not taken; without a channel where their path is unknown.",
    labels=("channel", "reason"),
)
ACK = Metric(
    name="portal_callback_ack_seconds",
    help="From the first look at a push until its acknowledgement was ready to go.",
    labels=("channel",),
    sort=Sort.HISTOGRAM,
    bounds=_ACK_BOUNDS,
)
OVER = Metric(
    name="portal_callback_acks_over",
    help="Acknowledgements that took more than 50, 80, 100 % of the provider's limit.",
    labels=("channel", "percent"),
)
BREAKER = Metric(
    name="portal_breaker_open_processes",
    help="Processes of the door that do not ask the database, but spool at once.",
    sort=Sort.GAUGE,
)
READ = Metric(
    name="portal_callbacks_read",
    help="Callbacks that were drained, by the kind of process that did it.",
    labels=("by",),
)
RECEIPTS = Metric(
    name="portal_receipts",
    help="New receipts; status is empty where a kind has none.",
    labels=("channel", "kind", "status"),
)
REPEATS = Metric(
    name="portal_duplicate_receipts",
    help="Items that told what was known already: kept as sightings, counted once.",
    labels=("channel",),
)
QUARANTINED = Metric(
    name="portal_quarantined_items",
    help="Items and whole bodies that could not be read and were set aside.",
    labels=("channel",),
)
LAG = Metric(
    name="portal_drain_lag_seconds",
    help="How old the oldest callback of a batch was when the batch had been read.",
    sort=Sort.HISTOGRAM,
    bounds=_LAG_BOUNDS,
)
INTAKE_UP = Metric(
    name="portal_intake_up",
    help="Whether this host's door answered the watch of its sweep, over the edge.",
    sort=Sort.GAUGE,
)

COUNTED = (
    ACCEPTED,
    REFUSED,
    ACK,
    OVER,
    BREAKER,
    READ,
    RECEIPTS,
    REPEATS,
    QUARANTINED,
    LAG,
    INTAKE_UP,
)
