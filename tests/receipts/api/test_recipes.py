"""The recipes of docs/api.md, run as they stand."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from receipts.exports import making
from tests.receipts.api import factories

GUIDE = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
RECIPES = re.findall(r"^```(sh|python|javascript)\n(.*?)^```$", GUIDE, re.M | re.S)
# The calls of the recipes are the same in both.
HTTPX = "import httpx" if find_spec("httpx") else "import requests as httpx"


@pytest.fixture
def environment(live_server: Any, settings: Any) -> dict[str, str]:
    """What the recipes expect, and something for them to find."""
    settings.PUBLIC_BASE_URL = live_server.url
    channel = factories.make_channel()
    person = factories.make_conversation(channel, ("phone", "8613800138678"))
    factories.make_message(channel, message_id="m1", conversation_id=person.pk)
    factories.make_receipt(channel, status="failed", error_code="131026")
    token = factories.make_token()
    return {**os.environ, "URL": live_server.url, "TOKEN": token}


@pytest.fixture
def maker() -> Iterator[None]:
    """Exports are made, as a worker would."""
    stopping = threading.Event()

    def work() -> None:
        while not stopping.wait(0.2):
            making.make_exports(for_seconds=1)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stopping.set()
    thread.join()


def command(language: str, recipe: str) -> list[str]:
    """Return what runs a recipe."""
    if language == "sh":
        return ["bash", "-euo", "pipefail", "-c", recipe]
    if language == "python":
        return [sys.executable, "-c", recipe.replace("import httpx", HTTPX)]
    return ["node", "--input-type=module", "-e", recipe]


@pytest.mark.parametrize(("language", "recipe"), RECIPES)
def test_recipe_runs_as_it_stands(
    environment: dict[str, str], maker: None, language: str, recipe: str
) -> None:
    if language == "javascript" and shutil.which("node") is None:
        pytest.skip("no node here")

    ran = subprocess.run(
        command(language, recipe), env=environment, capture_output=True, timeout=60
    )

    assert ran.returncode == 0, ran.stderr.decode() + ran.stdout.decode()
    assert ran.stdout.strip() or "quarantine" in recipe


def test_guide_has_recipes_in_three_languages() -> None:
    assert {language for language, _ in RECIPES} == {"sh", "python", "javascript"}
