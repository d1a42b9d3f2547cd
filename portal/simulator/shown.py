"""What the REST API shows: rows of its lists, as far as the comparison looks."""

from datetime import datetime

import msgspec

from channels_cfg.wire import Kind
from portal.simulator.items import Expected


class User(msgspec.Struct, frozen=True):
    """A person, by the identities of one receipt."""

    phone: str | None = None
    user_id: str | None = None


class Error(msgspec.Struct, frozen=True):
    """Why something failed."""

    code: str | None = None


class Template(msgspec.Struct, frozen=True):
    """The template that is named."""

    code: str | None = None
    language: str | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``receipts/``."""

    id: str
    kind: Kind
    channel_type: str
    message_id: str | None
    status: str | None
    raw_status: str | None
    message_type: str | None
    user: User
    error: Error | None
    template: Template | None
    received_at: datetime
    stored_at: datetime

    @property
    def told(self) -> Expected:
        """Return it in the terms of what was expected."""
        is_audit = self.kind is Kind.TEMPLATE
        word = self.status if self.kind is Kind.STATUS else self.raw_status
        return Expected(
            kind=self.kind,
            channel_type=self.channel_type,
            message_id=self.message_id or "",
            word="" if self.kind is Kind.INBOUND else word or "",
            person=self.user.phone or self.user.user_id or "",
            detail=self._audit if is_audit else (self.error and self.error.code) or "",
        )

    @property
    def _audit(self) -> str:
        named = self.template or Template()
        return f"{named.code} {named.language} {self.message_type or ''}"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``messages/``."""

    id: str
    message_id: str
    conversation: str | None
    status: str
    contradiction: bool
    error: Error | None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of any list."""

    next: str | None
    results: list[msgspec.Raw]
