"""Callback paths by the channel file: made once, rotated, switched off, never moved."""

import pytest
from django.core.management import CommandError

from channels_cfg.models import CallbackPath
from tests.channels_cfg.channel_files import apply, channels, file, one

pytestmark = pytest.mark.django_db


def with_status(written: str) -> str:
    return file(one(f"callbacks: {{mt_status: {written}}}"))


def paths() -> list[tuple[str, bool]]:
    rows = CallbackPath.objects.order_by("pk")
    return list(rows.values_list("path", "is_enabled"))


@pytest.mark.parametrize("written", ["{}", "", "{enabled: true}", "[{}]", "{path: ''}"])
def test_path_left_out_is_made_once_and_kept(written: str) -> None:
    lines = apply(with_status(written))
    made = paths()

    assert len(made[0][0]) == 32
    assert lines[1].endswith(f"/callbacks/{made[0][0]}")
    assert apply(with_status(written)) == ["Nothing to change."]
    assert paths() == made


def test_plan_does_not_show_a_path_that_apply_will_make_anew() -> None:
    planned, _ = channels("plan", with_status("{}"))

    assert planned[1] == "c1: callbacks.mt_status: new, an unguessable path"


def test_two_paths_live_side_by_side_while_rotating() -> None:
    apply(with_status("{path: old}"))

    apply(with_status("[{}, {path: old}]"))

    assert [is_enabled for _, is_enabled in paths()] == [True, True]
    assert apply(with_status("[{}, {path: old}]")) == ["Nothing to change."]


def test_after_rotating_the_newer_path_stays_and_the_older_is_switched_off() -> None:
    apply(with_status("{}"))
    old = paths()[0][0]
    apply(with_status(f"[{{}}, {{path: {old}}}]"))

    lines = apply(with_status("{}"))

    assert lines == [f"c1: callbacks.mt_status {old}: switched off"]
    assert [is_enabled for _, is_enabled in paths()] == [False, True]
    assert apply(with_status("{}")) == ["Nothing to change."]


def test_two_paths_made_in_one_go_find_themselves_again() -> None:
    text = with_status("[{}, {auth: {header: {name: X-Key, value: v}}}]")
    apply(text)

    assert apply(text) == ["Nothing to change."]


def test_path_that_is_no_longer_listed_is_switched_off_not_deleted() -> None:
    apply(with_status("{path: one}"))

    lines = apply(with_status("{path: two}"))

    assert lines == [
        "c1: callbacks.mt_status: new, http://127.0.0.1:8000/callbacks/two",
        "c1: callbacks.mt_status one: switched off",
    ]
    assert paths() == [("one", False), ("two", True)]


def test_path_may_take_up_another_receipt_type_of_its_channel() -> None:
    apply(with_status("{path: one}"))

    lines = apply(file(one("callbacks: {mo_message: {path: one}}")))

    assert lines == [
        "c1: callbacks.mo_message one: receipt_type: mt_status -> mo_message"
    ]


@pytest.mark.parametrize("is_stored", [True, False])
def test_path_of_another_channel_is_refused(is_stored: bool) -> None:
    other = one("callbacks: {any: {path: same}}", key="c2")
    if is_stored:
        apply(file(other))
    members = [one("callbacks: {any: {path: same}}")]

    with pytest.raises(CommandError) as refused:
        apply(file(*(members if is_stored else [other, *members])))

    place = f"channels[{0 if is_stored else 1}].callbacks.any.path"
    told = f"{place}: same is a path of channel c2 already"
    assert str(refused.value) == f"{told}\nNothing was changed."


def test_paths_tell_capital_letters_apart() -> None:
    apply(with_status("[{path: Same}, {path: same}]"))

    assert len(paths()) == 2
