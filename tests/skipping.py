"""Tests that need a program which is not everywhere: skipped, but never quietly."""

from typing import NoReturn

import pytest

MARK = "TESTS NOT RUN"


def skip_loudly(program: str, what: str) -> NoReturn:
    """Skip this test; the end of the run says so (tests/conftest.py)."""
    pytest.skip(f"{program} {MARK}: {what}")
