"""axe-core: fetched from the npm registry once, kept in the user's cache."""

import shutil
import subprocess
import tarfile
from pathlib import Path

from tests.browser.chromium import Page

VERSION = "4.10.3"
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
    command = [npm, "pack", f"axe-core@{VERSION}", "--pack-destination", str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    packed = folder / f"axe-core-{VERSION}.tgz"
    if done.returncode or not packed.exists():
        return False
    with tarfile.open(packed) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        file.write_bytes(member.read())
    packed.unlink()
    return True


def violations(page: Page, source: str) -> list[str]:
    """Return what is wrong on ``page``: rule, help, and the first element."""
    page.evaluate(source)
    options = {"runOnly": {"type": "tag", "values": _TAGS}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in found["violations"]
    ]
