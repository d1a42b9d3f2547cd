"""Readers of decoded values answer '' or None, and never raise."""

from datetime import UTC, datetime

import pytest

from channels_cfg.fields import (
    LONGEST_WORD,
    Names,
    address,
    iso_moment,
    moment,
    person,
    phone,
    text,
    verbatim,
    word,
)

NAMES = Names("MessageId", "To")
ODD: tuple[object, ...] = (None, True, False, [], ["a"], {}, {"a": 1}, b"x", object())


def test_names_are_found_in_any_case_and_with_blanks() -> None:
    found = NAMES.of({" messageid ": 1, "TO": 2, " Other ": 3})

    assert found == {"MessageId": 1, "To": 2, "Other": 3}


def test_documented_spelling_wins_over_its_variants() -> None:
    assert NAMES.of({"MessageId": 1, "messageid": 2})["MessageId"] == 1
    assert NAMES.of({"messageid": 2, "MessageId": 1})["MessageId"] == 1


def test_usual_item_is_not_copied() -> None:
    item = {"MessageId": 1}

    assert NAMES.of(item) is item


@pytest.mark.parametrize("item", [None, [], "text", 7])
def test_what_is_no_object_has_no_fields(item: object) -> None:
    assert NAMES.of(item) == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" a ", "a"),
        (7, "7"),
        (2**62, str(2**62)),
        (1.5, "1.5"),
        (7.0, "7"),
        (1e300, "1e+300"),
    ],
)
def test_text_of_a_value_is_trimmed_and_numbers_are_text(
    value: object, expected: str
) -> None:
    assert text(value) == expected


def test_word_is_cut_and_verbatim_is_left_alone() -> None:
    assert len(word("x" * 9000)) == LONGEST_WORD
    assert verbatim(" a ") == " a "
    assert verbatim(7) == "7"


@pytest.mark.parametrize("read", [text, word, verbatim, person, phone, address])
@pytest.mark.parametrize("value", ODD)
def test_odd_value_reads_as_no_text(read: object, value: object) -> None:
    assert callable(read)
    assert read(value) == ""


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+86 138-0013.8000", "8613800138000"),
        ("(65) 8123 4567", "6581234567"),
        ("+86 138***-****8", "86138*******8"),
        (8613800138000, "8613800138000"),
        ("US.13491208655302741918", ""),
        ("U4af4980629", ""),
        ("-100123", ""),
        ("*", ""),
        ("+86+13", ""),
        ("", ""),
        ("\uff11\uff12", ""),
        ("²", ""),
        ("9" * 300, ""),
    ],
)
def test_phone_is_the_digits_of_what_is_written_like_one(
    written: object, number: str
) -> None:
    assert phone(written) == number


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (" U4af4980629 ", "U4af4980629"),
        ("\u5f20\u4f1f", "\u5f20\u4f1f"),
        (42, "42"),
        ("********", ""),
        ("-", ""),
        ("x" * 256, ""),
    ],
)
def test_person_is_named_by_letters_or_digits_that_can_be_kept_whole(
    written: object, name: str
) -> None:
    assert person(written) == name


def test_address_is_digits_of_a_number_or_an_id_verbatim() -> None:
    assert address("+86 131") == "86131"
    assert address(" U4af4980629 ") == "U4af4980629"


@pytest.mark.parametrize(
    "value", [1691043638000, 1691043638, "1691043638000", " 1691043638 ", 1691043638.0]
)
def test_moment_reads_milliseconds_and_seconds(value: object) -> None:
    assert moment(value) == datetime(2023, 8, 3, 6, 20, 38, tzinfo=UTC)


def test_moment_keeps_the_last_microsecond() -> None:
    assert moment(1691043638001) == datetime(2023, 8, 3, 6, 20, 38, 1000, tzinfo=UTC)
    seconds = moment("1691043638.000001")
    assert seconds == datetime(2023, 8, 3, 6, 20, 38, 1, tzinfo=UTC)


@pytest.mark.parametrize("value", [*ODD, "", "soon", -1, "-1", 10**16, 10**400, 1e300])
def test_what_is_no_time_is_no_moment(value: object) -> None:
    assert moment(value) is None


@pytest.mark.parametrize(
    ("written", "microsecond"),
    [
        ("2025-05-05T09:15:57Z", 0),
        ("2025-05-05T09:15:57.4Z", 400_000),
        ("2025-05-05T09:15:57.00Z", 0),
        ("2025-05-05T09:15:57.1234567Z", 123_456),
        ("2025-05-05T17:15:57+08:00", 0),
        ("2025-05-05T09:15:57", 0),
    ],
)
def test_iso_moment_reads_fractions_of_any_length(
    written: str, microsecond: int
) -> None:
    expected = datetime(2025, 5, 5, 9, 15, 57, microsecond, tzinfo=UTC)

    assert iso_moment(written) == expected


@pytest.mark.parametrize("value", [*ODD, "", "soon", 7, "0001-01-01T00:00:00+08:00"])
def test_what_is_no_iso_time_is_no_moment(value: object) -> None:
    assert iso_moment(value) is None
