"""What is special about ChatAppAudit items."""

from datetime import timedelta
from pathlib import Path

import pytest

from channels_cfg import registry
from channels_cfg.wire import Kind, ReceiptEvent, ReceiptType

# By folder, so that the tests of a copied folder test the copy.
ADAPTER = registry.in_folder(Path(__file__).parent.parent.name)


def audit(**fields: object) -> ReceiptEvent:
    item = {"WabaId": "1", "TemplateCode": "t1", "Language": "en_US"}
    return ADAPTER.read(ReceiptType.TEMPLATE_AUDIT, item | fields, "whatsapp")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("pass", "approved"),
        ("fail", "rejected"),
        ("Failed", "rejected"),
        ("auditing", "pending"),
        ("Audit", "pending"),
        ("unaudit", "pending"),
        ("disabled", "disabled"),
        ("paused", "paused"),
        ("vetoed", "unknown"),
    ],
)
def test_audit_word_has_ours_beside_it(word: str, expected: str) -> None:
    event = audit(AuditStatus=word, Reason="why")

    assert event.kind is Kind.TEMPLATE
    assert event.template
    assert (event.template.status, event.template.raw_status) == (expected, word)
    assert event.template.reason == "why"


@pytest.mark.parametrize(
    ("notice", "expected"),
    [
        ("template", Kind.TEMPLATE),
        ("templateCategoryUpdate", Kind.TEMPLATE),
        ("templatequalityupdate", Kind.TEMPLATE),
        ("phoneNameUpdate", Kind.ACCOUNT),
        ("phoneQualityUpdate", Kind.ACCOUNT),
        ("wabaReviewUpdate", Kind.ACCOUNT),
        ("wabaAccountUpdate", Kind.ACCOUNT),
        ("somethingNew", Kind.UNKNOWN),
    ],
)
def test_audit_type_tells_the_kind(notice: str, expected: Kind) -> None:
    event = audit(Type=notice, AuditStatus="pass", Status="GREEN")

    assert event.kind is expected
    assert event.receipt_type is ReceiptType.TEMPLATE_AUDIT


def test_category_and_quality_events_tell_only_that() -> None:
    category = audit(Type="templateCategoryUpdate", Status="MARKETING").template
    quality = audit(Type="templateQualityUpdate", Status="RED").template

    assert category
    assert (category.aspect, category.category) == ("category", "MARKETING")
    assert quality
    assert (quality.aspect, quality.quality, quality.status) == ("quality", "RED", "")


def test_account_event_names_its_number_and_limit() -> None:
    event = audit(Type="phoneQualityUpdate", PhoneNumber="+86 131", CurrentLimit="1K")

    assert (event.business_address, event.raw_detail) == ("86131", "1K")
    assert event.template is None


def test_equal_audits_are_one_for_ten_minutes_by_either_road() -> None:
    pushed = audit(AuditStatus="pass", Reason="")
    pulled = audit(AuditStatus=" pass ", Extra="of the queue")

    assert pushed.key == pulled.key
    assert pushed.key_lasts == timedelta(minutes=10)
    assert pushed.key != audit(AuditStatus="paused").key
