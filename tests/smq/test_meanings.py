"""Every code and status comes to the right kind of error, with words and a fix."""

import copy

import pytest

from channels_cfg.providers.cams.smq_errors import (
    ClockWrong,
    QueueMissing,
    Refused,
    Throttled,
    Unreachable,
)
from channels_cfg.providers.cams.smq_meanings import Trouble, queue_error, token_error
from channels_cfg.pulling import QueueError, Step


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Trouble(404, "QueueNotExist"), QueueMissing),
        (Trouble(403, "AccessDenied"), Refused),
        (Trouble(403, "InvalidAccessKeyId"), Refused),
        (Trouble(403, "SignatureDoesNotMatch"), Refused),
        (Trouble(403, "SecurityTokenExpired"), Refused),
        (Trouble(403), Refused),
        (Trouble(408, "TimeExpired"), ClockWrong),
        (Trouble(400, "TimeExpired"), ClockWrong),
        (Trouble(503, "QpsLimitExceeded"), Throttled),
        (Trouble(429), Throttled),
        (Trouble(500, "InternalError"), Unreachable),
        (Trouble(500, "InternalServerError"), Unreachable),
        (Trouble(502), Unreachable),
        (Trouble(302), Unreachable),
        (Trouble(404), Unreachable),  # a page of somebody else
        (Trouble(400, "InvalidArgument"), Refused),
        (Trouble(400, "MalformedXML"), Refused),
    ],
)
def test_queue_service_error_is_of_its_kind(
    trouble: Trouble, kind: type[QueueError]
) -> None:
    error = queue_error(trouble)

    assert type(error) is kind
    assert error.what
    assert error.fix
    assert error.is_configuration is (kind in (Refused, QueueMissing))


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Trouble(404, "InvalidAccessKeyId.NotFound"), Refused),
        (Trouble(400, "InvalidAccessKeyId.Inactive"), Refused),
        (Trouble(400, "SignatureDoesNotMatch"), Refused),
        (Trouble(400, "InvalidTimeStamp.Expired"), ClockWrong),
        (Trouble(400, "Throttling.User"), Throttled),
        (Trouble(200, "isv.BUSINESS_LIMIT_CONTROL"), Throttled),
        (Trouble(403, "Forbidden.RAM"), Refused),
        (Trouble(403, "NoPermission"), Refused),
        (Trouble(200, "isp.RAM_PERMISSION_DENY"), Refused),
        (Trouble(200, "isv.UNKNOWN"), Refused),
        (Trouble(503, "ServiceUnavailable"), Unreachable),
        (Trouble(500, "InternalError"), Unreachable),
        (Trouble(502), Unreachable),
        (Trouble(200), Unreachable),
    ],
)
def test_token_service_error_is_of_its_kind(
    trouble: Trouble, kind: type[QueueError]
) -> None:
    error = token_error(trouble)

    assert type(error) is kind
    assert error.step is Step.TOKEN


def test_error_reads_as_one_sentence_with_its_fix_and_marks() -> None:
    error = token_error(Trouble(400, "SignatureDoesNotMatch", "long", "5F1A"))

    assert str(error) == (
        "the access key secret is wrong: enter the secret that belongs to the "
        "access key id (SignatureDoesNotMatch, request 5F1A)"
    )


def test_copy_of_an_error_says_the_same() -> None:
    error = token_error(Trouble(403, "Forbidden.RAM", request_id="5F1A"))

    again = copy.copy(error)

    assert again is not error
    assert str(again) == str(error)
    assert again.step is error.step
