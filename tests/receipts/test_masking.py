"""What those see who may not see people."""

import pytest

from receipts.masking import mask_text, show_identity


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "8613800138678", "+8613******678"),
        ("phone", "861380013", "+8613**013"),
        ("phone", "86138001", None),
        ("user_id", "US.13491208655302741918", "US.1…"),
        ("channel_user_id", "U4af4980629", "U4af…"),
        ("username", "maria.s", "mari…"),
        ("username", "maria", None),
    ],
)
def test_identity_shows_only_its_ends(kind: str, value: str, shown: str | None) -> None:
    assert show_identity(kind, value, is_clear=False) == shown


def test_clear_phone_reads_with_a_plus() -> None:
    assert show_identity("phone", "8613800138678", is_clear=True) == "+8613800138678"
    assert show_identity("username", "maria", is_clear=True) == "maria"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, None),
        ("", ""),
        ("promo-8613800138678-7", "promo-8613******678-7"),
        ("to +86 138 0013 8678.", "to +8613******678."),
        ("order8613800138678x", "order8613******678x"),
        ("131026: Message undeliverable", "131026: Message undeliverable"),
        ("expired at 2026-01-02 03:04:05", "expired at 2026-01-02 03:04:05"),
        (
            "550e8400-e29b-41d4-a716-446655440000",
            "550e8400-e29b-41d4-a716-446655440000",
        ),
        ("61851ccb2f123456789aeef0", "61851ccb2f123456789aeef0"),
        ("2019113021312312345678", "2019113021312312345678"),
    ],
)
def test_phones_inside_texts_are_hidden(text: str | None, shown: str | None) -> None:
    assert mask_text(text) == shown


def test_own_number_is_hidden_in_the_midst_of_other_digits() -> None:
    shown = mask_text("202601018613800138678001", ["8613800138678"])

    assert shown == "202601018613******678001"


def test_own_short_number_is_hidden_whole() -> None:
    assert mask_text("to 4712345", ["4712345"]) == "to …"
