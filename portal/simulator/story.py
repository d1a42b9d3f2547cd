"""A story: who says what when, and what becomes of it, in no provider's words.

The same random numbers and wish make the same story. Times are seconds from its start.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from portal.simulator.dialogues import DIALOGUES, TEMPLATES, Line, Template
from portal.simulator.outcomes import Step, steps
from portal.simulator.people import Person, people

_MESSAGES_OF_ONE = 8
_MOST_PEOPLE = 2000
# (aspect, our word, reason); each with every template and language is one audit.
_AUDITS = (
    ("review", "pending", ""),
    ("review", "approved", ""),
    ("quality", "GREEN", ""),
    ("category", "MARKETING", ""),
    ("quality", "YELLOW", ""),
    ("review", "paused", ""),
    ("review", "rejected", "The variables do not match the sample."),
    ("review", "disabled", ""),
)
_LANGUAGES = ("en_US", "id", "pt_BR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message; ``steps`` are of the business's only. ``answers`` is a number, too."""

    number: int
    at: float
    person: Person
    line: Line
    steps: tuple[Step, ...] = ()
    answers: int | None = None

    @property
    def is_mt(self) -> bool:
        """Say whether the business says it."""
        return self.line.sign in "T>"

    @property
    def template(self) -> Template | None:
        """The template it was sent as, if it was."""
        return TEMPLATES[self.line.words] if self.line.sign == "T" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The provider says something of a template: its ``aspect`` is now ``word``."""

    at: float
    template: Template
    language: str
    aspect: str
    word: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A person blocks the business, or lets it write again."""

    at: float
    person: Person
    is_given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that happens, each list in the order of time."""

    said: tuple[Said, ...]
    audits: tuple[Audit, ...]
    consents: tuple[Consent, ...]


def tell(
    random: Random, channel_types: tuple[str, ...], *, messages: int, rate: float
) -> Story:
    """Return a story of ``messages`` messages, ``rate`` of them a second."""
    count = min(max(3, messages // _MESSAGES_OF_ONE), _MOST_PEOPLE)
    everybody = people(random, channel_types, count)
    said = tuple(_talk(random, everybody, messages=messages, rate=rate))
    length_s = messages / rate
    return Story(
        said=said,
        audits=tuple(_audits(random, messages, length_s)),
        consents=tuple(_consents(random, everybody, length_s)),
    )


def _talk(
    random: Random, everybody: Sequence[Person], *, messages: int, rate: float
) -> Iterator[Said]:
    """Let somebody go on with their dialogue, again and again."""
    left: dict[str, list[Line]] = {}
    last_mt: dict[str, int] = {}
    for number in range(messages):
        person = random.choice(everybody)
        lines = left.get(person.address) or random.choice(DIALOGUES[person.language])
        line, left[person.address] = lines[0], lines[1:]
        said = Said(
            number=number,
            at=number / rate,
            person=person,
            line=line,
            answers=last_mt.get(person.address) if line.sign in "RB" else None,
        )
        if said.is_mt:
            last_mt[person.address] = number
            said = _sent_off(random, said)
        yield said


def _sent_off(random: Random, said: Said) -> Said:
    is_template = said.template is not None
    return Said(
        number=said.number,
        at=said.at,
        person=said.person,
        line=said.line,
        steps=steps(random, said.person.channel_type, is_template=is_template),
    )


def _audits(random: Random, messages: int, length_s: float) -> Iterator[Audit]:
    """Yield different audits: they have no id, so that equal ones would be one."""
    every = [
        (template, language, *audit)
        for audit in _AUDITS
        for template in TEMPLATES.values()
        for language in _LANGUAGES
    ]
    count = min(len(every), max(3, messages // 150))
    chosen = sorted(random.sample(range(len(every)), count))
    for place, index in enumerate(chosen):
        template, language, aspect, word, reason = every[index]
        yield Audit(
            at=length_s * place / count,
            template=template,
            language=language,
            aspect=aspect,
            word=word,
            reason=reason,
        )


def _consents(
    random: Random, everybody: Sequence[Person], length_s: float
) -> Iterator[Consent]:
    for person in random.sample(everybody, max(1, len(everybody) // 20)):
        left_at = random.uniform(0, length_s)
        yield Consent(at=left_at, person=person, is_given=False)
        if random.random() < 0.5:
            yield Consent(at=left_at + 5, person=person, is_given=True)
