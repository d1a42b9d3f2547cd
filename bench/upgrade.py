"""``python -m bench upgrade``: the last release and this one side by side, under load.

The last release (a tag, or ``--from COMMIT``) is taken out of git into a folder of its
own and runs as one host; under load this release comes up beside it on the same
PostgreSQL and Valkey, migrates, and both doors and both workers go on for a while; then
the old one is stopped. Nothing that was acknowledged may be missing.
"""

import io
import shutil
import subprocess
import sys
import tarfile
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from time import sleep

from bench.folders import own_folder
from bench.pushes import CHANNEL, Pushes, told, visible, wait_visible
from bench.shared import CHECKOUT, Host, rehearsal, say

# The first migration after what was first shown; used while there is no release.
_FIRST_NEW = "receipts/migrations/0005_removal.py"
_GIT = shutil.which("git") or "git"
_WORST = ("[error", "[critical", "Traceback")


def main(arguments: Sequence[str]) -> int:
    """Rehearse; 0 if nothing was lost."""
    asked = _parser().parse_args(arguments)
    commit = _commit(asked.start)
    with own_folder("upgrade") as folder:
        release = folder.path / "release"
        _take_out(commit, release)
        with rehearsal(folder.path) as shared:
            old, new = shared.host("old", checkout=release), shared.host("new")
            folder.is_good = _rehearse(old, new, asked.seconds)
    return 0 if folder.is_good else 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m bench upgrade")
    words = "the release to come from: a tag or a commit (the last tag)"
    parser.add_argument("--from", dest="start", default="", help=words)
    words = "seconds of load before, beside and after the old release (20)"
    parser.add_argument("--seconds", type=float, default=20.0, help=words)
    return parser


def _commit(asked: str) -> str:
    """Return what to come from; says so loudly where there is no release."""
    if asked:
        return asked
    if tag := _git("describe", "--tags", "--abbrev=0"):
        say(f"from release {tag}")
        return tag
    added = _git("log", "--diff-filter=A", "--format=%H", "--", _FIRST_NEW)
    commit = _git("rev-parse", "--short", f"{added}~1") if added else "HEAD"
    say(f"THERE IS NO RELEASE TAG: coming from commit {commit} instead")
    return commit


def _git(*words: str) -> str:
    done = subprocess.run(
        [_GIT, *words], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if not done.returncode else ""


def _take_out(commit: str, folder: Path) -> None:
    """Put the files of a commit into a folder; the repository is not touched."""
    done = subprocess.run(
        [_GIT, "archive", "--format=tar", commit],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
        files.extractall(folder, filter="data")


def _rehearse(old: Host, new: Host, seconds: float) -> bool:
    say(f"old release ready after {old.start():.1f} s")
    old.manage("channels", "apply", "-", text=CHANNEL)
    token = old.token()
    sleep(6)  # routes are in force within 5 s
    pushes = Pushes([old.url], each_s=0.15)
    pushes.start()
    sleep(seconds)
    say(f"new release migrated and ready after {new.start():.1f} s, under load")
    pushes.doors = [old.url, new.url]
    sleep(seconds)
    pushes.doors = [new.url]
    old.stop()
    say("old release stopped")
    sleep(seconds)
    pushes.end()
    caught_up = wait_visible(new.url, token, set(pushes.acknowledged), 60)
    say(f"all visible after {caught_up or 60:.0f} s")
    lines, is_good = told(pushes, visible(new.url, token))
    for line in lines:
        say(line)
    for host in (old, new):
        say(f"errors in the log of {host.name}: {sum(map(host.said, _WORST))}")
    return is_good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
