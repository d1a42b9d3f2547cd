"""``python -m bench NAME``: leads to the measurement or campaign of that name."""

import sys
from collections.abc import Sequence
from importlib import import_module

# Imported when asked for: some set Django up, each for an environment of its own.
_MODULES = {
    "bench": "bench.speed",
    "bench-large": "bench.large",
    "faults": "bench.faults.campaign",
    "fuzz": "bench.fuzz",
    "held": "bench.held",
    "hosts": "bench.hosts",
    "kills": "bench.kills",
    "outage": "bench.outage",
    "queue": "bench.queue.campaign",
    "restarts": "bench.restarts",
    "upgrade": "bench.upgrade",
}


def main(arguments: Sequence[str]) -> int:
    """Run what the first argument names; the rest is its own."""
    name = arguments[0] if arguments else ""
    if name not in _MODULES:
        print(f"Name one of {', '.join(_MODULES)}.", file=sys.stderr)
        return 2
    return int(import_module(_MODULES[name]).main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
