"""Which browser there is; None and the reason where there is none."""

import importlib.util
import os
import shutil
from dataclasses import dataclass
from typing import Any, TypeAlias

# Playwright need not be installed where types are checked.
Browser: TypeAlias = Any
Page: TypeAlias = Any

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Containers have no user namespaces for its sandbox; the pages are our own.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A Chromium on this machine, or the reason why there is none."""

    path: str = ""
    missing: str = ""


def find() -> Found:
    """Return Debian's Chromium, another, or the one that ``CHROMIUM`` names."""
    if importlib.util.find_spec("playwright") is None:
        return Found(missing="Playwright is not installed (requirements/browser.txt)")
    named = os.environ.get("CHROMIUM", "")
    for name in (named, *_NAMES):
        if name and (path := shutil.which(name)):
            return Found(path=path)
    return Found(missing="no Chromium is installed (apt-get install chromium)")
