"""What people and businesses say to each other, in several languages.

A line begins with who says it and how: ``T`` a template of the business, ``>`` its
free words, ``<`` the person's; ``R`` the person answers the message before, ``B``
presses a button under it; ``I V A D L`` are the person's image, video, audio, document
and location, ``S`` a sticker.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template of the business; ``code`` as CAMS has it, ``number`` as 8x8 does."""

    name: str
    code: str
    number: int
    category: str
    text: str


TEMPLATES = {
    each.name: each
    for each in (
        Template(
            name="order_shipped",
            code="820561547132813184",
            number=1405047553933001,
            category="utility",
            text="Your order is on its way.",
        ),
        Template(
            name="order_delivered",
            code="820561547132813185",
            number=1405047553933002,
            category="utility",
            text="Your order was delivered. Is everything all right?",
        ),
        Template(
            name="appointment_reminder",
            code="744c4b5c79c9432497a075bdfca31234",
            number=1405047553933003,
            category="utility",
            text="Your appointment is tomorrow. Please confirm or cancel.",
        ),
        Template(
            name="login_code",
            code="820561547132813187",
            number=1405047553933004,
            category="authentication",
            text="****** is your code. Do not share it.",
        ),
        Template(
            name="spring_offer",
            code="820561547132813188",
            number=1405047553933005,
            category="marketing",
            text="Our spring offers are here.",
        ),
    )
}


class Line(NamedTuple):
    """One line: its sign (see the module) and its words, or the template's name."""

    sign: str
    words: str


def _read(text: str) -> dict[str, list[list[Line]]]:
    """Return the dialogues by language; each begins with a line ``# language``."""
    found: dict[str, list[list[Line]]] = {}
    for part in text.split("\n# ")[1:]:
        language, *lines = part.strip().splitlines()
        dialogue = [Line(line[0], line[2:]) for line in lines]
        found.setdefault(language, []).append(dialogue)
    return found


DIALOGUES = _read(Path(__file__).with_name("dialogues.txt").read_text("utf-8"))
