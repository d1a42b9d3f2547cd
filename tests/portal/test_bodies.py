"""Chunked bodies that our edge passes on are given a length."""

from io import BytesIO

from portal.bodies import give_length


def _given(environ: dict[str, object], body: bytes, limit: int = 10) -> bytes:
    environ["wsgi.input"] = BytesIO(body)
    give_length(environ, limit)
    stream = environ["wsgi.input"]
    assert isinstance(stream, BytesIO)
    return stream.getvalue()


def test_chunked_body_gets_its_length() -> None:
    environ: dict[str, object] = {"HTTP_TRANSFER_ENCODING": "chunked"}

    assert _given(environ, b"hello") == b"hello"
    assert environ["CONTENT_LENGTH"] == "5"
    assert "HTTP_TRANSFER_ENCODING" not in environ


def test_too_large_chunked_body_is_read_one_byte_past_the_limit() -> None:
    environ: dict[str, object] = {"HTTP_TRANSFER_ENCODING": "chunked"}

    _given(environ, b"x" * 50)

    assert environ["CONTENT_LENGTH"] == "11"


def test_body_with_a_length_is_left_alone() -> None:
    environ: dict[str, object] = {"CONTENT_LENGTH": "5"}
    stream = environ["wsgi.input"] = BytesIO(b"hello")

    give_length(environ, 10)

    assert environ["wsgi.input"] is stream
    assert stream.tell() == 0
