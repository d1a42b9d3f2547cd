"""``manage.py apitoken``: tokens for other programs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from channels_cfg.models import Channel
from receipts import tokens
from receipts.models.api_token import Scope

LONGEST_DAYS = 36_500


class Command(BaseCommand):
    """Read the words, call the service, print the token."""

    help = "Make a token of the API, or revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        words = "make a token; it alone is printed, and only this once"
        create = actions.add_parser("create", help=words, description=words)
        create.add_argument("name", help="unique among live tokens")
        create.add_argument(
            "--scopes", required=True, help=f"comma list of {', '.join(Scope.values)}"
        )
        create.add_argument(
            "--channels", default="", help="comma list of keys; else all"
        )
        end = create.add_mutually_exclusive_group()
        end.add_argument("--days", type=int, help="until it expires; else never")
        end.add_argument("--expires-at", help="ISO 8601; UTC if it names no zone")
        revoke = actions.add_parser("revoke", help="end a token at once")
        revoke.add_argument("name")

    def handle(self, *args: object, **options: object) -> None:
        name = str(options["name"])
        if options["action"] == "revoke":
            self._revoke(name)
            return
        try:
            _, clear = tokens.make(
                name,
                _words(options["scopes"]),
                channels=_channels(_words(options["channels"])),
                expires_at=_expires_at(options["days"], options["expires_at"]),
            )
        except tokens.BadToken as exc:
            raise CommandError(str(exc)) from None
        self.stdout.write(clear)

    def _revoke(self, name: str) -> None:
        if tokens.revoke(name) is None:
            raise CommandError(f"There is no live token named {name}.")
        self.stderr.write(f"{name} is revoked.")


def _words(written: object) -> list[str]:
    return [word.strip() for word in str(written).split(",") if word.strip()]


def _channels(keys: Sequence[str]) -> list[Channel]:
    found = list(Channel.objects.filter(key__in=keys))
    missing = set(keys) - {channel.key for channel in found}
    if missing:
        raise CommandError(f"There is no channel {', '.join(sorted(missing))}.")
    return found


def _expires_at(days: object, written: object) -> datetime | None:
    if isinstance(days, int):
        if not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--days is 1 to {LONGEST_DAYS}.")
        return timezone.now() + timedelta(days=days)
    return None if written is None else _moment(str(written))


def _moment(written: str) -> datetime:
    try:
        moment = parse_datetime(written) or datetime.fromisoformat(written)
    except ValueError:
        message = f"--expires-at {written} is no time such as 2027-01-31T00:00:00Z."
        raise CommandError(message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
