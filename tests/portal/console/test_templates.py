"""The templates board: state, the last seven days, when a pause ends."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from receipts.models import Template
from tests.portal.console.conftest import Tell, status

CODE = "744c4b5c"


def audit(**fields: object) -> dict[str, object]:
    """Return a CAMS audit item."""
    return {"TemplateCode": CODE, "Language": "en", **fields}


def test_board_tells_messages_and_failures_of_seven_days(
    owner: Client, tell: Tell
) -> None:
    tell([audit(AuditStatus="pass")], "template_audit")
    tell([status(word, MessageId="a") for word in ("Sent", "Delivered", "Read")])
    tell(
        [status("Sent", MessageId="b"), status("Failed", MessageId="b", ErrorCode="7")]
    )
    tell([status("Sent", MessageId="other", TemplateCode="x")])
    tell([status("Sent", MessageId="old")], ago=timedelta(days=9))

    (row,) = owner.get("/admin/templates/", {"code": CODE}).context["rows"]

    assert (row.usage.messages, row.usage.failures) == (2, 1)
    assert row.usage.failure_rate == 50
    assert row.usage.worst == [("7", 1)]


def test_template_whose_messages_all_failed_is_counted_by_its_failures(
    owner: Client, tell: Tell
) -> None:
    tell([audit(AuditStatus="pass")], "template_audit")
    tell([status("Failed", MessageId=name) for name in "abc"])

    (row,) = owner.get("/admin/templates/").context["rows"]

    assert (row.usage.messages, row.usage.failure_rate) == (3, 100)


@pytest.mark.parametrize(
    ("reason", "hours"), [("FIRST_PAUSE", 3), ("SECOND_PAUSE; words", 6), ("", None)]
)
def test_board_tells_when_a_pause_ends_if_that_is_known(
    owner: Client, tell: Tell, reason: str, hours: int | None
) -> None:
    tell([audit(AuditStatus="paused", Reason=reason)], "template_audit")
    template = Template.objects.get()

    answer = owner.get("/admin/templates/")

    ends_at = answer.context["rows"][0].pause_ends_at
    assert template.review_at
    expected = hours and template.review_at + timedelta(hours=hours)
    assert ends_at == expected
    assert (b"no end was told" in answer.content) is (hours is None)


def test_page_of_a_template_says_who_is_hurt_and_how_it_came_to_this(
    owner: Client, tell: Tell
) -> None:
    tell([audit(AuditStatus="pass")], "template_audit", ago=timedelta(hours=3))
    quality = audit(Type="templateQualityUpdate", Status="RED")
    tell([quality], "template_audit", ago=timedelta(hours=2))
    tell([status("Failed", ErrorCode="131049")])

    html = owner.get(f"/admin/templates/{Template.objects.get().pk}/").content.decode()

    assert Template.objects.get().status == "approved"  # quality is no review
    assert "Who is hurt" in html
    assert "<code>131049</code>" in html
    assert "is-failed" in html
    assert html.count("/admin/receipts/") >= 2


def test_board_takes_as_many_queries_for_many_templates_as_for_one(
    owner: Client, tell: Tell, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    items = [audit(TemplateCode=f"t{n}", AuditStatus="pass") for n in range(40)]
    tell(items, "template_audit")

    with django_assert_max_num_queries(11):
        assert len(owner.get("/admin/templates/").context["rows"]) == 40
