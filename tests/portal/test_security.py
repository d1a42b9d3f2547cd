"""What every page says to browsers, and what strangers and logs never see."""

import io
import logging
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from channels_cfg.models import CallbackPath, Channel
from channels_cfg.secrets import Hidden
from portal import urls
from portal.handlers import DoorHandler

pytestmark = pytest.mark.django_db
Write = Callable[[bytes], object]
SECRET = "seeded-secret-5f2d"

PAGES = (
    "/admin/login/",
    "/admin/",
    "/admin/conversations/",
    "/admin/nothing-here/",
    "/api/v1/receipts/",
    "/api/v1/nothing-here/",
    "/api/v1/docs/",
    "/api/v1/schema/",
    "/healthz/live",
    "/nothing-here",
    "/broken",
    "/",
)


def broken(_request: HttpRequest) -> HttpResponse:
    """Fail, with a secret in a variable."""
    password = SECRET
    raise RuntimeError(f"broken by {len(password)} characters")


class Broken:
    """The portal's URLs, and one page that fails."""

    urlpatterns = [path("broken", broken), *urls.urlpatterns]


@pytest.fixture
def owner_client(settings: Settings) -> Client:
    """A signed-in owner, on URLs of which one fails."""
    settings.ROOT_URLCONF = Broken
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("owner", password="x" * 20))
    return client


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the portal writes to its log."""
    written = io.StringIO()
    (handler,) = (h for h in logging.getLogger().handlers if _is_ours(h))
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def _is_ours(handler: logging.Handler) -> bool:
    return type(handler) is logging.StreamHandler


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("is_known", [True, False])
def test_every_page_keeps_browsers_from_mischief(
    owner_client: Client, page: str, is_known: bool
) -> None:
    if not is_known:
        owner_client.logout()
    answer = owner_client.get(page)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_failing_page_tells_nothing(owner_client: Client) -> None:
    answer = owner_client.get("/broken")

    assert answer.status_code == 500
    for word in (b"Traceback", b"RuntimeError", SECRET.encode(), b"Django"):
        assert word not in answer.content


def test_failing_page_is_logged_without_variables(
    owner_client: Client, lines: io.StringIO
) -> None:
    owner_client.get("/broken")

    assert "RuntimeError" in lines.getvalue()
    assert SECRET not in lines.getvalue()


def test_form_from_elsewhere_is_refused(owner_client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner_client.cookies

    assert strict.post("/admin/logout/").status_code == 403


def test_host_of_another_site_is_refused(owner_client: Client) -> None:
    answer = owner_client.get("/admin/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert b"evil" not in answer.content


def test_login_leads_nowhere_else(owner_client: Client) -> None:
    owner_client.logout()
    User.objects.create_superuser("other", password="a-long-enough-password")
    given = {"username": "other", "password": "a-long-enough-password"}
    answer = owner_client.post("/admin/login/?next=https://evil.example/", given)

    assert answer.status_code == 302
    assert not urlsplit(answer.headers["Location"]).netloc


def test_cookies_are_out_of_reach_for_scripts(owner_client: Client) -> None:
    owner_client.logout()
    User.objects.create_superuser("other", password="a-long-enough-password")
    given = {"username": "other", "password": "a-long-enough-password"}
    answer = owner_client.post("/admin/login/", given)

    assert answer.cookies["session"]["httponly"]
    assert answer.cookies["session"]["samesite"] == "Lax"
    assert answer.cookies["csrf"]["samesite"] == "Strict"


def test_line_breaks_of_strangers_make_no_line_of_a_log(
    owner_client: Client, lines: io.StringIO
) -> None:
    owner_client.get("/nothing%0d%0aFORGED%20line%e2%80%a8FORGED")

    assert not [line for line in lines.getvalue().splitlines() if line[:6] == "FORGED"]


def test_secret_of_a_path_shows_in_no_repr_and_no_log(
    owner_client: Client, lines: io.StringIO
) -> None:
    channel = Channel.objects.create(key="wa", name="WA", provider="cams")
    made = CallbackPath.objects.create(
        channel=channel,
        receipt_type="mt_status",
        path=f"wa/{SECRET}-path",
        header_name="X-Secret",
        header_values=Hidden((SECRET,)),
    )
    made.refresh_from_db()
    owner_client.post(f"/callbacks/wa/{SECRET}-path", b"[]", "application/json")
    owner_client.get(f"/callbacks/wa/{SECRET}-none")

    assert SECRET not in repr(made.header_values)
    assert SECRET not in lines.getvalue()


def ask_door(path: str, method: str) -> tuple[dict[str, str], bytes]:
    """Return the headers that the door answers, its status among them, and the body."""
    said: dict[str, str] = {}

    def start(status: str, headers: list[tuple[str, str]], *_: object) -> Write:
        said.update({**dict(headers), "Status": status})
        return lambda _data: None

    environ = {"PATH_INFO": path, "REQUEST_METHOD": method}
    setup_testing_defaults(environ)
    return said, b"".join(DoorHandler()(environ, start))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/callbacks/", "/", "/callbacks/nobody"])
def test_door_answers_what_it_does_not_know_in_a_few_bytes(path: str) -> None:
    said, body = ask_door(path, "POST")

    assert said["Status"] == "404 Not Found"
    assert body == b'{"code": 404, "msg": "not found"}'


def test_door_answers_a_defect_of_its_own_in_a_few_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("receipts.intake.views.find")

    said, body = ask_door("/callbacks/wa/st", "POST")

    assert said["Status"] == "500 Internal Server Error"
    assert body == b'{"code": 500, "msg": "internal error"}'
    assert said["Content-Length"] == str(len(body))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_door_says_what_browsers_must_not_do(method: str) -> None:
    said, _ = ask_door("/callbacks/nobody", method)

    assert said["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in said["Content-Security-Policy"]
    assert "html" not in said["Content-Type"] or said["Content-Length"] == "0"
