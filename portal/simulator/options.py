"""The command line of a simulation, and the plan that it makes."""

import math
import secrets
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from portal.simulator.running import Plan
from portal.simulator.traffic import WORDS, Wish


class _Usual(msgspec.Struct, frozen=True, kw_only=True):
    """What is taken for an option that was not given."""

    channel: str = ""
    messages: int = 200
    rate: float = 20
    compress: float = 1


_USUAL = _Usual()
_DEMO = _Usual(channel="demo", messages=2000, rate=50, compress=20)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The command line, typed."""

    channel: str | None
    messages: int | None
    rate: float | None
    compress: float | None
    seed: str
    start: datetime | None
    connections: int
    duplicates: float
    disorder: float
    batch: int
    settle: float
    ledger: str
    url: str
    create: bool
    provider: str
    type: str
    demo: bool

    @property
    def usual(self) -> _Usual:
        """Return what stands in for options that were not given."""
        return _DEMO if self.demo else _USUAL

    @property
    def key(self) -> str:
        """Return the key of the channel, '' if none was named."""
        return self.channel or self.usual.channel


def add_arguments(parser: ArgumentParser, *, own_url: str) -> None:
    """Add every option; ``own_url`` is where the portal is unless told otherwise."""
    _add_story(parser)
    _add_disturbance(parser)
    _add_provider(parser)
    _add_place(parser, own_url)


def plan(asked: Options) -> Plan:
    """Return what the command line asks for."""
    usual = asked.usual
    wish = Wish(
        messages=asked.messages or usual.messages,
        rate=asked.rate or usual.rate,
        seed=asked.seed or secrets.token_hex(3),
        # Whole seconds, as it stands in message ids.
        start=asked.start or datetime.now(UTC).replace(microsecond=0),
        duplicates=asked.duplicates,
        disorder=asked.disorder,
        largest_batch=asked.batch,
    )
    return Plan(
        wish=wish,
        connections=asked.connections,
        compress=asked.compress or usual.compress,
        settle_s=asked.settle,
        ledger=Path(asked.ledger) if asked.ledger else None,
        looks_back=asked.start is not None,
    )


def _add_story(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("what is told")
    add = group.add_argument
    add("--channel", metavar="KEY", help="the channel to push to")
    add(
        "--messages",
        type=_whole,
        metavar="N",
        help=f"messages of business and people, each with up to four receipts "
        f"({_USUAL.messages})",
    )
    add(
        "--rate",
        type=_positive,
        metavar="R",
        help=f"messages that begin in a second ({_USUAL.rate})",
    )
    add(
        "--seed",
        default="",
        metavar="S",
        help="the same seed tells the same story; without it one is drawn and printed",
    )
    add(
        "--start",
        type=_moment,
        metavar="ISO",
        help="when the story begins (now); ids hold it, so that the same seed and the "
        "same start make the same bytes: all of them repeats",
    )


def _add_disturbance(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("how it is disturbed")
    add = group.add_argument
    add(
        "--duplicates",
        type=_share,
        default=0.05,
        metavar="SHARE",
        help="share of pushes that come twice (0.05)",
    )
    add(
        "--disorder",
        type=_share,
        default=0.1,
        metavar="SHARE",
        help="share of receipts that come 2 to 15 s late (0.1)",
    )
    add(
        "--batch",
        type=_whole,
        default=20,
        metavar="N",
        help="most receipts in one push (20; 8x8 always pushes one)",
    )


def _add_provider(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("how the provider behaves")
    add = group.add_argument
    add(
        "--connections",
        type=_whole,
        default=8,
        metavar="N",
        help="pushes under way at once (8)",
    )
    add(
        "--compress",
        type=_positive,
        metavar="F",
        help="divide the waits between attempts by F (1): CAMS tries again after 1 and "
        "5 minutes, 8x8 after 1, 10, 30 and 90 s, then they give up. The time for an "
        "answer, 3 s and 5 s, is never divided",
    )
    add(
        "--settle",
        type=_not_negative,
        default=60,
        metavar="SECONDS",
        help="how long to wait for what is missing at the end (60)",
    )
    add(
        "--ledger",
        default="",
        metavar="FILE",
        help="write each attempt with its outcome and receipts there, one JSON a line",
    )


def _add_place(parser: ArgumentParser, own_url: str) -> None:
    group = parser.add_argument_group("where")
    add = group.add_argument
    add("--url", default="", help=f"address of the portal ({own_url})")
    add("--create", action="store_true", help="make the channel if there is none")
    add(
        "--provider",
        choices=[*WORDS],
        default="cams",
        help="of a channel that is made (cams)",
    )
    add("--type", default="", help="of a channel that is made, such as viber")
    add(
        "--demo",
        action="store_true",
        help=f"{_DEMO.messages:,} messages to a channel {_DEMO.channel}, which is made",
    )


def _whole(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= 10_000_000:
        return int(text)
    raise ArgumentTypeError(f"{text} is not a whole number from 1 to 10,000,000")


def _not_negative(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if 0 <= number < math.inf:
        return number
    raise ArgumentTypeError(f"{text} is not a number from 0 on")


def _positive(text: str) -> float:
    if number := _not_negative(text):
        return number
    raise ArgumentTypeError("0 is too little")


def _share(text: str) -> float:
    if (number := _not_negative(text)) <= 1:
        return number
    raise ArgumentTypeError(f"{text} is not a share from 0 to 1")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text} is no time such as 2027-01-31T12:00:00Z"
        raise ArgumentTypeError(message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
