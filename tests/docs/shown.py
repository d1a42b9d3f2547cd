"""Commands that pages show: what each is, and how far it can be tried."""

import argparse
import importlib.util
import re
import shlex
from collections.abc import Iterator, Sequence

from django.core.management import get_commands, load_command_class

from tests.docs.pages import ROOT

# Run for real, on the test's database: they read, or change only that.
RUN = {
    "apitoken",
    "channels",
    "doctor",
    "replay_callbacks",
    "retention preview",
    "spool",
}
# Taken by the command's own parser, and no further.
PARSED = {
    "backup": "tests/portal/backup/ runs it",
    "restore": "tests/portal/backup/ runs it",
    "erase_person": "tests/receipts/erasure/ runs it",
    "changepassword": "asks at a terminal",
    "simulate": "tests/portal/simulator/ runs it",
}
# Neither ours nor harmless: they are read, not run.
ALLOWED = {
    "git": "would change the checkout",
    "install": "puts keys where a restore looks for them",
    "promtool": "tests/deploy/test_prometheus.py runs it where it can be had",
}
_MANAGE = re.compile(r"(?:^|\s|/)manage\.py\s+(.+)")
_MAKE = re.compile(r"^(?:[A-Z_]+=\S+ )*make(?: (.+))?$")
_MODULE = re.compile(r"python -m (\S+)")
_TARGETS = re.compile(r"^([a-z][a-z -]*):", re.MULTILINE)


def targets() -> set[str]:
    """Return the targets of the Makefile."""
    found = _TARGETS.findall((ROOT / "Makefile").read_text())
    return {target for line in found for target in line.split()}


def complaints(text: str) -> Iterator[str]:
    """Yield what is wrong with the commands that ``text``, one line or span, mentions."""
    if found := _MANAGE.search(text):
        yield from _of_manage(words(found[1]))
    elif found := _MAKE.match(text.strip()):
        yield from _of_make(words(found[1] or ""))
    elif (found := _MODULE.search(text)) and not _is_module(found[1]):
        yield f"there is no module {found[1]}"


def words(text: str) -> list[str]:
    """Return the words of a command line up to its end, a pipe, or a comment."""
    try:
        every = shlex.split(text, comments=True)
    except ValueError:  # a quote that ends on another line
        every = text.split()
    for number, word in enumerate(every):
        if word in {"|", "||", "&&", ">", ";", "&"} or word.endswith(")"):
            return every[:number]
    return every


def parser(command: str) -> argparse.ArgumentParser:
    """Return the parser of a ``manage.py`` command. Raises ``KeyError``."""
    made = load_command_class(get_commands()[command], command)
    return made.create_parser("manage.py", command)


def _of_manage(line: Sequence[str]) -> Iterator[str]:
    if line[0] not in get_commands():
        yield f"manage.py has no command {line[0]}"
        return
    own = parser(line[0])
    options = set(own._option_string_actions)
    for choices in _subcommands(own):
        if len(line) > 1 and not line[1].startswith("-"):
            asked = line[1].split("|")  # spool status|drain
            yield from (f"{line[0]} has no {word}" for word in {*asked} - {*choices})
        for each in choices.values():
            options |= set(each._option_string_actions)
    for word in line[1:]:
        if word.startswith("--") and word.partition("=")[0] not in options:
            yield f"{line[0]} has no {word}"


def _subcommands(
    own: argparse.ArgumentParser,
) -> Iterator[dict[str, argparse.ArgumentParser]]:
    for action in own._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield action.choices


def _of_make(line: Sequence[str]) -> Iterator[str]:
    for word in line:
        if "=" not in word and word not in targets():
            yield f"make has no target {word}"


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
