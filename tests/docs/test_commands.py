"""Every command that a page shows is run, or checked as far as it can be."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from channels_cfg.models import CallbackPath, Channel
from receipts.intake.routes import known_routes
from receipts.processing.drain import drain
from tests.docs import pages, shown
from tests.docs.pages import PAGES
from tests.skipping import skip_loudly

OWN_URL = "http://127.0.0.1:8000"
# These recipes are run by a test of their own.
ELSEWHERE = {"docs/api.md": "tests/receipts/api/test_recipes.py"}
SHELL = [
    page
    for page in PAGES
    if pages.name(page) not in ELSEWHERE
    and any(block.language == "sh" for block in pages.blocks(page))
]
# What some command of a page prints, beside what the page itself quotes.
SHOWN = {
    "docs/getting-started.md": (
        "/callbacks/wa-main/trial-status",
        '"message_id":"trial-1"',
        '"status":"failed"',
        '"code":"131026"',
    ),
    "docs/operating.md": ("key: wa-main", "waiting: 0 rows", "would replay 0"),
}
_CAPTURED = re.compile(r"^([A-Z_]+)=\$\((.+)\)$")
_EXPORTED = re.compile(r"^export (.+)$")
_ANSWERS = re.compile(r"It answers `([^`]+)`")
_STRICT = 'curl() { command curl --fail-with-body -sS "$@"; }\n'


class Session:
    """A reader who types what a page shows, from top to bottom."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = url
        self.said: list[str] = []
        self._set = monkeypatch.setenv

    def type(self, line: str) -> None:
        """Type one command; an unknown one fails."""
        if found := _CAPTURED.match(line):
            self.type(found[2])
            self._set(found[1], self.said[-1])
        elif found := _EXPORTED.match(line):
            for word in shown.words(found[1]):
                self._set(*word.split("=", 1))
        elif "manage.py" in line:
            self._manage(shown.words(line.partition("manage.py ")[2]))
        elif line.startswith("curl "):
            self._curl(line)
        else:
            first = shown.words(line)[0]
            assert first in {"make", *shown.ALLOWED}, f"nobody tries: {line}"

    def _manage(self, words: list[str]) -> None:
        if words[0] in shown.PARSED:
            shown.parser(words[0]).parse_args(words[1:])
            return
        assert {words[0], " ".join(words[:2])} & shown.RUN, f"nobody tries: {words}"
        out = StringIO()
        try:
            call_command(*words, stdout=out)
        except CommandError:
            assert words[0] == "doctor"  # it tells of this machine: that is its work
        self.said.append(out.getvalue().strip())
        if words[:2] == ["apitoken", "create"]:
            self._set("TOKEN", self.said[-1])  # as a reader would copy it

    def _curl(self, line: str) -> None:
        if shutil.which("curl") is None:
            skip_loudly("curl", "the requests that pages show")
        script = _STRICT + line.replace(OWN_URL, self.url)
        known_routes.load()  # a door does so by itself within 5 s
        command = ["bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        self.said.append(done.stdout.strip())
        drain()


@pytest.fixture
def session(
    live_server: Any,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Session:
    """A reader with an empty folder, a running portal, and a channel."""
    settings.PUBLIC_BASE_URL = live_server.url
    settings.INTAKE_URL = f"{live_server.url}/healthz/ingest"
    monkeypatch.chdir(tmp_path)
    channel = Channel.objects.create(key="wa-main", name="A", provider="cams")
    CallbackPath.objects.create(channel=channel, path="PATH", receipt_type="mt_status")
    return Session(live_server.url, monkeypatch)


def _write_files(page: Path, folder: Path) -> None:
    """Keep the blocks that name a file in their first line."""
    for block in pages.blocks(page):
        if named := re.match(r"# ([\w-]+\.yaml)\n", block.text):
            (folder / named[1]).write_text(block.text)


def _lines(page: Path) -> Iterator[str]:
    for block in pages.blocks(page):
        if block.language == "sh":
            yield from block.lines()


@pytest.mark.parametrize("page", SHELL, ids=pages.name)
@pytest.mark.django_db(transaction=True)
def test_what_a_page_shows_can_be_typed_as_it_stands(
    page: Path, session: Session, tmp_path: Path
) -> None:
    _write_files(page, tmp_path)

    for line in _lines(page):
        session.type(line)

    for answer in _ANSWERS.findall(page.read_text()):
        assert answer in session.said
    for part in SHOWN.get(pages.name(page), ()):
        assert any(part in said for said in session.said), part


@pytest.mark.parametrize("page", PAGES, ids=pages.name)
def test_commands_and_options_that_a_page_names_exist(page: Path) -> None:
    mentions = [*pages.spans(page), *pages.indented(page)]
    for block in pages.blocks(page):
        mentions += block.lines()

    found = [said for text in mentions for said in shown.complaints(text)]

    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "make coffee",
        "PORT=1 make coffee",
        "manage.py brew",
        ".venv/bin/python manage.py spool brew",
        "manage.py spool status|brew",
        "manage.py retention preview --strong",
        "python -m bench_that_is_not_there",
    ],
)
def test_command_that_is_not_there_is_seen(text: str) -> None:
    assert list(shown.complaints(text))


@pytest.mark.parametrize("line", ["rm -r x", "manage.py flush", "wget x"])
def test_command_that_nobody_tries_fails(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AssertionError, match="nobody tries"):
        Session("", monkeypatch).type(line)


def test_pages_run_elsewhere_are_run_there() -> None:
    for page, test in ELSEWHERE.items():
        assert Path(page).name in (pages.ROOT / test).read_text()
