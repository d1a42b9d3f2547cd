"""Settings of alerts, for ``portal/settings.py``: the mail server, and where webhooks go.

``EMAIL_URL`` is ``smtp://user:password@host:587`` (STARTTLS where ``?tls=true``),
``smtps://…:465`` (TLS from the first byte); percent-encode what is not a letter or digit.
"""

from portal import env, mail_url

__all__ = [
    "ALERTS_ALLOW_PRIVATE",
    "EMAIL_FROM",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
]

_mail = mail_url.read(env.secret("EMAIL_URL"))
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.is_tls, _mail.is_starttls
EMAIL_TIMEOUT = 5
EMAIL_FROM = env.text("EMAIL_FROM", "receipt-portal@localhost")

# Networks of receivers of our own house, such as 10.1.2.0/24; without them webhooks go
# to public addresses only.
ALERTS_ALLOW_PRIVATE = env.words("ALERTS_ALLOW_PRIVATE")
