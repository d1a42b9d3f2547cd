"""One person is gone from everywhere; nobody else loses anything."""

from uuid import uuid4

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.utils import timezone

from channels_cfg.models import BusinessAddress, Channel
from portal.console.models import SavedView
from receipts.models import (
    AccessRecord,
    ApiToken,
    Callback,
    Conversation,
    Erasure,
    Export,
    ExportChunk,
    Message,
    QuarantinedItem,
    Receipt,
    ReceiptCount,
    ReceiptKey,
    Sighting,
)
from receipts.processing.drain import drain
from receipts.processing.replay import replay_callback
from tests.receipts.conftest import Push
from tests.receipts.erasure.conftest import (
    BUSINESS,
    HER,
    HIS,
    TEXT,
    Erase,
    body_of,
    everything,
    inbound,
    status,
)

Both = tuple[Callback, Callback]


def test_erased_person_is_found_nowhere_and_the_other_everywhere(
    both: Both, erase: Erase
) -> None:
    erase()

    told = everything()
    assert HER not in told
    assert TEXT not in told
    assert "all is well" in told
    assert {m.message_id for m in Message.objects.all()} == {"m2", "o2"}
    assert {r.message_id for r in Receipt.objects.all()} == {"m2", "o2"}
    assert Conversation.objects.count() == 1


def test_neighbours_of_erased_items_keep_their_bytes_and_places(
    both: Both, erase: Erase
) -> None:
    erase()

    assert body_of(both[0]) == [None, status(HIS, "m2"), None]
    assert body_of(both[1])[1] == inbound(HIS, "o2", "all is well")


def test_counts_and_keys_stay(both: Both, erase: Erase) -> None:
    counts = _counts()

    erase()

    assert _counts() == counts
    assert ReceiptKey.objects.count() == 5


def test_certificate_lists_what_was_removed_where(both: Both, erase: Erase) -> None:
    done = erase()

    assert done.state == Erasure.State.DONE
    assert done.values == []
    assert done.removed == {
        "callback items": 3,
        "conversations": 1,
        "identities": 2,
        "messages": 3,
        "receipts": 3,
    }
    assert done.shown == "+8613******001"


def test_erasing_twice_removes_nothing_more(both: Both, erase: Erase) -> None:
    erase()
    again = erase()

    assert again.removed == {}
    assert Message.objects.count() == 2


def test_repeat_that_comes_later_brings_nothing_back(
    both: Both, push: Push, erase: Erase
) -> None:
    erase()

    again = push([status(HER, "m1"), status(HIS, "m9")])
    text = push([inbound(HER, "o1")], "mo_message")

    assert (again.new, again.duplicates) == (1, 1)
    assert text.duplicates == 1
    assert body_of(again) == [None, status(HIS, "m9")]
    assert HER not in everything()
    assert Sighting.objects.filter(reading__isnull=True).count() == 2


def test_what_the_person_writes_later_is_new(
    both: Both, push: Push, erase: Erase
) -> None:
    erase()

    push([inbound(HER, "o9", "hello again")], "mo_message")

    assert Message.objects.filter(message_id="o9").exists()


def test_replay_of_a_redacted_callback_keeps_the_neighbour_twice_alike(
    both: Both, erase: Erase
) -> None:
    erase()

    replayed = [replay_callback(both[0].pk) for _ in range(2)]

    assert [(r.receipts, r.quarantined) for r in replayed] == [(1, 0), (1, 0)]
    kept = Callback.objects.get(pk=both[0].pk)
    assert (kept.items, kept.new, kept.state) == (1, 1, "done")
    assert not QuarantinedItem.objects.exists()


def test_replay_of_a_repeat_of_something_erased_keeps_its_figures(
    both: Both, push: Push, erase: Erase
) -> None:
    erase()
    again = push([status(HER, "m1"), status(HIS, "m9")])

    for _ in range(2):
        replay_callback(again.pk)

    kept = Callback.objects.get(pk=again.pk)
    assert (kept.items, kept.new, kept.duplicates) == (2, 1, 1)
    assert Sighting.objects.filter(callback_id=again.pk).count() == 1


def test_repeats_and_their_bytes_go_with_the_receipt(
    both: Both, push: Push, erase: Erase
) -> None:
    again = push([status(HIS, "m2"), status(HER, "m1")])

    erase()

    assert body_of(again) == [status(HIS, "m2"), None]
    assert Sighting.objects.count() == 1


def test_message_to_several_is_folded_anew_for_the_others(
    push: Push, erase: Erase
) -> None:
    push([status(HER, "same", "Read"), status(HIS, "same", "Sent")])

    erase()

    (left,) = Message.objects.all()
    assert (left.number, left.status, left.slot) == (HIS, "sent", "")
    assert HER not in everything()


def test_unreadable_item_of_the_person_is_blanked_and_closed(
    push: Push, erase: Erase
) -> None:
    bad = {"From": BUSINESS, "To": HER, "Status": "Sent"}  # no MessageId
    kept = push([bad, status(HIS, "m2")])

    erase()

    item = QuarantinedItem.objects.get()
    assert (bytes(item.item), item.state, item.note) == (b"null", "ignored", "erased")
    assert body_of(kept) == [None, status(HIS, "m2")]


def test_body_that_cannot_be_cut_has_the_number_starred_out(
    push: Push, erase: Erase
) -> None:
    kept = push(f'[{{"To": "{HER}"}}, {{"To": "{HIS}"'.encode())

    done = erase()

    assert HER not in everything()
    assert HIS in everything()
    assert QuarantinedItem.objects.get().state == "open"
    assert len(Callback.objects.get(pk=kept.pk).body) == len(kept.body)
    assert any("starred" in words for words in done.left)


def test_mention_by_somebody_else_is_left_and_told(push: Push, erase: Erase) -> None:
    push([inbound(HIS, "o2", f"call +{HER}")], "mo_message")

    done = erase()

    assert Message.objects.filter(message_id="o2").exists()
    assert any("mentions" in words for words in done.left)


def test_pending_callback_is_read_first_and_then_erased(
    push: Push, erase: Erase
) -> None:
    push([status(HER, "m1"), status(HIS, "m2")], drained=False)

    erase()
    drain()

    assert HER not in everything()
    assert Message.objects.get().message_id == "m2"


def test_records_views_and_audit_details_lose_the_person(
    both: Both, erase: Erase
) -> None:
    user = User.objects.create_user("ops")
    SavedView.objects.create(
        user=user, page="receipts", name="x", query=f"user=%2B{HER}"
    )
    AccessRecord.objects.create(
        user=user, act="reveal", subject="item 1", reason=f"+86 138 {HER[5:9]} 0001"
    )
    LogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(User),
        object_pk="1",
        object_repr="ops",
        action=1,
        changes={"note": ["", f"asked by +{HER}"]},
    )

    done = erase()

    assert HER not in everything()
    assert "(erased)" in AccessRecord.objects.get().reason
    assert done.removed["texts of log entries"] == 1


def test_exports_made_before_are_emptied(both: Both, erase: Erase) -> None:
    token = ApiToken.objects.create(name="t", prefix="p", digest=b"d", scopes=[])
    made = Export.objects.create(
        id=uuid4(), token=token, resource="receipts", format="csv", is_masked=False,
        state="done", rows=1, created_at=timezone.now(), expires_at=timezone.now(),
    )  # fmt: skip
    ExportChunk.objects.create(export=made, position=0, content=f"+{HER}".encode())

    erase()

    made.refresh_from_db()
    assert made.state == "failed"
    assert not made.chunks.exists()


@pytest.mark.parametrize(
    "word", ["12345", "", "8613******001", BUSINESS, "131026", "whatsapp"]
)
def test_what_names_no_person_is_refused(
    channel: Channel, erase: Erase, word: str
) -> None:
    BusinessAddress.objects.create(channel=channel, value=BUSINESS, provider="cams")

    with pytest.raises(CommandError):
        erase(word)


def test_reason_that_names_the_person_is_cleaned_too(both: Both) -> None:
    call_command("erase_person", HER, "--yes", "--reason", f"asked by +{HER}")

    assert Erasure.objects.get().reason == "asked by +(erased)"
    assert HER not in everything()


def test_dry_run_changes_nothing(both: Both) -> None:
    before = everything()

    call_command("erase_person", HER, "--dry-run")

    assert everything() == before


def _counts() -> int:
    return sum(ReceiptCount.objects.values_list("n", flat=True))
