"""Limits hold with Redis and without."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from receipts.api import throttling
from receipts.models import AccessRecord
from tests.receipts.api.conftest import Api


@pytest.mark.parametrize("url", [None, "redis://127.0.0.1:1/0"])
def test_uses_are_counted_with_redis_and_without(
    settings: Settings, url: str | None
) -> None:
    settings.REDIS_URL = url or settings.REDIS_URL
    counter = throttling.Counter()
    key = f"test:{url}:{id(counter)}"

    uses = [counter.count(key, 2) for _ in range(3)]

    assert [use.is_over for use in uses] in ([False, False, True], [False] * 3)
    assert uses[0].limit == 2


def test_masked_reader_may_search_for_few_people_and_leaves_a_record(
    as_token: Callable[..., Api], settings: Settings
) -> None:
    settings.API_USER_SEARCHES_PER_MINUTE = 2
    api = as_token("receipts:read")

    for path in ("receipts/", "messages/"):
        api.get(path, user="+86 138 0013 8678")

    api.refused(429, "conversations/", user="maria.s")
    assert set(AccessRecord.objects.values_list("act", "subject")) == {
        ("user_search", "+8613******678")
    }


def test_clear_reader_may_search_for_people_freely(
    api: Api, settings: Settings
) -> None:
    settings.API_USER_SEARCHES_PER_MINUTE = 1

    for _ in range(3):
        api.get("receipts/", user="8613800138678")

    assert not AccessRecord.objects.exists()
