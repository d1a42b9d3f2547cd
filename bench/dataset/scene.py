"""The channels of the data set and who sends through them."""

from typing import NamedTuple

from channels_cfg.models import Channel
from channels_cfg.services import channel_file, channels

_FILE = """
channels:
  - {key: wa-main, name: WhatsApp main, provider: cams, type: whatsapp,
     addresses: ["6560000001"], callbacks: {mt_status: {path: wa-main/status},
     mo_message: {path: wa-main/inbound}, template_audit: {path: wa-main/audit}}}
  - {key: wa-second, name: WhatsApp second, provider: cams, type: whatsapp,
     addresses: ["6560000002"], callbacks: {mt_status: {path: wa-second/status},
     mo_message: {path: wa-second/inbound}}}
  - {key: page, name: The page, provider: cams, type: messenger,
     addresses: ["108000000000001"], callbacks: {mt_status: {path: page/status},
     mo_message: {path: page/inbound}}}
  - {key: viber, name: Viber, provider: cams, type: viber,
     addresses: ["bench.viber"], callbacks: {mt_status: {path: viber/status},
     mo_message: {path: viber/inbound}}}
  - {key: asia, name: 8x8 Asia, provider: 8x8, type: multi,
     account: {account_id: acme, sub_account_id: acme_hq},
     callbacks: {any: {path: asia/all}}}
  - {key: live, name: Live traffic, provider: cams, type: whatsapp,
     addresses: ["6569999999"], callbacks: {mt_status: {path: live/status},
     mo_message: {path: live/inbound}}}
"""
LIVE_CHANNEL, LIVE_ADDRESS = "live", "6569999999"


class Sender(NamedTuple):
    """Whose people of a hundred are on which channel, from ``share_from`` on."""

    key: str
    channel_type: str
    address: str
    share_from: int
    share_to: int


SENDERS = (
    Sender("wa-main", "whatsapp", "6560000001", 0, 45),
    Sender("wa-second", "whatsapp", "6560000002", 45, 65),
    Sender("page", "messenger", "108000000000001", 65, 70),
    Sender("viber", "viber", "bench.viber", 70, 80),
    Sender("asia", "whatsapp", "acme_hq", 80, 95),
    Sender("asia", "viber", "acme_hq", 95, 100),
)


def make_channels() -> dict[str, Channel]:
    """Create the channels as an operator would; return them by key."""
    channels.configure(channel_file.read(_FILE))
    return {channel.key: channel for channel in Channel.objects.all()}
