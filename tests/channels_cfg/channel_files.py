"""Channel files for tests, and the command as an operator calls it."""

from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.management import call_command

CAMS = """
channels:
  - key: wa-main
    name: WhatsApp main
    provider: cams
    type: whatsapp
    account: {cust_space_id: cams-xxx, waba_id: "123"}
    addresses: ["+86 131-0000-0000"]
    callbacks:
      mt_status: {path: wa-main/appstatus, enabled: true}
      mo_message: {path: wa-main/inbound, auth: {header: {name: X-Secret, value: s3cret}}}
      template_audit: {path: wa-main/audit, version: V2, auth: {basic: {username: u, password: p}}, allow_from: [203.0.113.0/24]}
    queues:
      mt_status: {queue_name: Alicom-Queue-1-ChatAppStatus, enabled: true}
    queue_account:
      token_endpoint: http://127.0.0.1:9001
      queue_endpoint: http://127.0.0.1:9002
      access_key_id: LTAI1
      access_key_secret: hush
"""


def channels(action: str, text: str = "", *options: str) -> tuple[list[str], str]:
    """Run ``channels apply`` or ``plan`` on a text; give its lines, and stderr."""
    out, err = StringIO(), StringIO()
    with NamedTemporaryFile("w", suffix=".yaml") as file:
        Path(file.name).write_text(text)
        call_command("channels", action, file.name, *options, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue()


def apply(text: str, *options: str) -> list[str]:
    """Apply a text and give the lines that were printed."""
    return channels("apply", text, *options)[0]


def export() -> str:
    """Give what ``channels export`` prints."""
    out = StringIO()
    call_command("channels", "export", stdout=out)
    return out.getvalue()


def one(rest: str = "", *, key: str = "c1", provider: str = "cams") -> str:
    """Give one channel as a member of the list; ``rest`` is in flow style."""
    more = f", {rest}" if rest else ""
    return f"  - {{key: {key}, provider: {provider}, type: whatsapp{more}}}\n"


def file(*members: str) -> str:
    """Give a channel file of members made by ``one``."""
    return "channels:\n" + "".join(members)
