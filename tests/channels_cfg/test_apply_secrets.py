"""Secrets in the channel file: where they come from, how they turn, where they stay."""

from pathlib import Path

import pytest
from django.db.models import TextField
from django.db.models.functions import Cast

from channels_cfg.models import CallbackPath
from channels_cfg.services import routes
from tests.channels_cfg.channel_files import apply, export, file, one

pytestmark = pytest.mark.django_db


def with_key(value: str) -> str:
    return file(
        one(
            "callbacks: {mt_status: {path: p, auth: {header: "
            f"{{name: X-Key, value: {value}}}}}}}}}"
        )
    )


def stored() -> list[str]:
    return list(CallbackPath.objects.get().header_values)


def test_secret_comes_from_the_environment_or_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEW_KEY", "from env")
    (tmp_path / "old").write_text("from file\n")

    apply(with_key(f"[{{env: NEW_KEY}}, {{file: {tmp_path}/old}}, plain]"))

    assert stored() == ["from env", "from file", "plain"]


@pytest.mark.parametrize("written", ["0123", "1.50", "2026-01-01", "'yes'", "1_000"])
def test_secret_is_the_text_as_it_was_written(written: str) -> None:
    apply(with_key(written))

    assert stored() == [written.strip("'")]


def test_secret_left_out_beside_its_name_stays_as_stored() -> None:
    apply(with_key("v"))

    left_out = "callbacks: {mt_status: {path: p, auth: {header: {name: X-Key}}}}"
    assert apply(file(one(left_out))) == ["Nothing to change."]
    assert stored() == ["v"]


def test_auth_left_out_takes_the_proof_away_and_says_so() -> None:
    apply(with_key("v"))

    assert apply(file(one("callbacks: {mt_status: {path: p}}"))) == [
        "c1: callbacks.mt_status p: auth.header.name: X-Key -> none",
        "c1: callbacks.mt_status p: auth.header.value removed",
    ]


def test_rotation_takes_both_then_only_the_new_secret() -> None:
    apply(with_key("old"))
    apply(with_key("[new, old]"))
    assert routes.load()["p"].prove({"x-key": "old"}, b"", "") == 1

    apply(with_key("new"))

    assert stored() == ["new"]


def test_signing_secrets_and_verify_tokens_reach_the_route() -> None:
    auth = "{signing: [s2, s1], verify_token: t}"
    text = file(one(f"callbacks: {{mt_status: {{path: p, auth: {auth}}}}}"))

    apply(text)

    secrets = routes.load()["p"].secrets
    assert (secrets.signing, secrets.verify_tokens) == (("s2", "s1"), ("t",))
    assert apply(export()) == ["Nothing to change."]
    assert apply(file(one("callbacks: {mt_status: {path: p}}"))) == [
        "c1: callbacks.mt_status p: auth.signing removed",
        "c1: callbacks.mt_status p: auth.verify_token removed",
    ]


def test_secret_is_not_stored_in_clear() -> None:
    apply(with_key("very-secret"))

    raw = CallbackPath.objects.annotate(raw=Cast("header_values", TextField()))
    assert raw.get().raw.startswith("gAAAA")
