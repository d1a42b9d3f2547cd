"""Bodies as they come: base64 of JSON, raw JSON, and neither."""

import base64

import pytest

from channels_cfg.providers.cams.smq import QueueClient
from channels_cfg.providers.cams.smq_body import decode
from channels_cfg.providers.cams.smq_errors import Unreachable
from channels_cfg.providers.cams.smq_xml import read
from tests.smq.server import QUEUE, SmqServer

JSON = '{"Status":"Read","text":"你好 👋"}'.encode()


def in_base64(body: bytes) -> str:
    return base64.b64encode(body).decode()


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (in_base64(JSON), JSON),
        (in_base64(b"[" + JSON + b"]"), b"[" + JSON + b"]"),
        (in_base64(b'"\\ud800"'), b'"\\ud800"'),  # a lone surrogate is JSON still
        (in_base64(b"9" * 9999), b"9" * 9999),
        (in_base64(b"[" * 99999), b"[" * 99999),  # the reader says what is wrong
        (base64.encodebytes(JSON).decode(), JSON),  # lines of 76 characters
        (JSON.decode(), JSON),
        ("1234", b"1234"),  # base64 by chance, but what comes out is no JSON
        ("true", b"true"),
    ],
)
def test_json_is_found_in_base64_or_raw(text: str, body: bytes) -> None:
    assert decode(text) == body


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json, not base64!",
        in_base64(b"not json"),
        in_base64(b"\xff\xfe\x00"),
        in_base64(JSON)[:-3],  # cut off
        "!" + in_base64(JSON),  # strict: a lenient decoder would pass over the mark
        "{'single': 'quotes'}",
        "你好",
    ],
)
def test_what_is_neither_stays_as_it_came(text: str) -> None:
    assert decode(text) == text.encode()


def test_undecodable_body_does_not_hurt_its_neighbours(
    smq: SmqServer, client: QueueClient
) -> None:
    smq.service.put_many(QUEUE, [JSON] * 14)
    smq.service.put_many(QUEUE, [b"poison <&>", JSON], is_raw=True)

    messages = client.receive(0)

    assert sorted(message.body for message in messages) == [b"poison <&>"] + [JSON] * 15
    assert client.delete([message.receipt_handle for message in messages]) == []
    assert len(smq.service.queue(QUEUE)) == 0


def test_text_that_is_cut_by_comments_and_cdata_is_whole() -> None:
    node = read(
        b"<Message><A>one<!-- x -->two<![CDATA[<3>]]></A></Message>", root="Message"
    )

    assert node.texts["A"] == "onetwo<3>"


@pytest.mark.parametrize("text", ["", " ", "-1", "1e5", "9" * 30, "١٢", "later"])
def test_unusable_number_is_none_and_breaks_nothing(text: str) -> None:
    node = read(f"<Message><A>{text}</A></Message>".encode(), root="Message")

    assert node.number("A") == 0
    assert node.time("A") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<Message>",
        b"<html/>",
        b"\x00\xff",
        b'<?xml version="1.0" encoding="no-such"?><Message/>',
        b'<!DOCTYPE Message SYSTEM "file:///etc/passwd"><Message/>',
        b'<!DOCTYPE Message [<!ENTITY a "b">]><Message>&a;</Message>',
    ],
)
def test_answer_that_is_not_the_services_is_unreachable(body: bytes) -> None:
    with pytest.raises(Unreachable):
        read(body, root="Message")
