"""Whatever is pushed, the door answers and every callback comes to an end."""

import json
from collections.abc import Sequence

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels_cfg.json_text import load_item
from channels_cfg.models import CallbackPath, Channel
from channels_cfg.secrets import Hidden
from receipts.models import Callback, QuarantinedItem, Receipt, Sighting
from receipts.processing.drain import drain
from tests.channels_cfg.contract import (
    FOLDERS,
    manifest,
    proof_headers,
    signing_secrets,
)

odd_texts = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    ["", "\0", "\ud800", "x" * 300, "9" * 400, "true", "-1", "2026-11-21T00:00:00Z"]
)
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -(2**63) - 1, 1e300])
values = st.recursive(
    st.none() | st.booleans() | numbers | odd_texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(odd_texts, inner, max_size=3)
    ),
    max_leaves=6,
)
few = settings(
    max_examples=30,
    deadline=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(params=FOLDERS)
def folder(request: pytest.FixtureRequest, transactional_db: None) -> str:
    """A provider with one path for everything."""
    name = str(request.param)
    adapter = manifest(name)[0].adapter
    channel = Channel.objects.create(key=name, name=name, provider=adapter.slug)
    CallbackPath.objects.create(
        channel=channel,
        receipt_type="any",
        path=name,
        signing_secrets=Hidden(signing_secrets(name)),
    )
    return name


def documents(folder: str) -> list[object]:
    """Return the fixtures that are JSON, decoded; small ones only."""
    bodies = (each.body for each in manifest(folder) if not each.bad_body)
    return [
        load_item(body.strip(b"\xef\xbb\xbf \n"))[0]
        for body in bodies
        if len(body) < 4000
    ]


def changed(document: object, data: st.DataObject) -> object:
    """Return ``document`` with some odd value somewhere in it."""
    if isinstance(document, dict) and document and data.draw(st.integers(0, 4)):
        name = data.draw(st.sampled_from(sorted(document)))
        return {**document, name: changed(document[name], data)}
    if isinstance(document, list) and document and data.draw(st.integers(0, 3)):
        place = data.draw(st.integers(0, len(document) - 1))
        rest = document[place + 1 :]
        return [*document[:place], changed(document[place], data), *rest]
    return data.draw(values)


def assert_ends(client: Client, folder: str, bodies: Sequence[bytes]) -> None:
    """Push ``bodies`` and drain them: each ends, and nothing of it is lost."""
    for body in bodies:
        answer = client.post(
            f"/callbacks/{folder}",
            body,
            content_type="application/json",
            headers=dict(proof_headers(folder, body)),
            CONTENT_LENGTH=str(len(body)),
        )
        assert answer.status_code == 200
    drain()
    newest = Callback.objects.order_by("-received_at", "-id")
    for callback in newest[: len([body for body in bodies if body])]:
        assert_is_told(callback)


def assert_is_told(callback: Callback) -> None:
    """Check that a callback has ended, and that each of its items is somewhere."""
    assert callback.state in ("done", "partly", "failed")
    assert callback.attempts == 1
    mine = {"callback_id": callback.id}
    kept = Receipt.objects.filter(**mine).count()
    again = Sighting.objects.filter(**mine).count()
    aside = QuarantinedItem.objects.filter(**mine).count()
    # That would be a defect of ours, not of theirs.
    assert not QuarantinedItem.objects.filter(reason__startswith="reader").exists()
    assert (kept, again, aside) == (
        callback.new,
        callback.duplicates,
        callback.quarantined,
    )
    whole = int(callback.state == "failed")
    assert kept + again + aside == (callback.items or 0) + whole


@few
@given(bodies=st.lists(st.binary(max_size=60), max_size=4))
def test_any_bytes_come_to_an_end(
    client: Client, folder: str, bodies: list[bytes]
) -> None:
    assert_ends(client, folder, bodies)


@few
@given(bodies=st.lists(values, max_size=4))
def test_any_json_comes_to_an_end(
    client: Client, folder: str, bodies: list[object]
) -> None:
    assert_ends(client, folder, [json.dumps(body).encode() for body in bodies])


@few
@given(data=st.data())
def test_any_change_of_a_fixture_comes_to_an_end(
    client: Client, folder: str, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(documents(folder)), max_size=6))
    bodies = [json.dumps(changed(each, data)).encode() for each in chosen]

    assert_ends(client, folder, bodies)
