"""The people of a story, and how their chat app names them."""

from dataclasses import dataclass
from random import Random

from portal.simulator.dialogues import DIALOGUES

_COUNTRIES = {
    "en": ("SG", "6580"),
    "de": ("DE", "49152"),
    "es": ("ES", "3460"),
    "pt": ("BR", "55119"),
    "id": ("ID", "62812"),
    "zh": ("CN", "86138"),
    "ar": ("AE", "97150"),
}
_COLOURS = "Amber Blue Copper Golden Green Grey Indigo Ivory Rose Russet Silver White"
_BIRDS = "Crane Finch Gull Heron Jay Kite Lark Owl Plover Robin Swift Tern Wren"
_NAMED_BY_PHONE = frozenset({"whatsapp", "viber", "sms", "rcs"})
# Since 2026 WhatsApp may hide the number behind a business-scoped user id (BSUID).
_PHONE_ONLY, _BOTH = 0.70, 0.88


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on one chat app; what the app does not tell is ''. ``phone`` is digits."""

    channel_type: str
    language: str
    name: str
    phone: str = ""
    user_id: str = ""  # a BSUID, or a page-scoped, LINE or chat id
    parent_user_id: str = ""
    username: str = ""

    @property
    def address(self) -> str:
        """How the business reaches them: by number, where there is one."""
        return self.phone or self.user_id

    @property
    def shown(self) -> str:
        """The address as the API shows it."""
        return f"+{self.phone}" if self.phone else self.user_id


def people(random: Random, channel_types: tuple[str, ...], count: int) -> list[Person]:
    """Return ``count`` different people, each on one of ``channel_types``."""
    found: dict[str, Person] = {}
    while len(found) < count:
        person = _person(random, random.choice(channel_types))
        found.setdefault(person.address, person)
    return list(found.values())


def _person(random: Random, channel_type: str) -> Person:
    language = random.choice(sorted(DIALOGUES))
    country, prefix = _COUNTRIES[language]
    name = f"{random.choice(_COLOURS.split())} {random.choice(_BIRDS.split())}"
    phone = f"{prefix}00{random.randrange(10**6):06}"
    if channel_type == "whatsapp":
        return _on_whatsapp(random, language, country, name=name, phone=phone)
    is_named_by_phone = channel_type in _NAMED_BY_PHONE
    return Person(
        channel_type=channel_type,
        language=language,
        name=name,
        phone=phone if is_named_by_phone else "",
        user_id="" if is_named_by_phone else _own_id(random, channel_type),
    )


def _on_whatsapp(
    random: Random, language: str, country: str, *, name: str, phone: str
) -> Person:
    habit = random.random()
    number = random.randrange(10**16, 10**17)
    is_hidden = habit >= _BOTH
    has_user_id = habit >= _PHONE_ONLY
    handle = f"{name.lower().replace(' ', '.')}{random.randrange(100):02}"
    return Person(
        channel_type="whatsapp",
        language=language,
        name=name,
        phone="" if is_hidden else phone,
        user_id=f"{country}.{number}" if has_user_id else "",
        parent_user_id=f"{country}.ENT.{number}" if is_hidden else "",
        username=handle if is_hidden else "",
    )


def _own_id(random: Random, channel_type: str) -> str:
    if channel_type == "line":
        return f"U{random.getrandbits(128):032x}"
    return str(random.randrange(10**15, 10**16))
