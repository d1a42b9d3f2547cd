"""docs/providers.md says what the adapters do: nothing in it is written by hand."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from channels_cfg import registry
from channels_cfg.documenting.documented import Field, Group, groups
from channels_cfg.documenting.page import page
from channels_cfg.documenting.samples import sample
from channels_cfg.documenting.trials import another, try_field, try_values
from channels_cfg.management.commands import provider_docs

SLUGS = list(registry.adapters())
STATUS = Group(title="", sources="", fixture="status_fields.json", at="[0]", fields=[])


def cams_status(field: Field) -> Field:
    return STATUS.placed(field)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_documented_field_is_read_or_said_to_be_only_kept(slug: str) -> None:
    fields = [group.placed(f) for group in groups(slug) for f in group.fields]

    for field in fields:
        tried = try_field(slug, field)
        is_read = bool(tried.becomes) or tried.is_of_key
        assert is_read != field.kept, f"{field.fixture}: {field.at} {field.name}"
        assert field.why or not field.kept
    assert fields


@pytest.mark.parametrize("slug", SLUGS)
def test_no_documented_value_is_set_aside(slug: str) -> None:
    fields = [group.placed(f) for group in groups(slug) for f in group.fields]

    for field in fields:
        for row in try_values(slug, field) if field.values else ():
            assert "quarantined" not in row.becomes, f"{field.name} {row.value}"


def test_field_that_is_not_read_is_noticed() -> None:
    tried = try_field("cams", cams_status(Field(name="ConversationExpirationTime")))

    assert (tried.becomes, tried.is_of_key) == ((), False)


def test_field_becomes_what_differs_when_it_is_changed() -> None:
    tried = try_field("cams", cams_status(Field(name="To")))

    assert (tried.becomes, tried.is_of_key) == (("user.phone", "recipient"), True)
    assert (
        try_field("cams", cams_status(Field(name="MessageId"))).without
        == "no MessageId"
    )


def test_value_becomes_what_tells_it_from_the_others() -> None:
    field = Field(name="Status", values=["READ", "subscribe"], shows=["kind", "status"])

    rows = try_values("cams", cams_status(field))

    assert [dict(row.becomes) for row in rows] == [
        {"kind": "status", "status": "read"},
        {"kind": "subscription"},
    ]


def test_field_that_no_fixture_has_is_an_error_that_names_it() -> None:
    with pytest.raises(LookupError, match="Nowhere"):
        try_field("cams", cams_status(Field(name="Nowhere.id")))
    with pytest.raises(LookupError, match=r"lists no fixture none\.json"):
        sample("cams", "none.json")


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("8613800138000", "8613800138001"),
        ("86131*******9", "86131*******0"),
        ("2026-07-03T03:40:54.16Z", "2027-07-03T03:40:54.16Z"),
        ("Sent", "Sentx"),
        ("", "x"),
        (7, 8),
        (True, False),
        (None, None),
        ([1], None),
    ],
)
def test_another_value_has_the_same_form(value: object, other: object) -> None:
    assert another(value) == other


def test_page_is_what_the_adapters_say_now() -> None:
    call_command("provider_docs", check=True)


def test_page_that_is_out_of_date_fails_the_check_until_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_docs, "PLACE", tmp_path / "providers.md")

    with pytest.raises(CommandError, match="out of date"):
        call_command("provider_docs", check=True)

    call_command("provider_docs")
    call_command("provider_docs", check=True)


def test_new_folder_does_not_put_the_page_out_of_date(
    copied_provider: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("provider_docs", check=True)

    assert f"{copied_provider} is not in" in capsys.readouterr().err
    assert f"Slug `{copied_provider}`." in page()


def test_page_names_every_provider_with_its_ack_and_every_error_code() -> None:
    made = page()

    for adapter in registry.adapters().values():
        assert f"\n## {adapter.label}\n" in made
        assert adapter.ack().body.decode() in made
    assert "| `131026` |" in made
    assert "`200` to `299`" in made
