"""Settings: what the environment says, and the secrets."""

import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import ERROR, run_checks

from portal.doctor.finding import Finding, look, ok, trouble


def examine() -> Iterator[Finding]:
    """Run the system checks, and look at what they do not see."""
    yield _base_url()
    yield from _checks()
    yield from _modes()


def _base_url() -> Finding:
    url = settings.PUBLIC_BASE_URL
    if urlsplit(url).scheme == "https":
        return ok(f"PUBLIC_BASE_URL is {url}")
    return look(
        f"PUBLIC_BASE_URL is {url}: providers push to HTTPS addresses only",
        "Fine for a trial and for queues. Else set it to https://…: docs/environment.md",
    )


def _checks() -> Iterator[Finding]:
    # Half of the checks of deployments repeat that there is no HTTPS.
    is_https = urlsplit(settings.PUBLIC_BASE_URL).scheme == "https"
    for message in run_checks(include_deployment_checks=is_https):
        if not message.is_silenced():
            finding = trouble if message.level >= ERROR else look
            yield finding(f"{message.id}: {message.msg}", message.hint or "")


def _modes() -> Iterator[Finding]:
    """Find secrets of ``make run`` that others on this machine can read."""
    for file in sorted((settings.DATA_DIR / "secrets").glob("*")):
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield trouble(f"{file} has mode {mode:o}", f"chmod 600 {file}")
