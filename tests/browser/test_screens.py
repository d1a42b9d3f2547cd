"""Every screen: no violation of accessibility, no sideways scrolling on a phone."""

import pytest

from tests.browser import axe, demo
from tests.browser.chromium import Page
from tests.browser.screens import screens

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="session")
def source() -> str:
    """axe-core's source; without it the tests that need it are skipped, loudly."""
    found = axe.script()
    if not found:
        pytest.skip("BROWSER TESTS NOT RUN: axe-core cannot be fetched (npm)")
    return found


@pytest.mark.timeout(400)  # two busy cores look at some forty screens
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(
    page: Page, source: str, scheme: str, troubles: list[str]
) -> None:
    demo.fill()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []

    for path in screens():
        page.goto(path)
        found += [f"{path} {trouble}" for trouble in troubles]
        found += [f"{path} {each}" for each in axe.violations(page, source)]
        troubles.clear()  # axe's own attempts at styles

    assert not found, "\n".join(found)


_OPENED = (  # a path, what opens something there, and what is opened
    ("/admin/receipts/", "#facets summary:has-text('Status')", "#facets"),
    ("/admin/receipts/", ".list-tools summary:has-text('Columns')", ".list-tools"),
    ("/admin/receipts/", ".list-tools summary:has-text('Export')", ".list-tools"),
    ("/admin/receipts/", ".look button >> nth=0", "#side"),
    ("/admin/messages/", ".look button >> nth=0", "#side"),
    ("/admin/", ".over-two summary", ".over-two"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens_on_a_screen(
    page: Page, source: str, scheme: str, troubles: list[str]
) -> None:
    demo.fill()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []

    for path, opener, opened in _OPENED:
        page.goto(path)
        page.wait_for_selector(".facets:not([aria-busy]) details, .tiles")
        page.click(opener)
        page.wait_for_load_state("networkidle")
        # Not the rows: what is open hides some in part.
        wrong = axe.violations(page, source, opened)
        found += [f"{path} {opened} {each}" for each in wrong]
    page.keyboard.press("?")
    found += [f"keys {each}" for each in axe.violations(page, source, "dialog.keys")]
    troubles.clear()  # axe's own attempts at styles

    assert page.locator("dialog.keys[open]").count() == 1
    assert not found, "\n".join(found)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("width", [375, 600])  # 600: 1200 at a zoom of 200 %
def test_no_screen_scrolls_sideways(page: Page, width: int) -> None:
    demo.fill()
    page.set_viewport_size({"width": width, "height": 700})
    wide = []

    for path in screens():
        page.goto(path)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            wide.append(f"{path} by {over} px")

    assert not wide, "\n".join(wide)
