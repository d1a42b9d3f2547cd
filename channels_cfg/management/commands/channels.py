"""``manage.py channels``: channels from a file, and back."""

import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)

from channels_cfg.services import channel_file, channels
from channels_cfg.services.channel_export import export
from channels_cfg.services.channels import Outcome
from channels_cfg.services.problems import Invalid, Problem
from channels_cfg.services.reencrypt import reencrypt

_SHAPE = """
A channel file is YAML:

channels:
  - key: wa-main                  # slug, unique, for good
    name: WhatsApp main
    provider: cams
    type: whatsapp
    account: {cust_space_id: cams-xxx, waba_id: "123"}
    addresses: ["+8613100000000"]
    callbacks:                    # a list of paths each while rotating; without a path one is made
      mt_status: {path: wa-main/appstatus, enabled: true}
      mo_message: {auth: {header: {name: X-Secret, value: {env: WA_SECRET}}}}
      template_audit: {version: V2, auth: {basic: {username: u, password: p}}, allow_from: [203.0.113.0/24]}
    queues:
      mt_status: {queue_name: Alicom-Queue-1-ChatAppStatus, enabled: true}
    queue_account: {token_endpoint: https://..., queue_endpoint: https://..., access_key_id: ..., access_key_secret: {file: PATH}}

auth may also hold signing and verify_token (Meta). A secret is a value, {env: NAME},
{file: PATH}, {stored: true} (stays as it is), or a list of them, newest first.
Within a channel, callbacks and queues are whole lists: what is not in them is switched
off. A part that is left out stays as it is, and so do channels not in the file.
"""


class _Formatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the lines of the example."""


class Command(BaseCommand):
    """Read a file, call the service, print the outcome."""

    help = "Set up channels from a YAML file, show what that would change, or export."

    def create_parser(
        self, prog_name: str, subcommand: str, **options: object
    ) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=_Formatter, epilog=_SHAPE, **options
        )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, words in (
            ("apply", "make the channels as the file says; all or nothing"),
            ("plan", "print what apply would change, and change nothing"),
        ):
            action = actions.add_parser(name, help=words, description=words)
            action.add_argument("file", help="YAML file, or - for standard input")
            action.add_argument(
                "--disable-missing",
                action="store_true",
                help="switch off the channels that are not in the file",
            )
        actions.add_parser("export", help="print every channel as a file, no secrets")
        actions.add_parser(
            "reencrypt", help="encrypt secrets with the first of FIELD_KEYS"
        )

    def handle(self, *args: object, **options: object) -> None:
        if options["action"] == "export":
            self.stdout.write(export(), ending="")
        elif options["action"] == "reencrypt":
            self._reencrypt()
        else:
            self._act(options)

    def _reencrypt(self) -> None:
        count = reencrypt()
        self.stdout.write(f"{count.done} rows encrypted with the newest key.")
        if count.unreadable:
            raise CommandError(f"{count.unreadable} rows cannot be read with any key.")

    def _act(self, options: dict[str, object]) -> None:
        act = channels.plan if options["action"] == "plan" else channels.configure
        try:
            specs = channel_file.read(_text(str(options["file"])))
            outcome = act(
                specs, should_disable_missing=bool(options["disable_missing"])
            )
        except Invalid as exc:
            raise CommandError(_refusal(exc.problems)) from None
        self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        for warning in outcome.warnings:
            self.stderr.write(f"warning: {warning}")
        for line in outcome.lines or ("Nothing to change.",):
            self.stdout.write(line)


def _text(name: str) -> str:
    """Return the text of a file, or of standard input. Raises ``CommandError``."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except OSError as exc:
        raise CommandError(f"Cannot read {name}: {exc.strerror}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{name} is not a text in UTF-8.") from None


def _refusal(problems: Sequence[Problem]) -> str:
    errors = [str(problem) for problem in problems if not problem.is_warning]
    return "\n".join([*errors, "Nothing was changed."])
