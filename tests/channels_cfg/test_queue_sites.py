"""Queues on the page of a channel: sites to choose, and where names are found."""

import pytest
from django.test import Client
from django.urls import reverse

from channels_cfg.models import Channel, QueueAccount
from channels_cfg.providers.cams.endpoints import CHINA, SINGAPORE
from tests.channels_cfg.admin_pages import errors_at, fields, save
from tests.channels_cfg.channel_files import CAMS, apply

pytestmark = pytest.mark.django_db
SITE, TOKEN = "queue_account-site", "queue_account-token_endpoint"
OWN = ("http://127.0.0.1:9001", "http://127.0.0.1:9002")


@pytest.fixture
def page() -> str:
    """The page of a channel whose queues are at endpoints of its own."""
    apply(CAMS)
    pk = Channel.objects.get().pk
    return reverse("admin:channels_cfg_channel_change", args=[pk])


def endpoints() -> tuple[str, str]:
    account = QueueAccount.objects.get()
    return account.token_endpoint, account.queue_endpoint


def test_new_channel_gets_both_endpoints_of_the_chosen_site(owner: Client) -> None:
    save(
        owner,
        "/admin/channels_cfg/channel/add/?provider=cams&type=whatsapp",
        {
            "key": "wa",
            "name": "WA",
            SITE: "singapore",
            "queue_account-access_key_id": "LTAI1",
            "queue_account-access_key_secrets": "hush",
        },
    )

    assert endpoints() == (SINGAPORE.token_endpoint, SINGAPORE.queue_endpoint)


def test_site_takes_the_place_of_other_endpoints(owner: Client, page: str) -> None:
    assert fields(owner, page)[SITE] == ""

    save(owner, page, {SITE: "china"})

    assert endpoints() == (CHINA.token_endpoint, CHINA.queue_endpoint)
    assert fields(owner, page)[SITE] == "china"


def test_endpoint_changed_by_hand_leaves_the_site(owner: Client, page: str) -> None:
    save(owner, page, {SITE: "china"})

    save(owner, page, {TOKEN: OWN[0]})

    assert endpoints() == (OWN[0], CHINA.queue_endpoint)
    assert fields(owner, page)[SITE] == ""


def test_site_and_endpoints_at_once_are_refused(owner: Client, page: str) -> None:
    shown = save(owner, page, {SITE: "china", TOKEN: "http://127.0.0.1:1"})

    assert "Choose a site or enter endpoints, not both." in errors_at(shown, SITE)
    assert endpoints() == OWN


def test_page_of_a_channel_leads_to_the_health_of_its_queue(
    owner: Client, page: str
) -> None:
    queue = Channel.objects.get().queues.get()
    health = reverse("admin:receipts_queuestate_queue", args=[queue.pk])

    assert health in owner.get(page).content.decode()


def test_page_tells_where_the_console_shows_the_names_of_queues(
    owner: Client, page: str
) -> None:
    shown = owner.get(page).content.decode()

    for field in ("Message Receipt Queue", "MO Message Queue", "Notification Queue"):
        assert f"<strong>{field}</strong>" in shown
