"""What people come to do, from the first click to what they see in the end."""

import re

import pytest
import requests
from django.contrib.auth.models import User

from channels_cfg.models import CallbackPath
from receipts.models import Callback, Conversation, Message, Receipt
from receipts.processing.drain import drain
from tests.browser import demo
from tests.browser.chromium import Page

expect = pytest.importorskip(
    "playwright.sync_api", reason="BROWSER TESTS NOT RUN: no Playwright"
).expect
pytestmark = pytest.mark.django_db(transaction=True)


def push(url: str, body: object) -> None:
    """Push as a provider does, and read what was kept."""
    assert requests.post(url, json=body, timeout=10).status_code == 200
    drain()


def story() -> Conversation:
    """Return the lively conversation of the demo."""
    return Conversation.objects.get(identities__value="ID.13491208655302741918")


def test_newcomer_makes_a_channel_and_sees_the_light_turn_green(
    stranger: Page, portal: str
) -> None:
    User.objects.create_superuser("new", password="a-first-password-4711")
    stranger.goto("/")
    stranger.get_by_label("Username").fill("new")
    stranger.get_by_label("Password").fill("a-first-password-4711")
    stranger.get_by_role("button", name="Log in").click()
    stranger.get_by_role("link", name="Add a channel").click()
    stranger.get_by_role("link", name="whatsapp by Alibaba").click()
    stranger.locator("[name$=key]").first.fill("first")
    stranger.locator("[name$=name]").first.fill("My first channel")
    stranger.get_by_role("button", name="Make the channel").click()
    stranger.goto("/admin/")
    stranger.get_by_role("link", name="My first channel").click()
    expect(stranger.locator("#light")).to_contain_text("waiting")

    stranger.get_by_role("button", name="Send test receipt").click()

    expect(stranger.locator("#light")).to_contain_text("arriving")
    expect(stranger.locator(".messagelist")).to_contain_text("acknowledged")
    drain()
    assert Receipt.objects.exists()


def test_message_is_found_by_its_pasted_id_and_says_why_it_failed(page: Page) -> None:
    demo.fill()
    failed = Message.objects.get(conversation_id=story().pk, status="failed")
    page.goto("/admin/")

    page.keyboard.press("/")
    page.keyboard.type(f"  {failed.message_id} ")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/admin/messages/{failed.pk}/")
    expect(page.locator("#fault + .fault")).to_contain_text("Who must act")
    expect(page.locator("#fault + .fault")).to_contain_text("131049")


def test_quarantined_items_are_tried_dry_and_then_replayed(page: Page) -> None:
    demo.fill()
    for callback in Callback.objects.filter(state="partly"):
        body = bytes(callback.body).replace(b'{"From"', b'{"MessageId": "x", "From"')
        Callback.objects.filter(pk=callback.pk).update(body=body)
    page.goto("/admin/problems/")

    page.get_by_role("link", name="no MessageId").click()
    page.get_by_role("button", name="Dry run").click()
    expect(page.locator("#replayed")).to_contain_text("nothing was changed")
    page.get_by_role("button", name="Replay all").click()

    expect(page.locator("#replayed")).to_contain_text("Replayed.")
    page.get_by_role("link", name="Back to the problems").click()
    expect(page.get_by_role("link", name="no MessageId")).to_have_count(0)


def test_secret_is_rotated_while_the_old_one_goes_on(page: Page, portal: str) -> None:
    demo.fill()
    path = CallbackPath.objects.get(path="asia/any")
    url = f"{portal}/callbacks/{path.path}"
    for secret, how in (("old-secret", ""), ("new-secret", "beside")):
        page.goto(f"/admin/channels_cfg/channel/{path.channel_id}/change/")
        road = page.locator("details.road", has_text=re.compile("asia/any")).first
        road.evaluate("road => road.open = true")
        road.get_by_text("Who may push").click()
        road.locator("[name$=header_name]").fill("X-Secret")
        road.locator("[name$=header_values]").fill(secret)
        if how:
            road.locator("select[name$=header_values_how]").select_option(how)
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".messagelist")).to_contain_text("Saved")

    path.refresh_from_db()
    assert list(path.header_values) == ["new-secret", "old-secret"]
    page.goto("/admin/audit/")
    expect(page.locator("table")).to_contain_text("callback path")
    assert "old-secret" not in page.content()
    assert url


def test_timeline_updates_by_itself_and_leaves_the_reader_where_he_is(
    page: Page, portal: str
) -> None:
    demo.fill()
    page.goto(f"/admin/conversations/{story().pk}/")
    courier = page.locator(".is-mt").last
    expect(courier.locator(".chip").first).to_contain_text("delivered")
    page.evaluate("window.scrollTo(0, 120)")

    said = demo.later()
    for body in said:
        push(f"{portal}/callbacks/asia/any", body)

    expect(page.locator("#fresh")).to_contain_text("One more question", timeout=15000)
    expect(courier.locator(".chip").first).to_contain_text("read")
    assert page.evaluate("window.scrollY") == 120
