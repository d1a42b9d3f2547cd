"""Two who configure at the same moment wait for each other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.services import channel_file, channels
from tests.channels_cfg.channel_files import file, one


def configure(text: str) -> tuple[str, ...]:
    try:
        return channels.configure(channel_file.read(text)).lines
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_same_file_applied_side_by_side_makes_everything_once() -> None:
    text = file(one("callbacks: {mt_status: {}, mo_message: {}}"))

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(configure, [text] * 4))

    assert sorted(len(lines) for lines in told) == [0, 0, 0, 3]
    assert Channel.objects.count() == 1
    assert CallbackPath.objects.count() == 2
