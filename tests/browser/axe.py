"""axe-core: fetched from the npm registry once, kept in the user's cache."""

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from tests.browser.chromium import Page

VERSION = "4.10.3"
_SHA256 = "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def script() -> str:
    """Return axe-core's source; '' where it cannot be had."""
    folder = Path.home() / ".cache" / "receipt-portal"
    file = folder / f"axe-{VERSION}.min.js"
    if not file.exists() and not _fetch(folder, file):
        return ""
    return file.read_text()


def _fetch(folder: Path, file: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / f"fetching-{os.getpid()}"
    own.mkdir(exist_ok=True)
    command = [npm, "pack", f"axe-core@{VERSION}", "--pack-destination", str(own)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return False
    packed = own / f"axe-core-{VERSION}.tgz"
    if done.returncode or not packed.exists():
        return False
    with tarfile.open(packed) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        source = member.read()
    shutil.rmtree(own)
    if hashlib.sha256(source).hexdigest() != _SHA256:
        return False  # not what was looked at when its version was chosen
    # At once: workers of a test run may fetch it side by side.
    part = file.with_suffix(f".{os.getpid()}")
    part.write_bytes(source)
    part.replace(file)
    return True


def violations(page: Page, source: str, within: str = "html") -> list[str]:
    """Return what is wrong on ``page``: rule, help, and the first element."""
    page.evaluate(source)
    options = {"runOnly": {"type": "tag", "values": _TAGS}}
    asked = {"within": within, "options": options}
    run = "({within, options}) => axe.run(within, options)"
    found = page.evaluate(run, asked)
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in found["violations"]
    ]
