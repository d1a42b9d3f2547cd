"""What is wrong with a wanted channel, and where: at a field, or at a place in YAML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from channels_cfg.services.specs import Place

# How the YAML file calls a field, where it has another name for it.
_IN_FILE: Mapping[str, Place] = {
    "is_active": ("active",),
    "is_enabled": ("enabled",),
    "header_name": ("auth", "header", "name"),
    "header_values": ("auth", "header", "value"),
    "basic_username": ("auth", "basic", "username"),
    "basic_passwords": ("auth", "basic", "password"),
    "signing_secrets": ("auth", "signing"),
    "verify_tokens": ("auth", "verify_token"),
    "audit_version": ("callbacks", "template_audit", "version"),
    "access_key_secrets": ("access_key_secret",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong; a warning does not stop anything."""

    place: Place
    field: str = ""
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        """Return the place in the file and the message."""
        place = self.place + (in_file(self.field) if self.field else ())
        return f"{dotted(place)}: {self.message}" if place else self.message


class Invalid(Exception):
    """What was wanted cannot be; nothing was changed. ``problems`` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def in_file(field: str) -> Place:
    """Return how the YAML file calls a field."""
    return _IN_FILE.get(field, (field,))


def dotted(place: Place) -> str:
    """Return a place in YAML: ``channels[0].callbacks.mt_status.path``."""
    words = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in place]
    return "".join(words).removeprefix(".")
