"""What the door asks of a callback path before it keeps anything."""

import base64
import hmac
from collections.abc import Mapping

import pytest
from django.conf import LazySettings
from pytest_django import DjangoAssertNumQueries

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.secrets import Hidden
from channels_cfg.services import routes
from channels_cfg.services.routes import Route
from channels_cfg.wire import BadSignature, ReceiptType

pytestmark = pytest.mark.django_db
OLD_KEY = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0="


@pytest.fixture
def channel() -> Channel:
    return Channel.objects.create(
        key="wa-main", name="Main", provider="cams", type="whatsapp"
    )


def make_path(channel: Channel, **fields: object) -> CallbackPath:
    return CallbackPath.objects.create(
        channel=channel, receipt_type=ReceiptType.MT_STATUS, **fields
    )


def loaded(channel: Channel, **fields: object) -> Route:
    row = make_path(channel, **fields)
    return routes.load()[row.path]


def prove(
    route: Route, headers: Mapping[str, str] | None = None, address: str = "192.0.2.1"
) -> int:
    return route.prove(headers or {}, b"[]", address)


def basic(words: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}


def test_load_gives_each_path_with_its_channel(channel: Channel) -> None:
    path = make_path(channel, path="wa-main/appstatus")

    route = routes.load()["wa-main/appstatus"]

    assert (route.path_id, route.channel_id) == (path.pk, channel.pk)
    assert (route.channel_key, route.provider) == ("wa-main", "cams")
    assert route.receipt_type is ReceiptType.MT_STATUS
    assert route.channel_type == "whatsapp"


def test_load_costs_one_query(
    channel: Channel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make_path(channel)

    with django_assert_num_queries(1):
        assert len(routes.load()) == 3


def test_load_leaves_out_what_is_switched_off_or_of_no_known_provider(
    channel: Channel,
) -> None:
    make_path(channel, is_enabled=False)
    make_path(Channel.objects.create(key="off", provider="cams", is_active=False))
    make_path(Channel.objects.create(key="gone", provider="nobody"))

    assert routes.load() == {}


def test_path_without_any_secret_takes_every_caller(channel: Channel) -> None:
    assert prove(loaded(channel)) == 0


@pytest.mark.parametrize(("told", "index"), [("new", 0), (" new ", 0), ("old", 1)])
def test_prove_says_which_header_value_matched(
    channel: Channel, told: str, index: int
) -> None:
    route = loaded(
        channel, header_name="X-Secret", header_values=Hidden(("new", "old"))
    )

    assert prove(route, {"x-secret": told}) == index


@pytest.mark.parametrize("headers", [{}, {"x-secret": ""}, {"x-secret": "NEW"}])
def test_prove_refuses_a_wrong_header(
    channel: Channel, headers: dict[str, str]
) -> None:
    route = loaded(channel, header_name="X-Secret", header_values=Hidden(("new",)))

    with pytest.raises(BadSignature):
        prove(route, headers)


def test_header_value_may_hold_other_letters_than_ascii(channel: Channel) -> None:
    route = loaded(channel, header_name="X-Secret", header_values=Hidden(("schlüß",)))

    # As a server hands over the bytes of the same text in UTF-8.
    assert prove(route, {"x-secret": "schlüß".encode().decode("latin-1")}) == 0


@pytest.mark.parametrize(("words", "index"), [("u:new", 0), ("u:old:er", 1)])
def test_prove_says_which_basic_password_matched(
    channel: Channel, words: str, index: int
) -> None:
    route = loaded(
        channel, basic_username="u", basic_passwords=Hidden(("new", "old:er"))
    )

    assert prove(route, basic(words)) == index


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Basic"},
        {"authorization": "Basic %%%"},
        {"authorization": "Basic d\u00fcb"},
        {"authorization": "Bearer dTpuZXc="},
        basic("u:wrong"),
        basic("v:new"),
        basic("new"),
    ],
)
def test_prove_refuses_wrong_basic_authorization(
    channel: Channel, headers: dict[str, str]
) -> None:
    route = loaded(channel, basic_username="u", basic_passwords=Hidden(("new",)))

    with pytest.raises(BadSignature):
        prove(route, headers)


def test_all_proofs_are_asked_and_the_oldest_secret_is_told(channel: Channel) -> None:
    route = loaded(
        channel,
        header_name="X-Secret",
        header_values=Hidden(("new", "old")),
        basic_username="u",
        basic_passwords=Hidden(("p",)),
    )

    assert prove(route, {**basic("u:p"), "x-secret": "old"}) == 1
    with pytest.raises(BadSignature):
        prove(route, {"x-secret": "new"})


@pytest.mark.parametrize(
    "address", ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::7"]
)
def test_callers_of_an_allowed_network_pass(channel: Channel, address: str) -> None:
    route = loaded(channel, allow_from=["203.0.113.0/24", "2001:db8::/32"])

    assert prove(route, address=address) == 0


@pytest.mark.parametrize("address", ["203.0.114.9", "2001:db9::7", "", "unix:"])
def test_callers_of_other_networks_are_refused(channel: Channel, address: str) -> None:
    route = loaded(channel, allow_from=["203.0.113.0/24", "2001:db8::/32"])

    with pytest.raises(BadSignature):
        prove(route, address=address)


def test_path_whose_secret_cannot_be_read_lets_nobody_in(
    channel: Channel, settings: LazySettings
) -> None:
    path = make_path(channel, header_name="X-Secret", header_values=Hidden(("new",)))
    settings.FIELD_KEYS = [OLD_KEY]

    route = routes.load()[path.path]

    with pytest.raises(BadSignature):
        prove(route, {"x-secret": "new"})


def signed(body: bytes, secret: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, "sha256").hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


@pytest.mark.parametrize(("secret", "index"), [("new", 0), ("old", 1)])
def test_prove_says_which_signing_secret_matched(secret: str, index: int) -> None:
    channel = Channel.objects.create(key="m", provider="meta", type="whatsapp")
    route = loaded(channel, signing_secrets=Hidden(("new", "old")))

    assert route.prove(signed(b"{}", secret), b"{}", "") == index
    with pytest.raises(BadSignature):
        route.prove(signed(b"{}", secret), b"{ }", "")


@pytest.mark.parametrize("secrets", [(), ("new",), ("new", "old")])
def test_prove_refuses_what_no_signing_secret_signed(secrets: tuple[str, ...]) -> None:
    channel = Channel.objects.create(key="m", provider="meta", type="whatsapp")
    route = loaded(channel, signing_secrets=Hidden(secrets))

    for headers in ({}, signed(b"{}", "other"), signed(b"{}", "")):
        with pytest.raises(BadSignature):
            route.prove(headers, b"{}", "")
