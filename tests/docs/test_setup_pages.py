"""Set-up pages name the menus, fields and account ids that the adapters know."""

from pathlib import Path

import pytest

from channels_cfg import registry
from channels_cfg.wire import Where
from tests.docs.pages import ROOT

PAGES = {"cams": "setup-cams.md", "8x8": "setup-8x8.md", "meta": "setup-meta.md"}


def test_every_provider_has_a_page() -> None:
    assert PAGES.keys() == registry.adapters().keys()


@pytest.mark.parametrize("slug", PAGES)
def test_page_names_where_the_providers_console_asks_for_our_urls(slug: str) -> None:
    text = (ROOT / "docs" / PAGES[slug]).read_text().replace("*", "")

    for where in registry.adapter(slug).console:
        assert _menu(where) in text, where
    for setting in registry.adapter(slug).account_settings:
        assert setting.label in text


def test_menus_and_fields_of_cams_stand_in_one_row() -> None:
    rows = _rows(ROOT / "docs" / PAGES["cams"])

    for where in registry.adapter("cams").console:
        in_row = [row for row in rows if _menu(where) in row and where.field in row]
        assert any(where.channel_type in row.lower() for row in in_row), where


def test_front_page_has_the_paths_of_whatsapp_at_cams() -> None:
    text = (ROOT / "README.md").read_text().replace("*", "")
    one_line = " ".join(text.split())

    for where in registry.adapter("cams").console:
        if where.channel_type == "whatsapp":
            assert _menu(where) in one_line
            assert where.field in one_line


def _menu(where: Where) -> str:
    """Return the menu without what is the same for all of CAMS, or a second way."""
    menu = where.menu.removeprefix("Channel Management > Manage > ")
    return menu.partition(", or ")[0]


def _rows(page: Path) -> list[str]:
    return [line for line in page.read_text().splitlines() if line.startswith("|")]
