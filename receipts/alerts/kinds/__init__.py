"""Every kind of alert; a new one is a module here and a line below."""

from collections.abc import Mapping

from receipts.alerts.findings import AlertKind
from receipts.alerts.kinds import (
    acks,
    certificate,
    database,
    failures,
    hosts,
    pending,
    quarantine,
    queues,
    silence,
    unknown,
)

KINDS: Mapping[str, AlertKind] = {
    kind.slug: kind
    for kind in (
        silence.KIND,
        failures.KIND,
        acks.KIND,
        pending.KIND,
        hosts.SPOOL,
        queues.PULL,
        queues.AGE,
        queues.ERRORS,
        quarantine.KIND,
        unknown.WORDS,
        unknown.CODES,
        hosts.DISK,
        certificate.KIND,
        hosts.SWEEP,
        database.KIND,
    )
}
# What a channel's tile shows; what lies in quarantine it counts by itself.
ON_TILES = (
    silence.KIND,
    failures.KIND,
    acks.KIND,
    *(queues.PULL, queues.AGE, queues.ERRORS),
)
