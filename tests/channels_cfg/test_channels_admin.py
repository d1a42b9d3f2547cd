"""The channel's page in the admin, as its three standing people see it."""

import pytest
from django.conf import LazySettings
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.services import routes
from tests.channels_cfg.admin_pages import errors_at, fields, save
from tests.channels_cfg.channel_files import CAMS, apply

pytestmark = pytest.mark.django_db
ADD = "/admin/channels_cfg/channel/add/"


def make(client: Client, provider: str = "cams", **changes: str) -> str:
    named = {"key": "wa-main", "name": "WhatsApp main", **changes}
    return save(client, f"{ADD}?provider={provider}&type=whatsapp", named)


def page(channel: Channel) -> str:
    return reverse("admin:channels_cfg_channel_change", args=[channel.pk])


def test_new_channel_begins_with_the_choice_of_its_provider(owner: Client) -> None:
    shown = owner.get(ADD).content.decode()

    assert "?provider=cams&amp;type=viber" in shown
    assert "?provider=8x8&amp;type=multi" in shown


def test_new_channel_has_a_path_for_each_usual_receipt_type(owner: Client) -> None:
    shown = make(owner)

    assert "Saved: 4 changes." in shown
    paths = CallbackPath.objects.order_by("pk")
    assert [row.receipt_type for row in paths] == [
        "mt_status",
        "mo_message",
        "template_audit",
    ]
    assert all(len(row.path) == 32 for row in paths)


def test_page_shows_each_url_with_where_it_belongs(
    owner: Client, settings: LazySettings
) -> None:
    settings.PUBLIC_BASE_URL = "https://portal.example"

    shown = make(owner)

    for row in CallbackPath.objects.all():
        assert f'data-copy="https://portal.example/callbacks/{row.path}"' in shown
    assert "WABA Management &gt; Configure Webhook" in shown
    assert "Status Report Callback URL" in shown
    assert "Notification Callback URL" in shown


def test_page_warns_where_the_public_address_is_another(
    owner: Client, settings: LazySettings
) -> None:
    settings.PUBLIC_BASE_URL = "http://testserver"
    assert "PUBLIC_BASE_URL" not in owner.get(f"{ADD}?provider=cams").content.decode()

    settings.PUBLIC_BASE_URL = "https://portal.example"
    assert "PUBLIC_BASE_URL" in owner.get(f"{ADD}?provider=cams").content.decode()


def test_page_saved_as_it_is_changes_nothing(owner: Client) -> None:
    apply(CAMS)
    channel = Channel.objects.get()

    shown = save(owner, page(channel))

    assert "Nothing to change." in shown
    assert apply(CAMS) == ["Nothing to change."]


@pytest.mark.parametrize("provider", ["cams", "8x8", "meta"])
def test_page_of_every_provider_can_be_saved(owner: Client, provider: str) -> None:
    shown = make(owner, provider)

    assert "Saved: " in shown
    assert Channel.objects.get().provider == provider


def test_account_ids_and_addresses_are_stored(owner: Client) -> None:
    make(owner, account_cust_space_id="cams-1", addresses="+86 131\npage-1")

    channel = Channel.objects.get()
    values = channel.business_addresses.values_list("value", flat=True)
    assert channel.account == {"cust_space_id": "cams-1"}
    assert sorted(values) == ["86131", "page-1"]


def test_no_page_shows_a_stored_secret(owner: Client) -> None:
    apply(CAMS)

    shown = owner.get(page(Channel.objects.get())).content.decode()

    assert "s3cret" not in shown
    assert "hush" not in shown
    assert "One is stored." in shown


def test_secret_typed_beside_the_stored_one_rotates(owner: Client) -> None:
    apply(CAMS)
    row = CallbackPath.objects.get(path="wa-main/inbound")
    secret = {f"path-{row.pk}-header_values": "new"}
    how = f"path-{row.pk}-header_values_how"

    refused = save(owner, page(row.channel), secret)
    assert "Choose: beside the stored one, or alone." in refused

    save(owner, page(row.channel), {**secret, how: "beside"})
    row.refresh_from_db()
    assert list(row.header_values) == ["new", "s3cret"]

    save(owner, page(row.channel), {how: "newest"})
    row.refresh_from_db()
    assert list(row.header_values) == ["new"]


def test_further_path_beside_a_stored_one_is_made(owner: Client) -> None:
    apply(CAMS)

    save(owner, page(Channel.objects.get()), {"further-kind": "mt_status"})

    paths = CallbackPath.objects.filter(receipt_type="mt_status", is_enabled=True)
    assert paths.count() == 2


def test_switch_of_a_path_is_in_force_for_the_door(owner: Client) -> None:
    apply(CAMS)
    row = CallbackPath.objects.get(path="wa-main/inbound")

    save(owner, page(row.channel), {f"path-{row.pk}-is_enabled": None})

    assert "wa-main/inbound" not in routes.load()


def test_path_made_meanwhile_is_not_switched_off_unseen(owner: Client) -> None:
    apply(CAMS)
    channel = Channel.objects.get()
    said = fields(owner, page(channel))
    CallbackPath.objects.create(channel=channel, receipt_type="any", path="meanwhile")

    answer = owner.post(page(channel), said)

    assert "were changed meanwhile" in answer.content.decode()
    assert CallbackPath.objects.get(path="meanwhile").is_enabled


@pytest.mark.parametrize(
    ("field", "value", "at", "told"),
    [
        ("key", "C 1", "", "Use lower-case letters, digits and hyphens"),
        ("name", "", "", "This field is required."),
        ("type", "Whats App", "", "Use one word in lower-case letters"),
        ("new-mt_status-path", "a//b", "", "Use segments of A-Z a-z"),
        ("new-mt_status-header_name", "X-Key", "header_values", "A header needs a val"),
        ("new-mt_status-header_values", "v", "header_name", "A header value needs"),
        ("new-mt_status-basic_username", "u", "basic_passwords", "A user name needs"),
        ("new-mt_status-allow_from", "home", "", "Home is neither an address"),
        ("queue-mt_status-is_enabled", "on", "queue_name", "A queue that is switched"),
        ("queue_account-queue_endpoint", "x", "", "X is not an address such as"),
        ("queue_account-queue_endpoint", "x", "token_endpoint", "cannot be blank"),
    ],
)
def test_mistake_is_told_at_its_field(
    owner: Client, field: str, value: str, at: str, told: str
) -> None:
    shown = make(owner, **{field: value})

    assert not Channel.objects.exists()
    assert told in errors_at(shown, f"{field.rpartition('-')[0]}-{at}" if at else field)


def test_queue_without_credentials_is_told_at_the_account(owner: Client) -> None:
    queue = {"queue-mt_status-is_enabled": "on", "queue-mt_status-queue_name": "q"}

    shown = make(owner, **queue)

    told = errors_at(shown, "queue_account-access_key_id")
    assert "A queue is switched on: token_endpoint" in told


def test_key_of_another_channel_is_refused_on_the_add_page(owner: Client) -> None:
    apply(CAMS)

    shown = make(owner)

    assert "There is a channel wa-main already" in shown
    assert Channel.objects.get().callback_paths.count() == 3


def test_history_tells_what_changed_but_no_path(owner: Client) -> None:
    make(owner)
    channel = Channel.objects.get()
    path = channel.callback_paths.get(receipt_type="mt_status")
    save(owner, page(channel), {f"path-{path.pk}-is_enabled": None})

    history = owner.get(
        reverse("admin:channels_cfg_channel_history", args=[channel.pk])
    )

    assert (
        f"callbacks.mt_status {path.path[:4]}…: switched off"
        in history.content.decode()
    )
    assert not LogEntry.objects.filter(change_message__contains=path.path).exists()


def test_channel_of_a_provider_that_is_gone_leads_back_to_the_list(
    owner: Client,
) -> None:
    channel = Channel.objects.create(key="old", name="Old", provider="gone", type="x")

    shown = owner.get(page(channel), follow=True).content.decode()

    assert "There is no provider gone: Old can only be switched off." in shown


def test_channel_that_is_not_there_is_a_404(owner: Client) -> None:
    assert owner.get("/admin/channels_cfg/channel/999/change/").status_code == 404
    assert owner.get("/admin/channels_cfg/channel/x/change/").status_code == 404


def test_colleague_sees_the_channel_but_no_path_and_no_button(
    colleague: Client,
) -> None:
    apply(CAMS.replace("path: wa-main/appstatus, ", ""))
    channel = Channel.objects.get()

    shown = colleague.get(page(channel)).content.decode()

    made = channel.callback_paths.get(receipt_type="mt_status").path
    assert f"{made[:4]}…" in shown
    assert made not in shown
    assert 'type="password"' not in shown
    assert 'class="default"' not in shown


def test_colleague_may_neither_save_nor_add(colleague: Client) -> None:
    apply(CAMS)
    channel = Channel.objects.get()

    assert colleague.post(page(channel), {"name": "x"}).status_code == 403
    assert colleague.get(ADD).status_code == 403
    assert colleague.post(f"{ADD}?provider=cams", {"key": "x"}).status_code == 403
    assert Channel.objects.filter(name="WhatsApp main").exists()


def test_stranger_sees_nothing(stranger: Client) -> None:
    apply(CAMS)

    for url in (ADD, page(Channel.objects.get())):
        assert stranger.get(url).headers["Location"].startswith("/admin/login/")


def test_nobody_can_delete_a_channel(owner: Client) -> None:
    apply(CAMS)

    url = reverse("admin:channels_cfg_channel_delete", args=[Channel.objects.get().pk])

    assert owner.post(url, {"post": "yes"}).status_code == 403
