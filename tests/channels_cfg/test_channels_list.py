"""The list of channels in the admin: searched, and switched from."""

import pytest
from django.test import Client

from channels_cfg.models import Channel
from tests.channels_cfg.channel_files import CAMS, apply

pytestmark = pytest.mark.django_db
LIST = "/admin/channels_cfg/channel/"


@pytest.mark.parametrize("query", ["", "?q=cams-xxx", "?q=0000-0000", "?provider=cams"])
def test_list_finds_channels_by_all_they_are_known_by(
    owner: Client, query: str
) -> None:
    apply(CAMS)

    shown = owner.get(f"{LIST}{query}").content.decode()

    assert "WhatsApp main" in shown
    assert "wa-main" not in owner.get(f"{LIST}?q=none").content.decode()


@pytest.mark.parametrize(
    ("action", "is_active"), [("switch_off", False), ("switch_on", True)]
)
def test_channels_are_switched_from_the_list(
    owner: Client, action: str, is_active: bool
) -> None:
    apply(CAMS)
    channel = Channel.objects.get()
    Channel.objects.update(is_active=not is_active)
    sent = {"action": action, "_selected_action": channel.pk}

    shown = owner.post(LIST, sent, follow=True).content.decode()

    channel.refresh_from_db()
    assert "1 changed." in shown
    assert channel.is_active is is_active


def test_colleague_may_switch_no_channel_from_the_list(colleague: Client) -> None:
    apply(CAMS)
    sent = {"action": "switch_off", "_selected_action": Channel.objects.get().pk}

    colleague.post(LIST, sent)

    assert Channel.objects.get().is_active


def test_stranger_sees_no_list(stranger: Client) -> None:
    apply(CAMS)

    assert stranger.get(LIST).headers["Location"].startswith("/admin/login/")
