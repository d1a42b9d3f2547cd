"""Pages of alerts: what is open, who is told, who may change that."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from channels_cfg.models import CallbackPath, Channel
from receipts.alerts.models import Alert, AlertRule, Delivery, Destination, Snooze, Turn
from receipts.alerts.turn import take_turn
from receipts.models import PathUse
from tests.receipts.alerts.receiver import Receiver, receiving

PLACES = ("/admin/alerts/", "/admin/alerts/rules/", "/admin/alerts/rules/silence/")
FORM = {"name": "hook", "form": "webhook", "level": "warning", "zone": "UTC"}
DESTINATIONS = "/admin/alerts/destinations/"


@pytest.fixture
def silent(channel: Channel) -> Alert:
    """An open alert: nothing has arrived for more than a day."""
    path = CallbackPath.objects.get(channel=channel)
    at = timezone.now() - timedelta(hours=25)
    PathUse.objects.create(callback_path=path, last_used_at=at)
    take_turn()
    return Alert.objects.get()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver that webhooks may go to."""
    settings.ALERTS_ALLOW_PRIVATE = ["127.0.0.0/8"]
    with receiving() as served:
        yield served


def keep(owner: Client, **fields: object) -> str:
    """Fill in the form of a new destination; return the page that answers."""
    data = {**FORM, "is_active": "on", **fields}
    return owner.post(f"{DESTINATIONS}add/", data, follow=True).content.decode()


def test_open_alert_stands_on_the_list_and_its_page(
    owner: Client, silent: Alert
) -> None:
    listed = owner.get("/admin/alerts/").content.decode()
    page = owner.get(f"/admin/alerts/{silent.pk}/").content.decode()

    assert "WhatsApp main: nothing has arrived for over 24 hours" in listed
    assert "Nobody is told: there is no destination." in listed
    assert "/admin/arrivals/" in page
    assert "Snooze this" in page


def test_tile_of_the_overview_says_what_the_alert_says(
    owner: Client, silent: Alert
) -> None:
    tile = owner.get("/admin/").context["tiles"][0]

    assert tile.needs == ["Nothing has arrived for over 24 hours"]


def test_list_of_what_is_over_goes_on_page_by_page(owner: Client) -> None:
    now = timezone.now()
    for n in range(60):
        at = now - timedelta(minutes=n // 2)  # two at each instant
        Alert.objects.create(
            **{"kind": "ack", "subject": f"{n}", "summary": f"no. {n}."},
            **{"state": "closed", "first_seen_at": at, "seen_at": at},
            **{"opened_at": at, "closed_at": at},
        )

    first = owner.get("/admin/alerts/")
    second = owner.get(f"/admin/alerts/{first.context['older']}")

    seen = [row.alert.pk for page in (first, second) for row in page.context["over"]]
    assert len(seen) == len(set(seen)) == 60
    assert not second.context["older"]


def test_page_says_loudly_when_nobody_judges(owner: Client) -> None:
    assert "Nothing was judged yet" in owner.get("/admin/alerts/").content.decode()

    Turn.objects.create(judged_at=timezone.now() - timedelta(minutes=9))

    assert (
        "Nobody has judged for over 3" in owner.get("/admin/alerts/").content.decode()
    )


def test_operator_snoozes_with_a_reason_and_ends_it_on_record(
    operator: Client, silent: Alert
) -> None:
    form = {"kind": "silence", "subject": silent.subject, "hours": "4"}
    operator.post("/admin/alerts/snooze/", {**form, "reason": "no"})
    assert not Snooze.objects.exists()
    operator.post("/admin/alerts/snooze/", {**form, "reason": "known, ticket 7"})
    made = Snooze.objects.get()
    assert "snoozed" in operator.get("/admin/alerts/").content.decode()

    operator.post(f"/admin/alerts/snoozes/{made.pk}/end/")

    assert LogEntry.objects.get_for_object(made).count() == 2
    assert not Snooze.objects.filter(until__gt=timezone.now()).exists()


@pytest.mark.parametrize(
    "url",
    ["snooze/", "rules/silence/", "destinations/add/", "destinations/1/test/"],
)
def test_viewer_sees_alerts_and_changes_nothing(
    viewer: Client, silent: Alert, url: str
) -> None:
    assert all(viewer.get(place).status_code == 200 for place in PLACES)

    answer = viewer.post(f"/admin/alerts/{url}", {"hours": "1", "reason": "because"})

    assert answer.status_code == 403


@pytest.mark.parametrize("place", [*PLACES, DESTINATIONS, f"{DESTINATIONS}add/"])
def test_newcomer_and_stranger_see_nothing_of_alerts(
    newcomer: Client, stranger: Client, place: str
) -> None:
    assert newcomer.get(place).status_code == 403
    assert stranger.get(place).status_code == 302


def test_new_webhook_shows_its_secret_once_and_its_address_never(
    owner: Client, receiver: Receiver
) -> None:
    page = keep(owner, address=receiver.url)

    made = Destination.objects.get()
    assert made.secrets[0] in page
    assert receiver.url not in page
    later = owner.get(f"{DESTINATIONS}{made.pk}/").content.decode()
    assert made.secrets[0] not in later
    assert receiver.url not in later + owner.get(DESTINATIONS).content.decode()
    log = str([entry.changes for entry in LogEntry.objects.all()])
    assert made.secrets[0] not in log
    assert receiver.url not in log


def test_destination_saved_again_keeps_what_is_not_shown(
    owner: Client, receiver: Receiver
) -> None:
    keep(owner, address=receiver.url)
    before = Destination.objects.get()

    owner.post(f"{DESTINATIONS}{before.pk}/", {**FORM, "name": "other"})

    after = Destination.objects.get()
    assert (after.name, after.is_active) == ("other", False)
    assert (after.url, after.secrets) == (before.url, before.secrets)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "Say where the webhook is."),
        ({"address": "https://10.0.0.1/x"}, "It is no public address"),
        ({"address": "https://[::1]/x"}, "It is no public address"),
        ({"address": "https://u:p@a.example/"}, "must not hold a login"),
        ({"address": "gopher://a.example/"}, "must begin with https"),
        ({"form": "email"}, "Say who is to be written to."),
        ({"form": "email", "mails": "nobody"}, "Enter a valid email address"),
        ({"form": "pagerduty"}, "PagerDuty needs its integration key."),
        ({"zone": "Mars/Olympus", "address": "https://a.example/"}, "No time zone"),
        (
            {"quiet_from": "22:00", "address": "https://a.example/"},
            "Quiet hours need two ends",
        ),
    ],
)
def test_destination_that_could_not_work_is_refused_with_its_reason(
    owner: Client, fields: dict[str, str], complaint: str
) -> None:
    assert complaint in keep(owner, **fields)
    assert not Destination.objects.exists()


@pytest.mark.parametrize("host", ["srv1", "2130706433", "a.example:8443"])
def test_name_is_taken_and_judged_when_it_is_resolved(owner: Client, host: str) -> None:
    keep(owner, address=f"https://{host}/x")

    assert Destination.objects.get().url


def test_test_button_tells_what_came_back(owner: Client, receiver: Receiver) -> None:
    keep(owner, address=receiver.url)
    url = f"{DESTINATIONS}{Destination.objects.get().pk}/test/"

    good = owner.post(url, follow=True).content.decode()
    receiver.status = 500
    bad = owner.post(url, follow=True).content.decode()

    assert "The test is through after" in good
    assert "The test did not get through: answered 500 ok." in bad
    assert receiver.told[0]["type"] == "alert.test"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent", "given_up"}


def test_page_of_a_destination_lists_what_it_was_told(
    owner: Client, receiver: Receiver, channel: Channel
) -> None:
    keep(owner, address=receiver.url)
    row = Destination.objects.get()
    path = CallbackPath.objects.get(channel=channel)
    at = timezone.now() - timedelta(hours=25)
    PathUse.objects.create(callback_path=path, last_used_at=at)
    take_turn()

    told = owner.get(f"{DESTINATIONS}{row.pk}/").content.decode()
    alert = owner.get(f"/admin/alerts/{Alert.objects.get().pk}/").content.decode()

    assert "nothing has arrived for over 24 hours" in told
    assert "answered 200" in told
    assert "answered 200" in alert


def test_secret_is_replaced_with_overlap(owner: Client, receiver: Receiver) -> None:
    keep(owner, address=receiver.url)
    row = Destination.objects.get()
    first = row.secrets[0]
    page = owner.post(f"{DESTINATIONS}{row.pk}/secret/").content.decode()
    row.refresh_from_db()
    assert row.secrets[0] in page
    assert row.secrets[1] == first

    owner.post(f"{DESTINATIONS}{row.pk}/secret/", {"drop": "1"})

    row.refresh_from_db()
    assert len(row.secrets) == 1
    assert row.secrets[0] != first


def test_pagerduty_gets_its_usual_address_and_forgetting_takes_deliveries_along(
    owner: Client,
) -> None:
    keep(owner, form="pagerduty", routing_key="R0UT1NG")
    made = Destination.objects.get()
    assert (made.host, made.secrets[0]) == ("events.pagerduty.com", "R0UT1NG")

    owner.post(f"{DESTINATIONS}{made.pk}/drop/")

    assert not Destination.objects.exists()


def test_rule_is_changed_for_all_and_for_one_channel_and_taken_back(
    owner: Client, channel: Channel
) -> None:
    url = "/admin/alerts/rules/silence/"
    limits = {
        "hours": "6",
        "least": "10",
        "minutes": "30",
        "lasting": "0",
        "clear": "0",
    }
    owner.post(url, {**limits, "is_enabled": "on"})
    owner.post(f"{url}?channel={channel.key}", {**limits, "hours": "2"})

    kept = {row.channel: row for row in AlertRule.objects.all()}
    assert kept[None].limits == {"hours": 6}
    assert (kept[channel].is_enabled, kept[channel].limits["hours"]) == (False, 2)
    owner.post(f"{url}?channel={channel.key}", {"drop": "1"})
    owner.post(url, {**limits, "hours": "24", "is_enabled": "on"})
    assert not AlertRule.objects.exists()


@pytest.mark.parametrize("hours", ["", "x", "-1", "nan", "1e999"])
def test_limit_that_is_no_sensible_number_is_refused(owner: Client, hours: str) -> None:
    limits = {"least": "10", "minutes": "30", "lasting": "0", "clear": "0"}

    page = owner.post("/admin/alerts/rules/silence/", {**limits, "hours": hours})

    assert "Not kept" in page.content.decode()
    assert not AlertRule.objects.exists()
