"""The address of the mail server."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.mail_url import MailServer, read


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (None, MailServer()),
        ("", MailServer()),
        ("smtp://mail.example", MailServer(host="mail.example")),
        (
            "smtp://mail.example:587",
            MailServer(host="mail.example", port=587, is_starttls=True),
        ),
        (
            "smtp://mail.example:2525?tls=true",
            MailServer(host="mail.example", port=2525, is_starttls=True),
        ),
        ("smtp://[::1]:587?tls=false", MailServer(host="::1", port=587)),
        (
            "smtps://user:p%40ss%2Fword@mail.example",
            MailServer(
                host="mail.example",
                port=465,
                user="user",
                password="p@ss/word",
                is_tls=True,
            ),
        ),
    ],
)
def test_address_is_read_with_its_usual_ports(
    url: str | None, server: MailServer
) -> None:
    assert read(url) == server


@pytest.mark.parametrize("url", ["http://s3cret@a", "s3cret", "smtp://a:s3cret"])
def test_address_that_is_none_stops_the_start_without_telling_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        read(url)

    assert "s3cret" not in str(raised.value)
