"""The running portal: its door answers, its sweep lives, nothing waits to be read."""

from collections.abc import Iterator
from datetime import timedelta

import requests
from django.conf import settings
from django.utils import timezone

from portal import health
from portal.doctor.finding import Finding, look, ok, trouble
from receipts.alerts import hosts
from receipts.alerts.models import HostState

_PATIENCE_S = 3.0
_LATE_S = 60.0
_SILENT = timedelta(minutes=5)


def examine_door() -> Iterator[Finding]:
    """Ask the door, as the outside does, whether it would keep a callback now."""
    url = settings.INTAKE_URL
    try:
        answer = requests.get(url, timeout=_PATIENCE_S, allow_redirects=False)
    except requests.RequestException as exc:
        yield trouble(
            f"{url} does not answer ({type(exc).__name__})",
            "Start the portal. If it runs elsewhere, set PUBLIC_BASE_URL or INTAKE_URL.",
        )
        return
    if answer.status_code == requests.codes.ok:
        yield ok(f"{url} would keep a callback now")
    else:
        yield trouble(
            f"{url} answers {answer.status_code}: {answer.text[:200]}",
            "It says what is missing: database, spool, or another program listens there.",
        )


def examine_readers() -> Iterator[Finding]:
    """Look at how long callbacks wait, and when this host's sweep was heard of."""
    yield _waiting()
    host = HostState.objects.filter(host=hosts.name()).first()
    if host is None:
        yield look("no sweep was ever heard of on this host", _START)
    elif (silent := timezone.now() - host.seen_at) > _SILENT:
        minutes = silent.total_seconds() / 60
        yield trouble(f"the sweep of this host is silent for {minutes:.0f} min", _START)
    else:
        yield ok("the sweep of this host was heard of lately")


_START = "Start it: `make run` does, elsewhere `manage.py sweep` as a service."


def _waiting() -> Finding:
    waits_s = health.oldest_pending_s()
    if waits_s is None:
        return ok("no callback waits")
    says = f"the oldest callback has waited for {waits_s:.0f} s to be read"
    if waits_s > _LATE_S:
        advice = "See that worker and sweep run, and what their logs say."
        return trouble(says, advice)
    return ok(says)
