"""Problems: groups, dry runs, replays, ignoring with an end, recurrence."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.console import mending
from portal.console.problems import open_problems
from receipts.models import AccessRecord, Callback, QuarantinedItem, Receipt
from receipts.processing.ignoring import reopen_due
from tests.portal.console.conftest import PHONE, Tell, status

CAUSE = {"of": "item", "channel": "wa-main", "cause": "no MessageId"}


@pytest.fixture
def lost(tell: Tell) -> None:
    """Three items without an id."""
    for number in range(3):
        tell([status("Sent", MessageId="", To=f"{PHONE}{number}")])


def heal() -> None:
    """Give the callbacks what they lacked, as an update of the adapter would."""
    for number, callback in enumerate(Callback.objects.all()):
        body = bytes(callback.body).decode()
        callback.body = body.replace('"MessageId": ""', f'"MessageId": "m{number}"')
        callback.body = callback.body.encode()
        callback.save()


@pytest.mark.usefixtures("lost")
def test_dry_run_of_a_cause_shows_counts_and_changes_nothing(owner: Client) -> None:
    heal()

    html = owner.post("/admin/problems/cause/replay/", {**CAUSE, "dry": "1"})

    done = html.context["done"]
    assert (done.tried, done.receipts, done.quarantined) == (3, 3, 0)
    assert not Receipt.objects.exists()
    assert open_problems().count == 3
    assert not AccessRecord.objects.exists()


@pytest.mark.usefixtures("lost")
def test_replay_of_a_cause_reads_all_of_it_and_is_on_record(owner: Client) -> None:
    heal()

    for _ in range(2):  # twice gives the same rows
        owner.post("/admin/problems/cause/replay/", CAUSE)

    assert Receipt.objects.count() == 3
    assert not open_problems().groups
    assert AccessRecord.objects.filter(act="replay").count() == 2


@pytest.mark.usefixtures("lost")
def test_ignored_cause_comes_back_when_it_recurs_and_when_its_time_is_over(
    owner: Client, tell: Tell
) -> None:
    form = {**CAUSE, "reason": "known at the provider", "days": "7"}

    owner.post("/admin/problems/cause/ignore/", form)
    assert not open_problems().groups
    tell([status("Sent", MessageId="")])
    assert open_problems().count == 1

    QuarantinedItem.objects.update(ignored_until=timezone.now() - timedelta(hours=1))
    assert reopen_due() == 3
    assert reopen_due() == 0
    assert open_problems().count == 4


def failed_callback(tell: Tell, error: str = "ValueError: of ours") -> Callback:
    """Return a callback that failed as a whole, by a defect of ours."""
    callback = tell([status("Sent")])
    Receipt.objects.all().delete()
    Callback.objects.filter(pk=callback.pk).update(state="failed", error=error)
    return callback


FAILED = {"of": "callback", "channel": "wa-main", "cause": "ValueError"}


def test_failed_callbacks_are_ignored_until_their_time_is_over_or_one_more_fails(
    owner: Client, tell: Tell
) -> None:
    failed_callback(tell)
    form = {**FAILED, "reason": "mended next week", "days": "7"}

    owner.post("/admin/problems/cause/ignore/", form)
    assert not open_problems().groups
    assert "mended next week" in owner.get("/admin/problems/").content.decode()
    failed_callback(tell)
    assert [(each.of, each.count) for each in open_problems().groups] == [
        ("callback", 1)
    ]

    QuarantinedItem.objects.update(ignored_until=timezone.now())
    assert reopen_due() == 1
    assert open_problems().count == 2
    kept = AccessRecord.objects.get(act="ignore")
    assert kept.subject == "1 callback of wa-main: ValueError"


def test_ignored_callback_that_is_replayed_is_closed(owner: Client, tell: Tell) -> None:
    callback = failed_callback(tell)
    owner.post("/admin/problems/cause/ignore/", {**FAILED, "reason": "for a while"})

    item = QuarantinedItem.objects.get()
    owner.post(f"/admin/problems/items/{item.pk}/replay/")

    item.refresh_from_db()
    assert item.state == "replayed"
    assert Callback.objects.get(pk=callback.pk).state == "done"


def test_callbacks_of_a_longer_cause_are_another_group(
    owner: Client, tell: Tell
) -> None:
    failed_callback(tell, "ValueErrors: of others")

    owner.post("/admin/problems/cause/ignore/", {**FAILED, "reason": "for a while"})

    assert open_problems().count == 1


@pytest.mark.usefixtures("lost")
def test_what_is_ignored_can_be_opened_again_by_hand(
    owner: Client, viewer: Client
) -> None:
    owner.post(
        "/admin/problems/cause/ignore/", {**CAUSE, "reason": "a test", "days": "7"}
    )

    assert viewer.post("/admin/problems/cause/reopen/", CAUSE).status_code == 403
    owner.post("/admin/problems/cause/reopen/", CAUSE)

    assert open_problems().count == 3
    assert AccessRecord.objects.filter(act="ignore").count() == 2


@pytest.mark.usefixtures("lost")
def test_slices_of_a_replay_go_on_where_the_last_one_ended(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heal()
    monkeypatch.setattr(mending, "AT_ONCE", 2)
    form, tried = {**CAUSE, "dry": "1"}, []

    for _ in range(3):
        done = owner.post("/admin/problems/cause/replay/", form).context["done"]
        tried.append(done.tried)
        form["after"] = done.after

    assert tried == [2, 1, 0]
    assert done.is_over


def test_sample_marks_what_is_missing_or_the_field_that_is_wrong(
    owner: Client, tell: Tell
) -> None:
    tell([status("Sent", MessageId="")])
    tell([status("Sent", MessageId="x" * 600)])

    for item in QuarantinedItem.objects.order_by("pk"):
        html = owner.get(f"/admin/problems/items/{item.pk}/").content.decode()
        marked = html.split("Reading failed here: </span>")[1].split("</mark>")[0]
        assert "MessageId" in marked


@pytest.mark.usefixtures("lost")
def test_item_is_tried_dry_before_it_is_replayed(owner: Client) -> None:
    url = f"/admin/problems/items/{QuarantinedItem.objects.earliest('id').pk}/"

    before = owner.get(url).content.decode()
    after = owner.post(f"{url}replay/", {"dry": "1"}, follow=True).content.decode()

    assert ">Replay</button>" not in before
    assert ">Replay</button>" in after


@pytest.mark.usefixtures("lost")
def test_ignoring_needs_a_reason(owner: Client) -> None:
    owner.post("/admin/problems/cause/ignore/", {**CAUSE, "reason": "", "days": "7"})

    assert open_problems().count == 3


@pytest.mark.usefixtures("lost")
def test_viewer_may_neither_replay_nor_ignore(viewer: Client) -> None:
    for act in ("replay", "ignore"):
        assert viewer.post(f"/admin/problems/cause/{act}/", CAUSE).status_code == 403


def test_callback_that_failed_without_an_item_is_a_problem_and_can_be_replayed(
    owner: Client, tell: Tell
) -> None:
    callback = tell([status("Sent")])
    Receipt.objects.all().delete()
    error = "ValueError: something of ours"
    Callback.objects.filter(pk=callback.pk).update(state="failed", error=error)
    asked = {"of": "callback", "channel": "wa-main", "cause": "ValueError"}

    page = owner.get("/admin/problems/cause/", asked)
    owner.post("/admin/problems/cause/replay/", asked)

    assert page.context["problem"].count == 1
    assert Callback.objects.get(pk=callback.pk).state == "done"
    assert not open_problems().groups


def test_place_at_which_a_body_failed_is_marked(owner: Client, tell: Tell) -> None:
    tell(b'[{"MessageId": "1"} "oops"]')
    item = QuarantinedItem.objects.get()

    html = owner.get(f"/admin/problems/items/{item.pk}/").content.decode()

    assert "Reading failed here: </span>" in html


@pytest.mark.usefixtures("lost")
def test_dry_run_of_one_item_says_what_a_replay_would_give(owner: Client) -> None:
    item = QuarantinedItem.objects.earliest("id")
    url = f"/admin/problems/items/{item.pk}/replay/"

    html = owner.post(url, {"dry": "1"}, follow=True).content.decode()

    assert "A replay would give 0 receipts, 0 repeats, 1 still unreadable" in html
