"""``make run``'s supervisor, with the campaign's hooks in the path of its children."""

import os
import sys
from pathlib import Path

from portal.runtime import processes, up
from portal.runtime.config import Config

_HOOKS = Path(__file__).with_name("hooks")


def _with_hooks(config: Config) -> None:
    _environment(config)
    os.environ["PYTHONPATH"] = f"{_HOOKS}{os.pathsep}{os.environ['PYTHONPATH']}"


if __name__ == "__main__":
    _environment = processes.environment
    processes.environment = _with_hooks
    sys.exit(up.main(sys.argv[1:]))
