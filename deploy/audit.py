"""Ask the advisory service about what we depend on. Never fails: it may be out of reach."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NotRequired, TypedDict

LOCK = Path(__file__).resolve().parent.parent / "requirements/run.txt"
COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--requirement", str(LOCK)),
    *("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json"),
)
PATIENCE_S = 90


class Weakness(TypedDict):
    """A known weakness of a dependency, as pip-audit writes it."""

    id: str
    fix_versions: list[str]


class Dependency(TypedDict):
    """One dependency; ``skip_reason`` is there when nothing could be learnt of it."""

    name: str
    version: str
    vulns: list[Weakness]
    skip_reason: NotRequired[str]


def main() -> None:
    """Print one line, and one more for each known weakness."""
    asked = [one for one in ask() if "skip_reason" not in one]
    if not asked:
        print("Dependencies: not audited, the advisory service could not be asked.")
        return
    weak = [(one, each) for one in asked for each in one["vulns"]]
    print(f"Dependencies: {len(asked)} audited, {len(weak)} known weaknesses.")
    for one, each in weak:
        mended = ", ".join(each["fix_versions"]) or "no version yet"
        print(f"  {one['name']} {one['version']}: {each['id']}, mended in {mended}")


def ask() -> list[Dependency]:
    """Return what the service says of each dependency; nothing if it says nothing."""
    try:
        done = subprocess.run(
            COMMAND, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        found: list[Dependency] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []
    return found


if __name__ == "__main__":
    main()
