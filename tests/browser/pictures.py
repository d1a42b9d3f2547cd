"""The pictures of ``docs/images``: which screens, how large, signed in as whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import User
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page, sync_playwright

from channels_cfg.models import Channel
from receipts.exports import making
from receipts.models import Conversation, Message, QuarantinedItem, Template
from tests.browser import chromium, demo

WIDTH, HEIGHT = 1200, 780
_PASSWORD = "demo-only-demo-only"
_FACET = "#facets summary:has-text('Status')"
_LOOK = ".look button >> nth=2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: the screen, and how it is seen."""

    name: str
    path: str
    height: int = HEIGHT
    width: int = WIDTH
    is_dark: bool = False
    opener: str = ""  # what is clicked before the picture is taken


def take_all(executable: str, folder: Path) -> Iterator[Path]:
    """Yield each picture as soon as it is taken."""
    demo.fill()
    sam = User.objects.create_superuser("sam", password=_PASSWORD)
    making.ask_for(
        sam.pk, "receipts", form="csv", filters={"status": "failed"}, is_masked=False
    )
    making.make_exports(5)
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    try:
        yield from _all(f"http://127.0.0.1:{server.port}", executable, folder)
    finally:
        server.terminate()
        connections.close_all()


def _all(base: str, executable: str, folder: Path) -> Iterator[Path]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=[*chromium.ARGUMENTS]
        )
        page = browser.new_page(base_url=base)
        _sign_in(page)
        for shot in _shots():
            yield _take(page, shot, folder)
        browser.close()


def _sign_in(page: Page) -> None:
    page.goto("/admin/login/")
    page.fill("#id_username", "sam")
    page.fill("#id_password", _PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def _take(page: Page, shot: Shot, folder: Path) -> Path:
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    page.emulate_media(color_scheme="dark" if shot.is_dark else "light")
    page.goto(shot.path, wait_until="networkidle")
    if shot.opener:
        page.click(shot.opener)
        page.wait_for_load_state("networkidle")
    path = folder / f"{shot.name}.png"
    page.screenshot(path=path, animations="disabled")
    return path


def _shots() -> Iterator[Shot]:
    story = Conversation.objects.get(identities__value="ID.13491208655302741918")
    failed = Message.objects.get(conversation_id=story.pk, status="failed")
    item = QuarantinedItem.objects.filter(position=0).latest("created_at")
    timeline = f"/admin/conversations/{story.pk}/"
    yield Shot(name="timeline", path=timeline, height=1378)
    yield Shot(name="timeline-dark", path=timeline, is_dark=True, height=900)
    yield Shot(name="timeline-phone", path=timeline, width=375)
    yield Shot(name="overview", path="/admin/", height=960)
    yield Shot(name="overview-dark", path="/admin/", height=960, is_dark=True)
    yield Shot(name="conversations", path="/admin/conversations/")
    message = f"/admin/messages/{failed.pk}/"
    yield Shot(name="message", path=message)
    yield Shot(name="message-phone", path=message, width=375)
    yield Shot(name="messages", path="/admin/messages/")
    yield Shot(name="receipts", path="/admin/receipts/", opener=_FACET)
    yield Shot(name="receipts-side", path="/admin/receipts/", opener=_LOOK)
    yield Shot(name="receipts-dark", path="/admin/receipts/", is_dark=True)
    yield Shot(name="problems", path="/admin/problems/")
    yield Shot(name="item", path=f"/admin/problems/items/{item.pk}/")
    yield Shot(name="templates", path="/admin/templates/")
    paused = Template.objects.get(status="paused")
    yield Shot(name="template", path=f"/admin/templates/{paused.pk}/")
    yield Shot(name="callbacks", path="/admin/callbacks/")
    yield Shot(name="error-codes", path="/admin/codes/")
    channel = Channel.objects.get(key="wa-main")
    yield Shot(name="channel", path=f"/admin/arrivals/{channel.pk}/")
    settings = f"/admin/channels_cfg/channel/{channel.pk}/change/"
    yield Shot(name="channel-settings", path=settings)
    cause = "?of=item&channel=wa-main&cause=no%20MessageId"
    yield Shot(name="cause", path=f"/admin/problems/cause/{cause}")
    yield Shot(name="audit", path="/admin/audit/")
    yield Shot(name="exports", path="/admin/exports/")
