"""Moving in a long timeline in a browser."""

import pytest
from django.utils import timezone

from receipts.models import Conversation
from tests.browser import demo
from tests.browser.chromium import Page

expect = pytest.importorskip(
    "playwright.sync_api", reason="BROWSER TESTS NOT RUN: no Playwright"
).expect
pytestmark = pytest.mark.django_db(transaction=True)


def test_failure_is_found_among_all_and_seen_in_its_place(page: Page) -> None:
    demo.fill()
    story = Conversation.objects.get(identities__value="ID.13491208655302741918")
    page.goto(f"/admin/conversations/{story.pk}/")
    expect(page.locator(".bubble")).to_have_count(8)

    page.get_by_role("link", name="Failures only").click()
    expect(page.locator(".bubble")).to_have_count(1)
    page.get_by_role("link", name="In its place").click()

    expect(page.locator(".bubble")).to_have_count(8)
    expect(page.locator("li:target .fault")).to_be_in_viewport()


def test_day_without_anything_after_it_shows_the_newest_and_says_so(page: Page) -> None:
    demo.fill()
    story = Conversation.objects.get(identities__value="ID.13491208655302741918")
    page.goto(f"/admin/conversations/{story.pk}/")

    page.get_by_label("Jump to").fill(f"{timezone.now():%Y}-12-31")
    page.get_by_role("button", name="Go").click()

    expect(page.locator(".thread .note")).to_contain_text("Nothing on 31 Dec")
    expect(page.locator(".bubble")).to_have_count(8)
