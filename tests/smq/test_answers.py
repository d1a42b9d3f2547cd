"""Answers of the queue service as values, whole or with parts missing."""

import pytest

from channels_cfg.providers.cams import smq_answers
from channels_cfg.providers.cams.smq_errors import Unreachable
from channels_cfg.providers.cams.smq_http import Answer

BARE = "<Message><MessageBody>{}</MessageBody></Message>"
DIGEST = "99914B932BD37A50B983C5E7C90AE93B"  # of {}


def batch(*messages: str, namespace: str = "") -> Answer:
    return Answer(200, f"<Messages{namespace}>{''.join(messages)}</Messages>".encode())


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://mns.aliyuncs.com/doc/v2/"'])
def test_message_without_its_fields_is_kept(namespace: str) -> None:
    (message,) = smq_answers.messages(batch(BARE, namespace=namespace))

    assert message.body == b"{}"
    assert message.receipt_handle == message.message_id == ""
    assert message.enqueued_at is None
    assert message.next_visible_at is None
    assert message.dequeue_count == 0
    assert message.is_intact is None


@pytest.mark.parametrize(
    ("digest", "is_intact"), [(DIGEST, True), (DIGEST.lower(), True), ("0" * 32, False)]
)
def test_digest_is_compared_for_information_only(digest: str, is_intact: bool) -> None:
    field = f"<MessageBodyMD5>{digest}</MessageBodyMD5></Message>"

    (message,) = smq_answers.messages(batch(BARE.replace("</Message>", field)))

    assert message.is_intact is is_intact
    assert message.body == b"{}"


def test_what_is_no_message_in_a_batch_is_passed_over() -> None:
    assert len(smq_answers.messages(batch("<Other/>", BARE, "<Next>1</Next>"))) == 1


def test_error_page_of_somebody_else_is_not_a_batch() -> None:
    with pytest.raises(Unreachable, match="holds <html>, not <Messages>"):
        smq_answers.messages(Answer(200, b"<html><body/></html>"))


def test_plain_error_about_a_handle_is_about_every_handle() -> None:
    answer = Answer(404, b"<Error><Code>MessageNotExist</Code></Error>")

    undeleted = smq_answers.undeleted(answer, ["a", "b"])

    assert [each.receipt_handle for each in undeleted] == ["a", "b"]
    assert all(each.is_stale for each in undeleted)


@pytest.mark.parametrize("body", [b"", b"no XML", b"<Error/>", b"<Other/>"])
def test_error_without_a_code_goes_by_its_status(body: bytes) -> None:
    trouble = smq_answers.trouble(Answer(502, body, request_id="5F1A"))

    assert (trouble.status, trouble.code, trouble.request_id) == (502, "", "5F1A")
    assert smq_answers.undeleted(Answer(502, body), ["a"]) == []
