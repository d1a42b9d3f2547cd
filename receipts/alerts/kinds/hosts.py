"""What the sweep of each host saw there: its spool, its disks, and itself."""

from collections.abc import Iterator
from datetime import timedelta

from receipts.alerts.findings import AlertKind, Finding, Level, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.alerts.words import ago, since_when, size

# A host that was not heard of for a day was taken away.
_FORGOTTEN = timedelta(days=1)


def judge_spool(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find spools that are not emptied, or are in trouble."""
    limit = timedelta(minutes=rules.limits(SPOOL)["minutes"])
    for host in look.hosts:
        oldest = host.spool_oldest_at
        is_stuck = oldest is not None and look.now - oldest > limit
        if not is_stuck and not host.spool_trouble:
            continue
        if oldest and is_stuck:
            said = f"its oldest callback has waited for {ago(oldest, look.now)}"
        else:
            said = host.spool_trouble
        yield Finding(
            subject=host.host,
            level=Level.CRITICAL,
            summary=f"The spool of {host.host}: {said}",
            facts={
                "Callbacks in it": f"{host.spool_rows:,}",
                "Oldest": since_when(oldest) if oldest else "none",
                "Trouble": host.spool_trouble or "none",
            },
        )


def judge_disk(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find file systems that run full."""
    limits = rules.limits(DISK)
    for host in look.hosts:
        for disk in host.disks:
            free, total = float(disk["free"]), max(1.0, float(disk["total"]))
            share = 100 * free / total
            if share >= limits["share"] and free >= limits["gib"] * 1024**3:
                continue
            yield Finding(
                subject=f"{host.host} {disk['path']}"[:300],
                level=Level.CRITICAL,
                summary=f"Disk of {host.host}: {size(free)} free ({share:.0f} %)",
                facts={
                    "Folder": str(disk["path"]),
                    "Free": f"{size(free)} of {size(total)}",
                },
            )


def judge_sweep(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find hosts whose sweep says nothing any more."""
    limit = timedelta(minutes=rules.limits(SWEEP)["minutes"])
    for host in look.hosts:
        if limit < look.now - host.seen_at < _FORGOTTEN:
            yield Finding(
                subject=host.host,
                level=Level.CRITICAL,
                summary=f"The sweep of {host.host} has said nothing for "
                f"{ago(host.seen_at, look.now)}",
                facts={"Last heard of": since_when(host.seen_at)},
            )


SPOOL = AlertKind(
    slug="spool",
    label="Spool not emptied",
    tells="A host's spool holds callbacks for too long, or cannot be written or read.",
    judge=judge_spool,
    limits=(
        Limit(name="minutes", label="Not empty for", default=10, unit="min", least=1),
    ),
    is_of_channels=False,
    clear=1,
)
DISK = AlertKind(
    slug="disk",
    label="Disk space",
    tells="A file system that the portal writes to runs full.",
    judge=judge_disk,
    limits=(
        Limit(name="share", label="Free at least", default=10, unit="%", most=99),
        Limit(name="gib", label="Free at least", default=1, unit="GiB"),
    ),
    is_of_channels=False,
)
SWEEP = AlertKind(
    slug="sweep",
    label="Host not heard of",
    tells="The sweep of a host says nothing, so its spool is watched by nobody.",
    judge=judge_sweep,
    limits=(Limit(name="minutes", label="Silent for", default=5, unit="min", least=2),),
    is_of_channels=False,
    clear=1,
)
