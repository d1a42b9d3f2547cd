"""A provider's fixtures: decoded, changed in one place, and read by its adapter."""

import inspect
import re
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path

import msgspec

from channels_cfg import registry
from channels_cfg.json_text import load_item
from channels_cfg.wire import Adapter, BadItem, ReceiptEvent, ReceiptType

Step = str | int
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
_JSON_LIKE = b" \t\r\n\xef\xbb\xbf"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a folder's manifest."""

    file: str
    receipt_type: ReceiptType
    source: str
    items: int
    note: str
    bad_items: list[int] = []
    bad_body: bool = False
    channel_type: str = ""


class Unread(msgspec.Struct, frozen=True):
    """What becomes of an item that cannot be read."""

    reason: str


class Sample(msgspec.Struct, frozen=True):
    """One fixture of one provider, as a document that may be changed."""

    adapter: Adapter
    listed: Listed
    document: object

    def read(self) -> list[ReceiptEvent | Unread]:
        """Split and read the document, as the drain would."""
        body = msgspec.json.encode(self.document)
        return [self._read(item) for item in self.adapter.split(body)]

    def _read(self, item: bytes) -> ReceiptEvent | Unread:
        channel_type = self.listed.channel_type or self.adapter.channel_types[0]
        try:
            value = load_item(item)[0]
            return self.adapter.read(self.listed.receipt_type, value, channel_type)
        except BadItem as exc:
            return Unread(str(exc))

    def at(self, path: str) -> object:
        """Return what stands at ``path``. Raises ``LookupError``."""
        return _walk(self.document, steps(path))

    def put(self, changes: Mapping[str, object]) -> "Sample":
        """Return a sample with other values at some paths, which need not exist."""
        document = deepcopy(self.document)
        for path, value in changes.items():
            *before, last = steps(path)
            match _walk(document, before), last:
                case dict() as place, str():
                    place[last] = value
                case list() as place, int():
                    place[last] = value
                case _:
                    raise LookupError(path)
        return msgspec.structs.replace(self, document=document)


def folder(slug: str) -> Path:
    """Return the folder of a provider; its name may differ from its slug."""
    return Path(inspect.getfile(type(registry.adapter(slug)))).parent


def manifest(slug: str) -> list[Listed]:
    """Return the fixtures that a provider's folder lists."""
    listed = (folder(slug) / "fixtures" / "manifest.json").read_bytes()
    return msgspec.json.decode(listed, type=list[Listed])


def sample(slug: str, file: str) -> Sample:
    """Return one fixture. Raises ``LookupError`` for one that is not listed."""
    for listed in manifest(slug):
        if listed.file == file:
            body = (folder(slug) / "fixtures" / file).read_bytes()
            document, _ = load_item(body.strip(_JSON_LIKE))
            return Sample(registry.adapter(slug), listed, document)
    raise LookupError(f"{slug} lists no fixture {file}")


def steps(path: str) -> list[Step]:
    """Return ``entry[0].changes`` as ``["entry", 0, "changes"]``."""
    return [int(at) if at else name for name, at in _STEP.findall(path)]


def _walk(value: object, path: list[Step]) -> object:
    for step in path:
        match value, step:
            case dict(), str():
                value = value[step]
            case list(), int():
                value = value[step]
            case _:
                raise LookupError(step)
    return value
