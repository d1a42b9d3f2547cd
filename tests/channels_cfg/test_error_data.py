"""The error dictionary's data is complete, consistent and in known words."""

import re
from collections import Counter

import msgspec
import pytest

from channels_cfg import errors
from channels_cfg.errors import CATEGORIES, OWNERS, ErrorRow

ROWS = {(row.provider, row.code): row for row in errors.rows()}
# 8x8's WhatsApp codes from 1000 on, in order: the codes of Meta that they stand for.
JOINED = [
    "0",
    "3",
    "4",
    "10",
    "33",
    "100",
    "190",
    "368",
    "80007",
    "130429",
    "130472",
    "130497",
    "131000",
    "131005",
    "131008",
    "131009",
    "131016",
    "131021",
    "131026",
    "131031",
    "131037",
    "131045",
    "131047",
    "131048",
    "131049",
    "131051",
    "131052",
    "131053",
    "131056",
    "131057",
    "132000",
    "132001",
    "132005",
    "132007",
    "132012",
    "132015",
    "132016",
    "132068",
    "132069",
    "133000",
    "133004",
    "133005",
    "133006",
    "133008",
    "133009",
    "133010",
    "133015",
    "133016",
    "135000",
    "2593107",
    "2593108",
    "131050",
    "138017",
    "138009",
    "131062",
]
META = f"""
    0 190 1 2 3 10 131005 4 80007 130429 33 100 131008 131009 368 130472 130497 131000
    131016 131021 131026 131030 131031 131037 131042 131045 131047 131048 131049 131050
    131051 131052 131053 131055 131056 131057 131063 132000 132001 132005 132007 132012
    132015 132016 132068 132069 133000 133005 133006 133008 133009 133015 133016 133004
    133010 134011 134100 134101 134102 135000 137000 470 471 472 480
    {" ".join(str(code) for code in range(200, 300))}
""".split()
# Which codes stand in which category, where the reference names them.
BY_CATEGORY = {
    "recipient_invalid": ("8x8:15 8x8:29 8x8:1017 8x8:2023 meta:131021"),
    "not_on_channel": "8x8:1 8x8:9 8x8:2008 8x8:2009",
    "unreachable": "8x8:46 8x8:1018 meta:131026",
    "blocked_or_opted_out": "8x8:1051 8x8:2007 meta:131050",
    "window_closed": "8x8:61 8x8:1022 8x8:2014 meta:131047",
    "expired": "8x8:36 8x8:2013",
    "template": "8x8:1030 8x8:1035 8x8:1037 8x8:2020 8x8:2021 meta:132001",
    "content_or_media": "8x8:2 8x8:1025 8x8:1027 8x8:2004 8x8:2015 8x8:2025 meta:131053",
    "request_invalid": "8x8:3 8x8:18 8x8:1005 8x8:1054 8x8:2003 8x8:2022 meta:131008",
    "policy_or_suppressed": "8x8:25 8x8:41 8x8:43 8x8:1007 8x8:1024 meta:131048",
    "rate_limited": "8x8:11 8x8:1002 8x8:1028 8x8:1038 8x8:1049 meta:132069",
    "sender_setup": "8x8:1000 8x8:1013 8x8:1039 8x8:1050 8x8:2002 meta:131045",
    "credit": "8x8:42 meta:131042",
    "provider_fault": "8x8:14 8x8:23 8x8:1012 8x8:1040 8x8:2001 8x8:2006 meta:133004",
    "other": "8x8:57 8x8:1048 8x8:1052 8x8:1053 8x8:2000 meta:135000",
}


def test_every_code_is_there_once() -> None:
    counted = Counter((row.provider, row.code) for row in errors.rows())

    assert counted.most_common(1)[0][1] == 1


@pytest.mark.parametrize("provider", ["meta", "cams"])
def test_every_upstream_code_is_there(provider: str) -> None:
    assert [code for code in META if (provider, code) not in ROWS] == []


def test_every_cams_row_names_the_meta_code_it_passes_on() -> None:
    passed_on = [row for row in ROWS.values() if row.provider == "cams"]

    assert len(passed_on) == sum(1 for provider, _ in ROWS if provider == "meta")
    for row in passed_on:
        assert row.upstream_code == row.code
        assert row.category == ROWS["meta", row.code].category


def test_every_general_and_viber_code_of_8x8_is_there() -> None:
    general = [str(code) for code in range(62) if code != 6]
    viber = [str(code) for code in range(2000, 2026) if code != 2011]

    assert [code for code in general + viber if ("8x8", code) not in ROWS] == []
    assert ("8x8", "6") not in ROWS
    assert ("8x8", "2011") not in ROWS


@pytest.mark.parametrize(("at", "meta"), list(enumerate(JOINED)))
def test_whatsapp_code_of_8x8_is_joined_to_that_of_meta(at: int, meta: str) -> None:
    row, joined = ROWS["8x8", str(1000 + at)], ROWS["meta", meta]

    assert row.upstream_code == meta
    assert (row.title, row.meaning) == (joined.title, joined.meaning)
    assert (row.category, row.transient) == (joined.category, joined.transient)


def test_no_whatsapp_code_of_8x8_is_made_up() -> None:
    listed = [code for provider, code in ROWS if provider == "8x8"]

    assert sum(1000 <= int(code) < 2000 for code in listed) == len(JOINED) == 55


@pytest.mark.parametrize("category", BY_CATEGORY)
def test_codes_stand_in_the_category_of_the_reference(category: str) -> None:
    named = [each.split(":") for each in BY_CATEGORY[category].split()]

    assert {ROWS[provider, code].category for provider, code in named} == {category}


def test_words_are_known_and_texts_are_whole_sentences() -> None:
    assert set(BY_CATEGORY) == set(CATEGORIES)
    for row in ROWS.values():
        assert row.category in CATEGORIES
        assert row.owner in OWNERS
        assert re.fullmatch(r"[0-9]{1,10}", row.code)
        assert row.title
        assert not row.title.endswith(".")
        assert len(row.title) <= 200
        assert row.meaning.endswith(".")
        assert row.advice == "Nothing to do." or len(row.advice) > 15
        assert row.advice.endswith(".")


@pytest.mark.parametrize(
    ("code", "transient"),
    [("131049", True), ("131056", True), ("131026", False), ("131050", False)],
)
def test_resend_makes_sense_only_where_waiting_helps(
    code: str, transient: bool
) -> None:
    assert ROWS["meta", code].transient is transient


def test_opted_out_person_is_never_written_to_again() -> None:
    for provider, code in (("meta", "131050"), ("8x8", "1051"), ("8x8", "2007")):
        row = ROWS[provider, code]

        assert (row.owner, row.transient) == ("recipient", False)
        assert row.advice.startswith("Never send it again")


def test_token_is_ours_at_meta_and_the_providers_elsewhere() -> None:
    owners = [ROWS[p, c].owner for p, c in (("meta", "190"), ("cams", "190"))]

    assert owners == ["us", "provider"]
    assert ROWS["8x8", "1006"].owner == "provider"
    assert ROWS["cams", "131042"].owner == "finance"


def test_word_left_out_of_a_file_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError, match="missing required field"):
        msgspec.convert({"provider": "meta", "code": "1"}, type=ErrorRow)
