"""Links of the pages: none is broken, and every page is found from docs/README.md."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.docs import pages
from tests.docs.pages import PAGES, ROOT

INDEX = ROOT / "docs" / "README.md"
_FOLDERS = ("docs", "deploy", "tests", "bench", "portal", "receipts", "channels_cfg")
_MENTION = re.compile(rf"(?:{'|'.join(_FOLDERS)})/[\w./-]*\w")
each_page = pytest.mark.parametrize("page", PAGES, ids=pages.name)


def target(page: Path, link: str) -> tuple[Path, str]:
    """Return the file and the anchor that ``link`` on ``page`` leads to."""
    path, _, anchor = link.partition("#")
    return ((page.parent / path).resolve() if path else page), anchor


def is_outside(link: str) -> bool:
    return link.startswith(("http://", "https://", "mailto:"))


@each_page
def test_links_and_images_lead_to_what_is_there(page: Path) -> None:
    for link in pages.links(page):
        if is_outside(link):
            continue
        file, anchor = target(page, link)

        assert file.exists(), link
        assert file.is_relative_to(ROOT), link
        if anchor:
            assert anchor in pages.anchors(file), link


@each_page
def test_files_that_are_named_are_there(page: Path) -> None:
    for span in pages.spans(page):
        path = span.partition(" ")[0]
        if _MENTION.fullmatch(path) and "NNNN" not in path:
            assert (ROOT / path).exists(), span


def test_every_page_is_found_from_the_index() -> None:
    found, waiting = {INDEX}, [INDEX]
    while waiting:
        page = waiting.pop()
        linked = {target(page, link)[0] for link in pages.links(page)}
        # A link to a folder leads to what GitHub lists there.
        inside = {one for each in linked if each.is_dir() for one in each.glob("*.md")}
        new = {one for one in linked | inside if one.suffix == ".md"} & set(PAGES)
        waiting += new - found
        found |= new

    # The front page leads to the index, not the other way round.
    assert set(PAGES) - found - {ROOT / "README.md"} == set()
    assert INDEX in {
        target(ROOT / "README.md", link)[0] for link in pages.links(ROOT / "README.md")
    }


def test_index_itself_lists_every_page_of_the_folder() -> None:
    listed = {target(INDEX, link)[0] for link in pages.links(INDEX)}

    assert set((ROOT / "docs").glob("*.md")) - listed == {INDEX}


@each_page
def test_no_page_waits_for_a_figure(page: Path) -> None:
    assert re.findall(r"@@\w+@@|^[A-Z_]{5,}$", page.read_text(), re.MULTILINE) == []


@each_page
def test_data_in_blocks_is_well_formed(page: Path) -> None:
    for block in pages.blocks(page):
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "yaml":
            yaml.safe_load(block.text)


def test_broken_link_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One `two`, three\n\n[a](b.md#c) ![d](e.png) `[f](g)`\n")

    assert pages.links(page) == ["b.md#c", "e.png"]
    assert pages.anchors(page) == {"one-two-three"}
