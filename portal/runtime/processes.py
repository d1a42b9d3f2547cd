"""The table of processes: one line each."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from portal.runtime import edge
from portal.runtime.config import CHECKOUT, Config
from portal.runtime.edge import Upstreams
from portal.runtime.layout import Layout
from portal.runtime.service import Service

STORES, APPLICATION, EDGE = 0, 1, 2
_COMMANDS = CHECKOUT / "receipts/management/commands"


def application(config: Config, layout: Layout) -> list[Service]:
    """Return the processes without which the portal is not ready."""
    return [
        *(_behind_edge(config, layout) if config.has_edge else _alone(config)),
        _service("worker", _celery("worker", *_WORKER), stop_within_s=35),
        *_managed("sweep"),
    ]


def afterwards(layout: Layout) -> list[Service]:
    """Return the processes that may start a little later."""
    return [
        _service("beat", _celery("beat", *_beat(layout))),
        *_managed("consume_queue"),
    ]


def _alone(config: Config) -> list[Service]:
    """Return one web service with door and console, for a proxy of your own."""
    where = ("--host", config.bind, "--port", str(config.port))
    return [_web("web", "portal.wsgi", where)]


def _behind_edge(config: Config, layout: Layout) -> list[Service]:
    """Return the door and the console on private sockets, and the edge before them."""
    upstreams = Upstreams.of(layout.sockets or layout.root)
    file = edge.write_config(config, layout, upstreams)
    return [
        _web("door", "portal.door_wsgi", _on_socket(upstreams.door), upstreams.door),
        _web("web", "portal.wsgi", _on_socket(upstreams.web), upstreams.web),
        Service(
            name="edge",
            command=edge.command(file),
            tier=EDGE,
            env=edge.environment(layout),
            before_start=lambda: upstreams.inner.unlink(missing_ok=True),
            hushed=edge.HUSHED,
            stop_within_s=12,
            slowest_restart_s=5,
        ),
    ]


def _web(
    name: str, module: str, where: Sequence[str], socket: Path | None = None
) -> Service:
    service = _service(name, _granian(f"{module}:application", where), takes_hup=True)
    if socket is None:
        return service
    return replace(
        service,
        env={**service.env, "PORTAL_BEHIND_EDGE": "1"},
        # A master that was killed leaves its socket, and the next could not bind.
        before_start=lambda: socket.unlink(missing_ok=True),
        is_ready=socket.exists,
    )


def _on_socket(path: Path) -> Sequence[str]:
    return ("--uds", str(path), "--uds-permissions", "0o600")


def demo(config: Config) -> Service:
    """Return the simulator with its own channel: it ends when its traffic is through."""
    command = manage("simulate", "--demo", "--url", config.local_url.rstrip("/"))
    return Service(name="demo", command=command, tier=EDGE + 1, runs_once=True)


def manage(*arguments: str) -> list[str]:
    """Return the command line of a ``manage.py`` command."""
    return [sys.executable, str(CHECKOUT / "manage.py"), *arguments]


# Heartbeats and gossip between workers are chatter that nobody here listens to.
_WORKER = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def _service(
    name: str,
    command: Sequence[str],
    *,
    takes_hup: bool = False,
    stop_within_s: float = 12,
) -> Service:
    return Service(
        name=name,
        command=command,
        tier=APPLICATION,
        env={
            "PORTAL_PROCESS": name,
            "PGAPPNAME": f"portal-{name}",
            # ``prepare`` made them; they would load every view into each process.
            "CELERY_SKIP_CHECKS": "1",
        },
        takes_hup=takes_hup,
        stop_within_s=stop_within_s,
        # The newest Celery's worker exits when its broker is killed: be quick.
        slowest_restart_s=5,
    )


def _managed(name: str) -> list[Service]:
    if not (_COMMANDS / f"{name}.py").exists():
        return []
    return [_service(name.removeprefix("consume_"), manage(name, "--skip-checks"))]


def _granian(target: str, where: Sequence[str]) -> list[str]:
    return [
        *(sys.executable, "-m", "portal.runtime.serve"),
        *("--interface", "wsgi", "--http", "1", "--no-ws"),
        *where,
        *("--workers", "2", "--blocking-threads", "4", "--backlog", "512"),
        *("--blocking-threads-idle-timeout", "600"),  # each has a database connection
        "--respawn-failed-workers",
        # How long old and new overlap at a reload, once the new one serves.
        *("--respawn-interval", "1"),
        *("--workers-kill-timeout", "10", "--log-level", "warning"),
        target,
    ]


def _celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "-A", "portal", *arguments]


def _beat(layout: Layout) -> Sequence[str]:
    # Disposable: its format changes with the Python build.
    return ("--schedule", str(layout.beat_schedule), "--pidfile=")


def environment(config: Config) -> None:
    """Set for every child what this start has settled."""
    os.environ.update(
        DATA_DIR=str(config.data_dir),
        BIND=config.bind,
        PORT=str(config.port),
        DJANGO_SETTINGS_MODULE="portal.settings",
        PYTHONUNBUFFERED="1",
        PYTHONPATH=str(CHECKOUT),
    )
