"""Secrets at rest: encrypted, readable with any key, shown to nobody."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core import serializers
from django.core.management import CommandError, call_command

from channels_cfg.models import CallbackPath, Channel, QueueAccount
from channels_cfg.secrets import Hidden

pytestmark = pytest.mark.django_db
NEW_KEY = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="


@pytest.fixture
def path() -> CallbackPath:
    channel = Channel.objects.create(key="c1", provider="cams", type="whatsapp")
    QueueAccount.objects.create(
        channel=channel, access_key_secrets=Hidden(("queue secret",))
    )
    return CallbackPath.objects.create(
        channel=channel, header_name="X-Key", header_values=Hidden(("new", "old"))
    )


def stored() -> CallbackPath:
    return CallbackPath.objects.get()


def reencrypt() -> str:
    out = StringIO()
    call_command("channels", "reencrypt", stdout=out)
    return out.getvalue()


def test_secrets_come_back_in_their_order(path: CallbackPath) -> None:
    assert list(stored().header_values) == ["new", "old"]
    assert list(stored().signing_secrets) == []


def test_secrets_show_themselves_nowhere(path: CallbackPath) -> None:
    secrets = stored().header_values

    assert f"{secrets} {secrets!r}" == "<2 secret values> <2 secret values>"
    assert "old" not in serializers.serialize("json", [path])


def test_older_key_still_reads_after_a_new_one_came_first(
    path: CallbackPath, settings: LazySettings
) -> None:
    settings.FIELD_KEYS = [NEW_KEY, *settings.FIELD_KEYS]

    assert list(stored().header_values) == ["new", "old"]


def test_reencrypt_makes_the_older_key_needless(
    path: CallbackPath, settings: LazySettings
) -> None:
    settings.FIELD_KEYS = [NEW_KEY, *settings.FIELD_KEYS]

    assert reencrypt() == "2 rows encrypted with the newest key.\n"

    settings.FIELD_KEYS = [NEW_KEY]
    assert list(stored().header_values) == ["new", "old"]
    assert list(QueueAccount.objects.get().access_key_secrets) == ["queue secret"]


def test_secret_of_a_lost_key_is_marked_and_survives_a_save(
    path: CallbackPath, settings: LazySettings
) -> None:
    known = settings.FIELD_KEYS
    settings.FIELD_KEYS = [NEW_KEY]

    lost = stored()
    assert not lost.has_readable_secrets
    lost.save()

    settings.FIELD_KEYS = known
    assert list(stored().header_values) == ["new", "old"]


def test_secret_of_a_lost_key_can_be_replaced(
    path: CallbackPath, settings: LazySettings
) -> None:
    settings.FIELD_KEYS = [NEW_KEY]
    lost = stored()
    lost.header_values = Hidden(("anew",))

    lost.save()

    assert list(stored().header_values) == ["anew"]
    assert stored().has_readable_secrets


def test_reencrypt_says_what_no_key_opens(
    path: CallbackPath, settings: LazySettings
) -> None:
    settings.FIELD_KEYS = [NEW_KEY]

    with pytest.raises(CommandError, match="2 rows cannot be read with any key"):
        reencrypt()
