"""``manage.py simulate``: a provider to play with."""

import signal
import sys
from collections import Counter
from types import FrameType

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from portal.simulator import options as command_line
from portal.simulator import report
from portal.simulator.access import make_channel
from portal.simulator.options import Options
from portal.simulator.progress import Progress
from portal.simulator.running import Result, Terminated, simulate
from portal.simulator.target import NotPossible, target
from portal.simulator.traffic import WORDS

_INTERRUPTED = 130  # as a shell has it


class Command(BaseCommand):
    """Read the wish, simulate, print the summary."""

    help = (
        "Push made-up traffic to a channel of the running portal, as its provider "
        f"({' or '.join(WORDS)}) would, and compare what was acknowledged with what "
        "the API shows. Ends with status 1 if anything is missing, doubled, not as it "
        "was told, or was never acknowledged. Ctrl-c ends with the summary so far."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        command_line.add_arguments(parser, own_url=settings.PUBLIC_BASE_URL)

    def handle(self, *args: object, **options: object) -> None:
        asked = msgspec.convert(options, Options)
        # As ctrl-c, but without the last look: who sends it will not wait for long.
        signal.signal(signal.SIGTERM, _terminate)
        try:
            result = self._simulate(asked)
        except NotPossible as exc:
            raise CommandError(str(exc)) from None
        except (KeyboardInterrupt, Terminated):
            self.stdout.write("Stopped.")
            sys.exit(_INTERRUPTED)
        for line in report.lines(result):
            self.stdout.write(line)
        self._tell_where_to_look(result)
        if not result.is_good:
            sys.exit(_INTERRUPTED if result.is_interrupted else 1)

    def _simulate(self, asked: Options) -> Result:
        if not asked.key:
            raise NotPossible("Name the channel with --channel, or try --demo.")
        if asked.create or asked.demo:
            name = "Demo: made-up traffic" if asked.demo else ""
            for line in make_channel(
                asked.key, provider=asked.provider, channel_type=asked.type, name=name
            ):
                self.stdout.write(line)
        is_terminal = self.stdout.isatty()
        return simulate(
            target(asked.key, asked.url),
            command_line.plan(asked),
            say=self.stdout.write,
            progress=Progress(self._draw if is_terminal else None),
        )

    def _draw(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def _tell_where_to_look(self, result: Result) -> None:
        base = settings.PUBLIC_BASE_URL
        self.stdout.write(f"Look at it: {base}{reverse('admin:conversations')}")
        talks = Counter(
            row.conversation
            for row in result.seen.messages.values()
            if row.conversation
        )
        for pk, _ in talks.most_common(1):
            path = reverse("admin:conversation", args=[pk])
            self.stdout.write(f"The longest conversation: {base}{path}")


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated
