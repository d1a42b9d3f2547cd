"""The explorer in a browser: facets, a row beside the list, live news, keys, copies."""

import re
from datetime import datetime

import pytest
import requests

from receipts.models import Message, Receipt
from receipts.processing.drain import drain
from tests.browser import demo
from tests.browser.chromium import Page

expect = pytest.importorskip(
    "playwright.sync_api", reason="BROWSER TESTS NOT RUN: no Playwright"
).expect
pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/receipts/"
# All that the demo tells. After 13:00 UTC a part of it is older than the list's usual day.
ALL = f"{LIST}?range=7d"
# What a page on plain HTTP, beyond this machine, has: no clipboard at all.
_NO_CLIPBOARD = """
Object.defineProperty(Navigator.prototype, "clipboard", {get: () => undefined});
document.addEventListener("copy", () => { window.copied = String(getSelection()) ||
    document.activeElement.value; });
"""


def test_facet_narrows_the_list_and_its_chip_widens_it_again(page: Page) -> None:
    demo.fill()
    page.goto(ALL)

    page.locator("#facets summary", has_text="Status").click()
    page.locator("#facets a", has_text="failed").click()

    page.wait_for_url("**/admin/receipts/?range=7d&status=failed")
    failed = Receipt.objects.filter(status="failed").count()
    expect(page.locator(".list tbody tr")).to_have_count(failed)
    expect(page.locator("#facets .total")).to_contain_text(f"{failed} match")
    page.locator(".scope a.drop", has_text="Status").click()
    expect(page.locator(".list tbody tr")).to_have_count(50)


def test_row_is_looked_at_beside_the_list_by_keys_alone(page: Page) -> None:
    demo.fill()
    page.goto(LIST)

    for key in ("j", "j", "k", "j", "p"):
        page.keyboard.press(key)

    expect(page.locator("#side")).to_contain_text("Raw item")
    expect(page.locator("tr.is-looked-at")).to_have_count(1)
    second = page.locator(".list tbody tr").nth(1)
    expect(second).to_have_class(re.compile("is-looked-at"))
    page.keyboard.press("Escape")
    expect(page.locator("#side h2")).to_have_count(0)
    expect(second.locator(".look button")).to_be_focused()


def arrive(portal: str) -> None:
    """Let two receipts arrive, and be read."""
    for body in demo.later():
        url = f"{portal}/callbacks/asia/any"
        assert requests.post(url, json=body, timeout=10).status_code == 200
    drain()


def test_news_never_move_the_row_under_the_pointer_and_can_be_paused(
    page: Page, portal: str
) -> None:
    demo.fill()
    page.goto(LIST)
    row, news = page.locator(".list tbody tr").nth(3), page.locator("#news")
    row.hover()
    before = row.bounding_box(), row.inner_text()
    arrive(portal)

    expect(news).to_contain_text("2 new", timeout=15000)
    assert (row.bounding_box(), row.inner_text()) == before
    page.keyboard.press(".")
    expect(news).to_contain_text("Live is paused")
    page.wait_for_timeout(200)  # until htmx has taken the new button in hand
    page.keyboard.press(".")
    news.locator("a").click()
    page.wait_for_load_state("networkidle")
    expect(news.locator("a")).to_have_count(0)
    expect(page.locator(".list tbody tr").first).to_contain_text("asia")


def test_columns_are_chosen_and_kept_as_a_view(page: Page) -> None:
    demo.fill()
    page.goto(ALL)

    page.locator("summary", has_text="Columns").click()
    page.get_by_role("checkbox", name="Marks").uncheck()
    page.get_by_role("checkbox", name="Message ID").check()
    page.get_by_role("button", name="Show these").click()
    page.locator("summary", has_text="Save view").click()
    page.get_by_label("Name of these filters").fill("With ids")
    page.get_by_role("button", name="Save", exact=True).click()

    page.goto(LIST)
    page.get_by_role("link", name="With ids").click()
    expect(page.locator(".list thead")).to_contain_text("Message ID")
    expect(page.locator(".list thead")).not_to_contain_text("Marks")
    expect(page.locator("#f-range")).to_have_value("7d")


@pytest.mark.parametrize("has_clipboard", [True, False])
def test_ids_are_copied_also_where_the_browser_has_no_clipboard(
    page: Page, has_clipboard: bool
) -> None:
    demo.fill()
    message = Message.objects.latest("last_at")
    if has_clipboard:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    else:
        page.add_init_script(_NO_CLIPBOARD)
    page.goto(f"/admin/messages/{message.pk}/")

    button = page.locator(f"[data-copy='{message.message_id}']").first
    button.click()

    expect(button).to_contain_text("Copied")
    read = "navigator.clipboard.readText()" if has_clipboard else "window.copied"
    assert page.evaluate(read) == message.message_id


def test_times_tell_utc_and_local_on_hover_and_on_focus(page: Page) -> None:
    demo.fill()
    page.goto(LIST)
    first = page.locator(".list tbody th a").first
    tip = page.locator("#time-tip")

    first.focus()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).not_to_be_visible()
    first.locator("time").hover()

    expect(tip).to_contain_text(" UTC")
    expect(tip).to_contain_text("your time")
    assert datetime.fromisoformat(tip.inner_text()[:19]).year > 2000


def test_part_that_cannot_be_loaded_says_so(page: Page, troubles: list[str]) -> None:
    demo.fill()
    page.route("**/side/", lambda route: route.fulfill(status=503, body=""))
    page.goto(LIST)

    page.locator(".look button").first.click()

    expect(page.locator("#trouble")).to_contain_text("could not be loaded (503)")
    troubles.clear()  # the failure that was asked for


def test_file_of_a_list_is_made_in_the_background_and_fetched(page: Page) -> None:
    from receipts.exports import making

    demo.fill()
    page.goto(f"{ALL}&status=failed")

    page.locator("summary", has_text="Export").click()
    page.locator(".drop-body form").get_by_role("button", name="CSV").click()
    expect(page.locator("#exports")).to_contain_text("A link will stand here")
    making.make_exports(5)

    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click(timeout=10000)
    failed = Receipt.objects.filter(status="failed").count()
    assert len(download.value.path().read_text().splitlines()) == failed + 1
