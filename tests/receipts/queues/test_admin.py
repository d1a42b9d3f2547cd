"""What ops staff see of a queue, and what they may do about it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_cfg.models import Channel, ProviderQueue, QueueAccount
from channels_cfg.secrets import Hidden
from receipts.models import QueueState
from receipts.queues.leases import Leases
from receipts.queues.once import pull_once
from receipts.queues.wanted import wanted
from tests.receipts.queues.conftest import make_queue, status
from tests.smq.server import ACCESS_KEY_SECRET, QUEUE, SmqServer

As = Callable[..., Client]
SEES = "view_queuestate"
ACTS = "change_channel"


@pytest.fixture
def logged_in(db: None) -> As:
    """Log in a member of staff with these permissions."""

    def do(*permissions: str) -> Client:
        user = User.objects.create_user("ops", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client = Client()
        client.force_login(user)
        return client

    return do


def url(what: str, row: ProviderQueue) -> str:
    return reverse(f"admin:receipts_queuestate_{what}", args=[row.pk])


def listed(client: Client) -> str:
    return str(client.get(reverse("admin:receipts_queuestate_changelist")).content)


def test_list_shows_a_queue_that_nobody_has_pulled_yet(
    queue: ProviderQueue, logged_in: As
) -> None:
    page = listed(logged_in(SEES))

    assert QUEUE in page
    assert "not yet pulled" in page


def test_list_shows_how_a_queue_is_doing(
    smq: SmqServer, queue: ProviderQueue, logged_in: As
) -> None:
    smq.service.put_many(QUEUE, [status(str(n)) for n in range(37)])
    list(pull_once())

    page = listed(logged_in(SEES))

    assert page.count(">37<") == 2
    assert "nothing waits" in page


def test_list_without_queues_says_so(db: None, logged_in: As) -> None:
    assert "No queue is switched on" in listed(logged_in(SEES))


def test_page_of_a_stopped_queue_tells_the_reason_and_the_fix(
    smq: SmqServer, queue: ProviderQueue, logged_in: As
) -> None:
    smq.service.drop_queue(QUEUE)
    list(pull_once())

    page = logged_in(SEES, ACTS).get(url("queue", queue)).content.decode()

    assert "the queue does not exist" in page
    assert "Webhook Settings" in page
    assert "Try again now" in page


def test_silent_queue_tells_the_error_it_is_tried_again_after(
    queue: ProviderQueue, logged_in: As
) -> None:
    (place,) = wanted(queue).places
    Leases().take(place)
    long_ago = timezone.now() - timedelta(hours=1)
    QueueState.objects.update(last_error="no way there", last_error_at=timezone.now())
    ProviderQueue.objects.update(updated_at=long_ago)
    client = logged_in(SEES)

    shown = client.get(url("queue", queue)).content.decode()

    assert "no way there. It is tried again and again." in shown
    assert "no way there" in listed(client)


def test_page_of_a_queue_that_is_switched_off_says_so(
    queue: ProviderQueue, logged_in: As
) -> None:
    ProviderQueue.objects.update(is_enabled=False)

    answer = logged_in(SEES).get(url("queue", queue))

    assert "switched off" in answer.content.decode()


def test_connection_is_tested_step_by_step(queue: ProviderQueue, logged_in: As) -> None:
    answer = logged_in(SEES, ACTS).post(url("test", queue))

    steps = [(finding.step, finding.is_ok) for finding in answer.context["findings"]]
    assert steps[-2:] == [("permission", True), ("queue", True)]
    assert "dns" in answer.content.decode()


def test_test_says_which_step_failed_and_shows_no_secret(
    queue: ProviderQueue, logged_in: As
) -> None:
    QueueAccount.objects.update(access_key_secrets=Hidden(("wrong-one",)))

    answer = logged_in(SEES, ACTS).post(url("test", queue))

    last = answer.context["findings"][-1]
    assert (last.step, last.is_ok) == ("token", False)
    page = answer.content.decode()
    assert "enter the secret that belongs" in page
    assert "wrong-one" not in page
    assert ACCESS_KEY_SECRET not in page


def test_test_of_a_provider_without_queues_says_so(
    queue: ProviderQueue, logged_in: As
) -> None:
    Channel.objects.update(provider="8x8")

    answer = logged_in(SEES, ACTS).post(url("test", queue))

    assert "knows no queues of 8x8" in answer.content.decode()


def test_retry_lets_a_stopped_queue_go_on(queue: ProviderQueue, logged_in: As) -> None:
    (place,) = wanted(queue).places
    Leases().take(place)
    QueueState.objects.update(is_stopped=True, last_error_at=timezone.now())

    answer = logged_in(SEES, ACTS).post(url("retry", queue))

    assert answer.status_code == 302
    assert not QueueState.objects.get().is_stopped


@pytest.mark.parametrize("what", ["test", "retry"])
def test_who_may_only_look_cannot_act(
    queue: ProviderQueue, logged_in: As, *, what: str
) -> None:
    client = logged_in(SEES)

    assert client.post(url(what, queue)).status_code == 403
    assert "Test connection" not in client.get(url("queue", queue)).content.decode()


@pytest.mark.parametrize("what", ["test", "retry"])
def test_nothing_is_done_by_looking(
    queue: ProviderQueue, logged_in: As, *, what: str
) -> None:
    assert logged_in(SEES, ACTS).get(url(what, queue)).status_code == 405


def test_stranger_sees_nothing(queue: ProviderQueue, logged_in: As) -> None:
    client = logged_in("view_receipt", ACTS)

    assert client.get(url("queue", queue)).status_code == 403
    assert client.post(url("test", queue)).status_code == 403


def test_shared_queue_is_one_line_with_its_channels(
    smq: SmqServer, queue: ProviderQueue, logged_in: As
) -> None:
    make_queue(smq, "wa-second")

    page = listed(logged_in(SEES))

    assert page.count(QUEUE) == 1
    assert "wa-main, wa-second" in page
