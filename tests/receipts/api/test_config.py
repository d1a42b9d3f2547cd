"""Channels and templates as the API shows them."""

from collections.abc import Callable

from django.utils import timezone

from channels_cfg.models import (
    BusinessAddress,
    CallbackPath,
    Channel,
    ProviderQueue,
    QueueAccount,
)
from receipts import shapes
from receipts.models import PathUse, QueueState, Template
from tests.receipts.api import factories
from tests.receipts.api.conftest import Api


def test_channel_tells_how_it_is_configured_but_no_secret(
    api: Api, channel: Channel
) -> None:
    now = timezone.now()
    BusinessAddress.objects.create(
        channel=channel,
        provider="cams",
        channel_type="whatsapp",
        value="8613100000000",
        shown="+86 131",
    )
    path = CallbackPath.objects.create(
        channel=channel, receipt_type="mt_status", path="very/secret"
    )
    PathUse.objects.create(callback_path=path, last_used_at=now)
    QueueAccount.objects.create(channel=channel, queue_endpoint="https://q")
    ProviderQueue.objects.create(
        channel=channel, receipt_type="mt_status", queue_name="Q"
    )
    QueueState.objects.create(endpoint="https://q", queue_name="Q", last_pulled_at=now)

    answer = api.ask("channels/wa-main/")

    shown = answer.json()
    assert set(shown) == set(shapes.Channel.__struct_fields__)
    assert shown["addresses"] == ["+86 131"]
    assert shown["callbacks"][0]["last_received_at"] is not None
    assert shown["queues"][0]["last_pulled_at"] is not None
    assert b"secret" not in answer.content


def test_channels_are_listed_by_key_and_kept_apart(
    as_token: Callable[..., Api], channel: Channel
) -> None:
    other = factories.make_channel("asia", provider="8x8", is_active=False)
    api = as_token("config:read")
    limited = as_token("config:read", channels=(channel,))

    keys = [row["key"] for row in api.get("channels/")["results"]]
    first = api.get("channels/", page_size=1)

    assert keys == ["asia", "wa-main"]
    assert api.follow(first["next"])["results"][0]["key"] == "wa-main"
    assert [row["key"] for row in limited.get("channels/")["results"]] == ["wa-main"]
    limited.refused(404, f"channels/{other.key}/")
    off = api.get("channels/", active="false", provider="8x8")
    assert [row["key"] for row in off["results"]] == ["asia"]


def test_channels_need_their_own_scope(as_token: Callable[..., Api]) -> None:
    assert as_token("receipts:read").refused(403, "channels/")["scopes"] == [
        "config:read"
    ]


def test_template_is_found_by_its_code_and_language(api: Api, channel: Channel) -> None:
    for language in ("en", "de"):
        Template.objects.create(
            channel=channel,
            code="t1",
            language=language,
            status="approved",
            updated_at=timezone.now(),
        )

    (shown,) = api.get("templates/", code="t1", language="de")["results"]

    assert set(shown) == set(shapes.Template.__struct_fields__)
    assert api.get(f"templates/{shown['id']}/") == shown
    assert api.ids("templates/", status="rejected") == []
