"""Bodies are cut and items decoded whatever strangers put into them."""

import gzip
import json
import time

import pytest

from channels_cfg.json_text import MAX_DEPTH, MAX_ITEMS, load_item, split_array
from channels_cfg.wire import BadBody, BadItem

DEEP = b"[" * 5000 + b"]" * 5000


def nest(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


def test_array_is_cut_into_items_that_keep_their_bytes() -> None:
    body = '[{"a": "é"},\n {"b" : [1, 2]} , "x", 7]'.encode()

    elements = split_array(body)

    assert elements == ['{"a": "é"}'.encode(), b'{"b" : [1, 2]}', b'"x"', b"7"]


@pytest.mark.parametrize("body", [b"[]", b" [ ] \n", b"\xef\xbb\xbf[]"])
def test_empty_array_holds_nothing(body: bytes) -> None:
    assert split_array(body) == []


@pytest.mark.parametrize("body", [b'{"a":1}', b' {"a":1}\r\n', b'\xef\xbb\xbf{"a":1}'])
def test_object_is_the_one_item(body: bytes) -> None:
    assert split_array(body) == [b'{"a":1}']


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "neither"),
        (b"  \n", "neither"),
        (b"42", "neither"),
        (b'"text"', "neither"),
        (b"null", "neither"),
        (b"a=1&b=2", "neither"),
        (b"<xml/>", "neither"),
        (gzip.compress(b"[]", mtime=0), "gzip"),
        (b'[{"a":"\xff"}]', "UTF-8 at byte 7"),
        (b'[{"a":"\xed\xa0\x80"}]', "UTF-8"),
        ("[1]".encode("utf-16"), "UTF-8"),
        (b"[NaN]", "NaN"),
        (b'{"a":Infinity}', "Infinity"),
        (b'[{"a":1},{"b":-Infinity}]', "Infinity"),
        (b"[1,]", "not JSON"),
        (b"[1 2]", "not JSON"),
        (b"[01]", "not JSON"),
        (b"[1", "not JSON"),
        (b"[1] x", "after the end"),
        (b'{"a":1}{"b":2}', "after the end"),
        (b'[{"a":"\\x"}]', "not JSON"),
        (b"[" * 5000, "not JSON"),
        (b'[{"a":1},' + b"[" * 5000, "not JSON"),
        (DEEP, "deep"),
        (nest(5000), "deep"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_body_that_is_no_json_array_or_object_is_bad(body: bytes, reason: str) -> None:
    with pytest.raises(BadBody, match=reason):
        split_array(body)


@pytest.mark.parametrize("odd", [DEEP, b'{"x":' + DEEP + b"}"])
def test_one_deep_item_is_bad_and_its_neighbours_are_read(odd: bytes) -> None:
    first, deep, last = split_array(b'[{"a":1}, ' + odd + ' ,{"b":"é"}]'.encode())

    assert deep == odd
    assert (load_item(first), load_item(last)) == (
        ({"a": 1}, False),
        ({"b": "é"}, False),
    )
    with pytest.raises(BadItem, match="deep"):
        load_item(deep)


def test_depth_ends_at_the_same_level_everywhere() -> None:
    assert load_item(split_array(nest(MAX_DEPTH))[0])
    assert load_item(split_array(b"[1," + nest(MAX_DEPTH) + b"]")[1])
    with pytest.raises(BadItem):
        load_item(split_array(b"[1," + nest(MAX_DEPTH + 1) + b"]")[1])
    with pytest.raises(BadBody):
        split_array(nest(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a":"x\\u0000y"}', {"a": "x\ufffdy"}),
        (b'{"a\\u0000":["\\u0000"]}', {"a\ufffd": ["\ufffd"]}),
        (b'{"a":"\\ud800"}', {"a": "\ufffd"}),
        (b'{"a":"\\udc00\\ud83d\\ude00"}', {"a": "\ufffd\U0001f600"}),
        (b'{"\\uD83D":{"b":"\\uDC00"}}', {"\ufffd": {"b": "\ufffd"}}),
        (b'{"a":"two\nlines"}', {"a": "two\nlines"}),
        (b'{"a":"\x00"}', {"a": "\ufffd"}),
    ],
)
def test_text_no_database_can_hold_is_sanitised(raw: bytes, expected: object) -> None:
    (element,) = split_array(b"[" + raw + b"]")

    assert element == raw
    assert load_item(element) == (expected, True)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a":"\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        (b'{"a":"\\\\u0000 \\\\ud800"}', {"a": "\\u0000 \\ud800"}),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b'{"a":9223372036854775807}', {"a": 2**63 - 1}),
        (b'{"a":2023078469463703123456}', {"a": "2023078469463703123456"}),
        (b'{"a":' + b"9" * 400 + b"}", {"a": "9" * 400}),
        (b'{"a":[-' + b"9" * 5000 + b"]}", {"a": ["-" + "9" * 5000]}),
        (b'{"a":1e999}', {"a": "1e999"}),
        (b'{"a":-1e999,"b":"\\ud800"}', {"a": "-1e999", "b": "\ufffd"}),
    ],
)
def test_odd_but_storable_items_are_read(raw: bytes, expected: object) -> None:
    (element,) = split_array(raw)

    assert load_item(element)[0] == expected


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"NaN", b'{"a":"\\x"}'])
def test_item_that_is_no_json_is_bad(raw: bytes) -> None:
    with pytest.raises(BadItem):
        load_item(raw)


def test_odd_element_does_not_change_how_the_others_are_cut() -> None:
    usual = [b'{"a": [1, {"b": "]},{"}]}', b'"\\"],["', b"null", b"-1.5e3"]

    elements = split_array(b"[" + b" ,\n".join([*usual, b'"\\ud800"']) + b"]")

    assert elements[:-1] == usual


def test_20_000_items_are_cut_in_no_time() -> None:
    item = json.dumps({"MessageId": "2" * 22, "Status": "Delivered", "x": "y" * 300})
    body = ("[" + ",".join([item] * 20_000) + "]").encode()

    began = time.perf_counter()
    elements = split_array(body)
    took = time.perf_counter() - began

    assert len(elements) == 20_000
    assert took < 0.5  # usually 0.02; a shared machine may be slow


def test_more_items_than_any_body_can_mean_are_a_bad_body() -> None:
    assert len(split_array(b"[" + b"1," * (MAX_ITEMS - 1) + b"1]")) == MAX_ITEMS
    with pytest.raises(BadBody, match="300001 items"):
        split_array(b"[" + b"1," * MAX_ITEMS + b"1]")


def test_string_without_an_end_costs_one_look_at_the_text() -> None:
    began = time.perf_counter()
    with pytest.raises(BadBody):
        split_array(b"[" * 3000 + b'"' + b'\\"' * 1_000_000)

    assert time.perf_counter() - began < 2  # usually 0.05; quadratic would be hours
