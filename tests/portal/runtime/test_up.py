"""The whole portal by its one command: first start, second start, sudden death.

Slow (about 40 s): it is the one test that sees all processes together.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from portal.runtime.config import CHECKOUT
from portal.runtime.layout import socket_folder

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]
# What the test run has set for itself and a user has not.
_OURS = (
    *("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "STATIC_MANIFEST"),
    *("ALLOW_UNSAFE_DATABASE", "DJANGO_SETTINGS_MODULE", "HOME", "LANG"),
)


class Portal:
    """A data directory, a port, and the command to start a portal there."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "da ta"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = {k: v for k, v in os.environ.items() if k not in _OURS}
        self._env |= {"DATA_DIR": str(self.data), "PORT": str(self.port)}
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start, wait until ready, return what was printed so far."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self._command(), env=self._env, cwd="/", stdout=log, stderr=log
            )
        until = time.monotonic() + 100
        while f"Receipt portal is ready at {self.url}/" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)
        return self.log.read_text()

    def start_another(self) -> "subprocess.CompletedProcess[str]":
        """Start a second one on the same data."""
        return subprocess.run(
            self._command(), env=self._env, cwd="/", capture_output=True, text=True
        )

    def manage(self, *arguments: str) -> str:
        """Run a manage.py command beside it, with nothing set but DATA_DIR."""
        env = {"PATH": os.defpath, "DATA_DIR": str(self.data)}
        command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
        return subprocess.run(
            command, env=env, capture_output=True, text=True, check=True
        ).stdout

    def end(self, number: signal.Signals) -> int:
        """Send ``number`` to the command alone; return its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def kill_everything(self) -> None:
        """Kill all at once, as a power cut does."""
        assert self.process is not None
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            with suppress(ProcessLookupError):  # it died with its parent
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)

    @staticmethod
    def _command() -> list[str]:
        # By its path, so that nothing depends on the working folder.
        code = "import sys; from portal.runtime.up import main; sys.exit(main([]))"
        return [sys.executable, "-c", f"import sys; sys.path[0] = {_ROOT!r}; {code}"]


_ROOT = str(CHECKOUT)


def descendants(pid: int) -> list[int]:
    """Return every process below ``pid``."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *descendants(int(child))]
    return found


def alive(pids: list[int]) -> list[str]:
    """Return the command lines of those that still run."""
    lines = []
    for pid in pids:
        try:
            lines.append(Path(f"/proc/{pid}/cmdline").read_text())
        except OSError:
            continue
    return [line for line in lines if line]  # a zombie's is empty


@pytest.fixture
def portal() -> Iterator[Portal]:
    """A portal that was never started."""
    # Not below pytest's private folder: as root, PostgreSQL has another account.
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o711)
    one = Portal(folder)
    yield one
    if one.process is not None and one.process.poll() is None:
        one.end(signal.SIGTERM)
    shutil.rmtree(socket_folder(one.data))
    shutil.rmtree(folder)


def test_portal_starts_survives_sudden_death_and_leaves_nothing(portal: Portal) -> None:
    _first_start_shows_the_admin_and_serves(portal)
    _second_portal_is_refused(portal)
    portal.kill_everything()
    _start_after_sudden_death_keeps_the_admin(portal)
    _ctrl_c_stops_everything(portal)


def _first_start_shows_the_admin_and_serves(portal: Portal) -> None:
    printed = portal.start()

    assert re.search(r"^Admin user: admin$", printed, re.MULTILINE)
    assert re.search(r"^Admin password: \S+$", printed, re.MULTILINE)
    for path in ("/healthz/live", "/healthz/ready", "/healthz/ingest", "/admin/login/"):
        with urlopen(portal.url + path) as answer:  # noqa: S310  # our own address
            assert answer.status == 200
    assert "[X] 0001_initial" in portal.manage("showmigrations", "receipts")
    _manage_py_names_its_callback_urls(portal)


def _manage_py_names_its_callback_urls(portal: Portal) -> None:
    file = portal.data.with_name("channels.yaml")
    file.write_text(
        "channels: [{key: wa, name: WA, provider: cams, type: whatsapp, "
        "callbacks: {mt_status: {path: wa/status}}}]"
    )

    told = portal.manage("channels", "apply", str(file))

    assert f"{portal.url}/callbacks/wa/status" in told


def _second_portal_is_refused(portal: Portal) -> None:
    second = portal.start_another()

    assert second.returncode == 1
    assert "already running" in second.stdout


def _start_after_sudden_death_keeps_the_admin(portal: Portal) -> None:
    printed = portal.start()

    assert "Admin password" not in printed


def _ctrl_c_stops_everything(portal: Portal) -> None:
    assert portal.process is not None
    children = descendants(portal.process.pid)

    assert portal.end(signal.SIGINT) == 0

    assert alive(children) == []
    assert portal.log.read_text().endswith("Stopped.\n")
