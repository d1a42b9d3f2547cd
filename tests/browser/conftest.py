"""A browser, a running portal, and somebody who is signed in."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from channels_cfg.services import error_codes
from receipts.intake.routes import known_routes
from receipts.processing import directory
from tests.browser import chromium
from tests.browser.chromium import Browser, Page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one every test here is skipped, loudly."""
    found = chromium.find()
    if found.missing:
        pytest.skip(f"BROWSER TESTS NOT RUN: {found.missing}")
    # Playwright's loop runs in this thread; nothing else of it is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=found.path, args=[*chromium.ARGUMENTS]
        )
        yield launched
        launched.close()


@pytest.fixture
def portal(live_server: LiveServer, settings: Settings) -> str:
    """The address of a running portal, console and door in one process."""
    settings.PUBLIC_BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    directory.forget()
    known_routes.load()
    error_codes.load()
    return str(live_server.url)


@pytest.fixture
def troubles() -> list[str]:
    """What the browser's console called an error; a test ends well without any."""
    return []


@pytest.fixture
def stranger(browser: Browser, portal: str, troubles: list[str]) -> Iterator[Page]:
    """A page of somebody who has not signed in."""
    context = browser.new_context(base_url=portal)
    page = context.new_page()
    page.set_default_timeout(8000)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.extend(_errors(said)))
    yield page
    context.close()
    assert not troubles


def _errors(said: Any) -> list[str]:
    return [said.text] if said.type == "error" else []


@pytest.fixture
def page(stranger: Page, portal: str) -> Page:
    """A page of a superuser."""
    client = Client()
    client.force_login(User.objects.create_superuser("sam"))
    cookies = [
        {"name": name, "value": morsel.value, "url": portal}
        for name, morsel in client.cookies.items()
    ]
    stranger.context.add_cookies(cookies)
    return stranger
