"""Secrets at rest: encrypted with the newest of ``FIELD_KEYS``, readable with any."""

import json
import logging
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """Return the cipher of ``FIELD_KEYS``; the first key encrypts."""
    return _cipher(tuple(settings.FIELD_KEYS))


class Hidden(tuple[str, ...]):
    """Secret values, newest first, several while rotating; shows none of them."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} secret values>"

    __str__ = __repr__

    @property
    def is_readable(self) -> bool:
        """Say whether a key of ``FIELD_KEYS`` opened them."""
        return True


class Unreadable(Hidden):
    """Secrets that no key of ``FIELD_KEYS`` opens.

    Looks empty, so who proves callers by secrets must ask ``is_readable`` first.
    Saved again it stays as it was: the lost key may come back. Equals only itself.
    """

    # A tuple cannot have slots of its own: the token stands in its __dict__.
    token: str

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    @property
    def is_readable(self) -> bool:
        return False


@lru_cache(maxsize=4096)
def _decrypt(keys: tuple[str, ...], token: str) -> Hidden:
    try:
        return Hidden(json.loads(_cipher(keys).decrypt(token.encode())))
    except InvalidToken:
        logger.error(  # noqa: TRY400  # the traceback would say nothing more
            "A stored secret cannot be read: put back into FIELD_KEYS the key that was "
            "in force when it was saved, or enter the secret anew."
        )
        lost = Unreadable()
        lost.token = token
        return lost


class SecretsField(models.TextField[Hidden | str, Hidden]):
    """A list of secret texts, newest first, as one encrypted text; empty is ''."""

    def __init__(self, **options: object) -> None:
        options.setdefault("default", Hidden)
        options.setdefault("blank", True)
        # Django hands back, from a migration, what deconstruct() gave it.
        super().__init__(**options)  # type: ignore[arg-type]  # options pass through

    def from_db_value(
        self, value: str | None, _expression: object, _connection: BaseDatabaseWrapper
    ) -> Hidden:
        return _decrypt(tuple(settings.FIELD_KEYS), value) if value else Hidden()

    def to_python(self, value: object) -> Hidden:
        if isinstance(value, Hidden):
            return value
        if isinstance(value, str):
            return Hidden((value,) if value else ())
        return Hidden(value) if isinstance(value, list | tuple) else Hidden()

    def get_prep_value(self, value: object) -> str:
        secrets = self.to_python(value)
        if isinstance(secrets, Unreadable):
            return secrets.token
        if not secrets:
            return ""
        return cipher().encrypt(json.dumps(list(secrets)).encode()).decode()

    def value_to_string(self, _obj: models.Model) -> str:
        return ""  # never in a dump
