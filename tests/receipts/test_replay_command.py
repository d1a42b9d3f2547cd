"""``manage.py replay_callbacks``: what it finds, what it says, what it changes."""

import io
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from channels_cfg import registry
from channels_cfg.models import Channel
from channels_cfg.providers.cams.wire import Cams
from channels_cfg.wire import BadItem, ReceiptEvent, ReceiptType, Status
from receipts.models import Callback, Message, QuarantinedItem, Receipt
from receipts.processing.drain import drain
from receipts.processing.replay_many import Wanted, of_items
from tests.receipts.conftest import Push
from tests.receipts.processing.orders import START, kept


class Blind(Cams):
    """CAMS that cannot read anything that was delivered."""

    def read(
        self, receipt_type: ReceiptType, item: object, channel_type: str
    ) -> ReceiptEvent:
        event = super().read(receipt_type, item, channel_type)
        if event.status is Status.DELIVERED:
            raise BadItem(f"delivered {event.message_id} is beyond me")
        return event


def items(*numbers: int) -> list[dict[str, object]]:
    words = ("Sent", "Delivered")
    return [{"MessageId": f"m{n}", "Status": word} for n in numbers for word in words]


@pytest.fixture
def misread(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> list[Callback]:
    """Six callbacks, a second apart; half of them was not readable at that time."""
    with monkeypatch.context() as then:
        then.setitem(registry.adapters(), "cams", Blind(slug="cams"))
        callbacks = Callback.objects.bulk_create(kept(channel, items(0, 1, 2)))
        drain()
    return callbacks


def run(*options: object) -> str:
    out = io.StringIO()
    call_command("replay_callbacks", *map(str, options), stdout=out, stderr=out)
    return out.getvalue()


def statuses() -> Sequence[str]:
    return [m.status for m in Message.objects.order_by("message_id")]


def test_group_of_one_cause_is_replayed_and_closed(misread: list[Callback]) -> None:
    cause = QuarantinedItem.objects.open()[0].cause

    said = run("--cause", cause)

    assert said == (
        "replayed 3 callbacks: 3 receipts, 0 duplicates, 0 quarantined, 3 changed\n"
    )
    assert statuses() == ["delivered"] * 3
    assert not QuarantinedItem.objects.open().exists()


def test_dry_run_tells_the_counts_and_changes_nothing(misread: list[Callback]) -> None:
    said = run("--state", "partly", "--dry-run")

    assert said == (
        "would replay 3 callbacks: 3 receipts, 0 duplicates, 0 quarantined, 3 changed\n"
    )
    assert statuses() == ["sent"] * 3
    assert QuarantinedItem.objects.open().count() == 3


def test_time_span_is_from_the_first_and_before_the_last(
    misread: list[Callback],
) -> None:
    start, end = START, START + timedelta(seconds=3)

    said = run("--from", start.isoformat(), "--to", f"{end:%Y-%m-%dT%H:%M:%S}")

    assert said.startswith("replayed 3 callbacks: 3 receipts")
    assert statuses() == ["delivered", "sent", "sent"]


def test_channel_narrows_and_its_callbacks_can_be_replayed_again(
    misread: list[Callback],
) -> None:
    other = Channel.objects.create(key="other", name="Other", provider="cams")

    assert run("--channel", other.key).startswith("replayed 0 callbacks")
    assert run("--channel", "wa-main").endswith(
        "6 receipts, 0 duplicates, 0 quarantined, 3 changed\n"
    )
    assert run("--channel", "wa-main").endswith(
        "6 receipts, 0 duplicates, 0 quarantined, 0 changed\n"
    )


def test_items_and_callbacks_are_replayed_by_id(misread: list[Callback]) -> None:
    first, second = QuarantinedItem.objects.order_by("received_at")[:2]

    run("--quarantine", first.pk)
    run("--callback", second.callback_id, misread[0].id)

    assert statuses() == ["delivered", "delivered", "sent"]
    assert Receipt.objects.count() == 5


def test_items_of_one_callback_are_one_step_and_a_whole_body_stays_whole(
    push: Push,
) -> None:
    some = push([{}, items(0)[0], {}])
    whole = push(b"not JSON")

    wanted = list(of_items(QuarantinedItem.objects.open()))

    assert wanted == [Wanted(some.id, frozenset({0, 2})), Wanted(whole.id)]


def test_callback_that_cannot_be_replayed_stops_no_other(
    misread: list[Callback],
) -> None:
    gone = uuid4()

    with pytest.raises(CommandError, match="1 callbacks could not be replayed"):
        run("--callback", gone, *(callback.id for callback in misread))

    assert statuses() == ["delivered"] * 3


def test_callback_that_was_never_read_is_left_to_the_drain(channel: Channel) -> None:
    Callback.objects.bulk_create(kept(channel, items(0)))

    assert run("--channel", channel.key).startswith("replayed 0 callbacks")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "say what to replay"),
        (("--dry-run",), "say what to replay"),
        (("--channel", "nobody"), "there is no channel nobody"),
        (("--quarantine", "999999"), "there is no quarantined item 999999"),
        (("--cause", "the moon"), "there are: delivered m… is beyond me"),
        (("--quarantine", "1", "--channel", "wa-main"), "with ids"),
        (("--cause", "a", "--state", "done"), "not allowed with"),
        (("--from", "yesterday"), "yesterday is no time such as"),
        (("--state", "pending"), "invalid choice"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    misread: list[Callback], options: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        run(*options)

    assert statuses() == ["sent"] * 3
