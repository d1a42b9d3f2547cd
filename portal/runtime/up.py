"""``make run``: everything in the foreground, from nothing to ready, until ctrl-c."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from urllib.error import URLError
from urllib.request import Request, urlopen

from portal.places import Addresses
from portal.runtime import child, ports, processes, stores
from portal.runtime import layout as layouts
from portal.runtime.config import Config
from portal.runtime.layout import Layout
from portal.runtime.lock import Lock
from portal.runtime.output import Output
from portal.runtime.problems import Impossible
from portal.runtime.service import Service
from portal.runtime.supervisor import Stopped, Supervisor


def main(arguments: Sequence[str]) -> int:
    """Run the portal; return the exit status.

    ``--end-with-parent``: stop when the parent (make) is killed. ``--demo``: push
    simulated traffic once the portal is ready.
    """
    if "--end-with-parent" in arguments:
        child.end_with_parent()
    output = Output()
    try:
        return _run(output, is_demo="--demo" in arguments)
    except Impossible as problem:
        output.say(str(problem))
        return 1
    finally:
        output.close()


def _run(output: Output, *, is_demo: bool) -> int:
    config = Config.read()
    layout = layouts.prepare(config.data_dir)
    lock = Lock.take(layout.lock)
    # Children of a portal that was killed may need a moment to let go of the port.
    wait_s = 5 if lock.was_left_behind else 0
    for port in config.ports:
        ports.require_free(config.bind, port, wait_s=wait_s)
    layouts.make_secrets(layout)
    Addresses.of(config).note(layout)
    processes.environment(config)
    supervisor = Supervisor(output)
    supervisor.handle_signals()
    try:
        _start(supervisor, config, layout)
        if is_demo:
            supervisor.start([processes.demo(config)])
        supervisor.run(each_hour=lambda: _touch(layout))
    except Stopped:
        pass
    finally:
        output.say("Stopping.")
        supervisor.stop()
        supervisor.close()
        lock.release()
    output.say("Stopped.")
    return 0


def _start(supervisor: Supervisor, config: Config, layout: Layout) -> None:
    say = supervisor.output.say
    if os.geteuid() == 0:
        say("Running as root is fine for a trial; give a server a user of its own.")
    began = time.monotonic()
    if own := _stores(config, layout):
        say(f"Starting {' and '.join(one.name for one in own)} in {layout.root} ...")
        supervisor.start(own)
    say("Preparing the database ...")
    admin = _prepare(supervisor)
    say("Starting the portal ...")
    supervisor.start(processes.application(config, layout))
    for path in ("healthz/ready", "healthz/ingest"):
        if not supervisor.wait_until(_answers(config, path), within_s=60):
            raise Impossible("The portal did not get ready: the lines above say why.")
    for line in admin:
        say(line)
    say(f"Receipt portal is ready at {config.local_url}")
    say(f"(after {time.monotonic() - began:.1f} s; ctrl-c stops everything)")
    supervisor.start(processes.afterwards(layout))


def _stores(config: Config, layout: Layout) -> list[Service]:
    own: list[Service] = []
    if config.has_own_database:
        own.append(stores.database(layout))
    if config.has_own_redis and layout.valkey_socket:
        own.append(stores.redis(layout, layout.valkey_socket))
    return own


def _prepare(supervisor: Supervisor) -> list[str]:
    """Migrate, collect static files, make the first admin; return lines to show last."""
    process = subprocess.Popen(
        processes.manage("prepare"), stdout=subprocess.PIPE, text=True
    )
    try:
        # Its output fits into a pipe: it is read when it has ended.
        supervisor.wait_until(lambda: process.poll() is not None, within_s=3600)
    finally:
        process.kill()
    if process.returncode:
        raise Impossible("The database could not be prepared: the lines above say why.")
    return process.stdout.read().splitlines() if process.stdout else []


def _answers(config: Config, path: str) -> Callable[[], bool]:
    """Return a question: does ``path`` answer 200?"""
    headers = {"Host": config.public_host} if config.has_own_tls else {}
    request = Request(f"{config.local_url}{path}", headers=headers)  # noqa: S310

    def ask() -> bool:
        try:
            with urlopen(request, timeout=2) as answer:  # noqa: S310  # our own address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    return ask


def _touch(layout: Layout) -> None:
    """Keep the sockets from being cleaned out of the temp folder for their age."""
    if layout.sockets:
        for path in (layout.sockets, *layout.sockets.rglob("*")):
            os.utime(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
