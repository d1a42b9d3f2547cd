"""``manage.py channels``: what it makes, tells, keeps and never deletes."""

import pytest
from django.conf import LazySettings
from django.core.management import CommandError

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.services import routes
from tests.channels_cfg.channel_files import CAMS, apply, channels, export, file, one

pytestmark = pytest.mark.django_db


def test_apply_makes_a_channel_with_all_its_parts() -> None:
    apply(CAMS)

    channel = Channel.objects.get(key="wa-main")
    assert (channel.name, channel.provider, channel.type) == (
        "WhatsApp main",
        "cams",
        "whatsapp",
    )
    assert channel.account == {"cust_space_id": "cams-xxx", "waba_id": "123"}
    assert channel.audit_version == "V2"
    assert [a.value for a in channel.business_addresses.all()] == ["8613100000000"]
    assert channel.callback_paths.count() == 3
    assert channel.queues.get().queue_name == "Alicom-Queue-1-ChatAppStatus"
    assert list(channel.queue_account.access_key_secrets) == ["hush"]


def test_apply_keeps_each_proof_on_its_path() -> None:
    apply(CAMS)

    audit = CallbackPath.objects.get(path="wa-main/audit")
    inbound = CallbackPath.objects.get(path="wa-main/inbound")
    assert (inbound.header_name, list(inbound.header_values)) == (
        "X-Secret",
        ["s3cret"],
    )
    assert (audit.basic_username, list(audit.basic_passwords)) == ("u", ["p"])
    assert audit.allow_from == ["203.0.113.0/24"]
    assert set(routes.load()) == {
        "wa-main/appstatus",
        "wa-main/inbound",
        "wa-main/audit",
    }


def test_apply_prints_one_line_for_each_change(settings: LazySettings) -> None:
    settings.PUBLIC_BASE_URL = "https://portal.example"

    lines = apply(CAMS)

    assert lines == [
        "wa-main: new channel, cams, whatsapp",
        "wa-main: address +86 131-0000-0000 added",
        "wa-main: callbacks.mt_status: new, https://portal.example/callbacks/wa-main/appstatus",
        "wa-main: callbacks.mo_message: new, https://portal.example/callbacks/wa-main/inbound",
        "wa-main: callbacks.template_audit: new, https://portal.example/callbacks/wa-main/audit",
        "wa-main: queues.mt_status: new, Alicom-Queue-1-ChatAppStatus",
        "wa-main: queue_account: new, http://127.0.0.1:9002",
    ]


def test_apply_twice_changes_nothing_the_second_time() -> None:
    apply(CAMS)

    assert apply(CAMS) == ["Nothing to change."]


def test_apply_of_an_export_changes_nothing_and_keeps_secrets() -> None:
    apply(CAMS)

    assert apply(export()) == ["Nothing to change."]

    inbound = CallbackPath.objects.get(path="wa-main/inbound")
    assert list(inbound.header_values) == ["s3cret"]


def test_export_and_plan_and_apply_show_no_secret() -> None:
    shown = "\n".join([*channels("plan", CAMS)[0], *apply(CAMS), export()])

    for secret in ("s3cret", "hush", "password: p"):
        assert secret not in shown


def test_plan_tells_what_apply_would_do_and_changes_nothing() -> None:
    planned, _ = channels("plan", CAMS)

    assert not Channel.objects.exists()
    assert planned == apply(CAMS)


def test_changes_are_told_by_field() -> None:
    apply(CAMS)

    lines = apply(
        CAMS.replace("WhatsApp main", "WA")
        .replace("s3cret", "[new, s3cret]")
        .replace("enabled: true}", "enabled: false}")
        .replace("+86 131-0000-0000", "8613100000001")
    )

    assert lines == [
        "wa-main: name: WhatsApp main -> WA",
        "wa-main: address 8613100000001 added",
        "wa-main: address +86 131-0000-0000 removed",
        "wa-main: callbacks.mt_status wa-main/appstatus: switched off",
        "wa-main: callbacks.mo_message wa-main/inbound: auth.header.value changed, 2 values",
        "wa-main: queues.mt_status Alicom-Queue-1-ChatAppStatus: switched off",
    ]


def test_one_bad_channel_keeps_the_whole_file_out() -> None:
    with pytest.raises(CommandError, match="wrong"):
        apply(file(one(), one(key="c2", rest="account: {wrong: x}")))

    assert not Channel.objects.exists()


def test_channels_not_in_the_file_stay_unless_told_otherwise() -> None:
    apply(file(one(), one(key="c2")))

    assert apply(file(one(key="c2"))) == ["Nothing to change."]
    lines = apply(file(one(key="c2")), "--disable-missing")

    assert lines == ["c1: switched off"]
    assert not Channel.objects.get(key="c1").is_active


def test_channel_that_returns_to_the_file_is_switched_on_again() -> None:
    apply(file(one(), one(key="c2")))
    apply(file(one(key="c2")), "--disable-missing")

    assert apply(file(one())) == ["c1: switched on"]


def test_channel_that_was_switched_off_is_exported_as_such() -> None:
    apply(file(one("active: false")))

    assert apply(export()) == ["Nothing to change."]


def test_channel_of_a_provider_that_is_gone_can_still_be_disabled() -> None:
    Channel.objects.create(key="old", name="Old", provider="gone", type="x")

    assert apply("channels: []", "--disable-missing") == ["old: switched off"]


def test_parts_left_out_stay_as_they_are() -> None:
    apply(CAMS)

    assert apply("channels: [{key: wa-main}]") == ["Nothing to change."]


def test_usual_values_are_the_key_as_name_and_the_first_type() -> None:
    apply("channels: [{key: c1, provider: cams}]")

    assert Channel.objects.filter(name="c1", type="whatsapp").exists()


def test_address_moves_from_one_channel_to_another() -> None:
    apply(file(one("addresses: ['1234567890']"), one(key="c2")))

    apply(file(one("addresses: []"), one(key="c2", rest="addresses: ['1234567890']")))

    addresses = Channel.objects.get(key="c2").business_addresses
    assert addresses.get().value == "1234567890"


def test_change_of_type_takes_the_addresses_along() -> None:
    apply(file(one("addresses: ['1234567890']")))

    apply(file(one()).replace("whatsapp", "viber"))

    address = Channel.objects.get().business_addresses.get()
    assert (address.channel_type, address.shown) == ("viber", "1234567890")
