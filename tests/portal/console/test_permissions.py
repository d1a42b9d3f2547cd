"""Who may see and do what, and that it is kept who did."""

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.secrets import Hidden
from portal.console import groups
from receipts.models import AccessRecord, Conversation
from tests.portal.console.conftest import PHONE
from tests.portal.console.places import place


@pytest.mark.django_db
def test_migrate_makes_each_group_once_and_leaves_changed_ones_alone() -> None:
    groups.make()
    viewer = Group.objects.get(name="Viewer")
    before = viewer.permissions.count()
    viewer.permissions.clear()

    call_command("migrate", verbosity=0)

    names = set(Group.objects.values_list("name", flat=True))
    assert names == {"Viewer", "Operator", "Administrator"}
    assert before == len(groups.GROUPS["Viewer"])
    assert not viewer.permissions.exists()


@pytest.mark.usefixtures("story")
def test_operator_reveals_one_page_with_a_reason_and_is_on_record(
    operator: Client,
) -> None:
    conversation = Conversation.objects.roots().earliest("id")
    url, form = place("conversation"), {"subject": f"conversation {conversation.pk}"}

    assert PHONE not in operator.get(url).content.decode()
    operator.post("/admin/reveal/", {**form, "reason": "ticket 4711"})

    assert PHONE in operator.get(url).content.decode()
    assert PHONE not in operator.get(place("receipt")).content.decode()
    kept = AccessRecord.objects.get(act="reveal")
    assert (kept.subject, kept.reason) == (form["subject"], "ticket 4711")


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("reason", ["", "  x  "])
def test_reveal_without_a_reason_shows_nothing(operator: Client, reason: str) -> None:
    conversation = Conversation.objects.roots().earliest("id")
    form = {"subject": f"conversation {conversation.pk}", "reason": reason}

    operator.post("/admin/reveal/", form)

    assert PHONE not in operator.get(place("conversation")).content.decode()
    assert not AccessRecord.objects.exists()


@pytest.mark.usefixtures("story")
def test_reveal_is_refused_to_viewers_and_of_what_is_no_page(
    viewer: Client, operator: Client
) -> None:
    form = {"subject": "conversation 1", "reason": "because I can"}

    assert viewer.post("/admin/reveal/", form).status_code == 403
    assert not AccessRecord.objects.filter(user__username="viewer").exists()
    for subject in ("user 1", "conversation x", "callback 1", ""):
        answer = operator.post("/admin/reveal/", {**form, "subject": subject})
        assert answer.status_code == 404


@pytest.mark.usefixtures("story")
def test_search_by_number_of_a_viewer_is_limited_and_kept_masked(
    viewer: Client, settings: Settings
) -> None:
    settings.API_USER_SEARCHES_PER_MINUTE = 2

    pages = [viewer.get("/admin/conversations/", {"q": PHONE}) for _ in range(3)]

    assert "Too many searches" not in pages[1].content.decode()
    assert "Too many searches" in pages[2].content.decode()
    subjects = AccessRecord.objects.values_list("subject", flat=True)
    assert list(subjects) == ["+6281******890"] * 2


def test_change_of_a_channel_is_kept_without_its_secrets(
    channel: Channel, owner: Client
) -> None:
    path = CallbackPath.objects.get(channel=channel)
    path.header_name, path.header_values = "X-Secret", Hidden(("s3cret",))
    path.save()

    kept = str(LogEntry.objects.get_for_object(path).latest().changes)

    assert "header_values" in kept
    assert "s3cret" not in kept
    assert "header_values" in owner.get("/admin/audit/").content.decode()


@pytest.mark.usefixtures("channel")
def test_audit_log_filters_by_kind_and_person(owner: Client, channel: Channel) -> None:
    everything = owner.get("/admin/audit/").context["lines"]
    acts = owner.get("/admin/audit/", {"kind": "act"}).context["lines"]
    mine = owner.get("/admin/audit/", {"who": "owner"}).context["lines"]

    assert any(channel.key in line.subject for line in everything)
    assert not acts
    assert not mine
