"""A delivery as bytes in the spool and back, with a checksum against flipped bits."""

import hashlib
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from channels_cfg.wire import ReceiptMode, ReceiptType
from receipts.deliveries import Delivery
from receipts.spool.folder import Damaged

_CHECKSUM_BYTES = 16


class Kind(StrEnum):
    """What a row is for."""

    CALLBACK = "callback"
    CANARY = "canary"  # goes all the way but the last step: it is never inserted


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What one row of the spool holds."""

    kind: Kind
    delivery: Delivery


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it was found; a damaged file may give anything."""

    seq: int
    content: object
    checksum: object

    @property
    def size(self) -> int:
        """Return about how many bytes this row takes in memory."""
        return len(self.content) if isinstance(self.content, bytes) else 0


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Record).decode


def pack(delivery: Delivery, kind: Kind = Kind.CALLBACK) -> bytes:
    """Return ``delivery`` as the content of a row."""
    return _encode(Record(kind=kind, delivery=delivery))


def canary() -> bytes:
    """Return the content of a row that is dropped when it has been read."""
    nobody = Delivery(
        id=UUID(int=0),
        received_at=datetime.now(UTC),
        channel_id=0,
        receipt_type=ReceiptType.ANY,
        mode=ReceiptMode.PUSH,
        body=bytes(range(256)),
    )
    return pack(nobody, Kind.CANARY)


def checksum(content: bytes) -> bytes:
    """Return the checksum that is stored beside ``content``."""
    return hashlib.blake2b(content, digest_size=_CHECKSUM_BYTES).digest()


def unpack(row: Row) -> Record:
    """Return what a row holds. Raises ``Damaged`` unless it is what was written."""
    if not isinstance(row.content, bytes) or checksum(row.content) != row.checksum:
        raise Damaged("checksum does not match")
    try:
        return _decode(row.content)
    except msgspec.DecodeError as exc:
        raise Damaged(f"written by another release: {exc}") from None
