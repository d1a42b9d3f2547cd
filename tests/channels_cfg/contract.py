"""Every fixture of every provider folder, found by itself, and what it promises."""

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import msgspec

from channels_cfg import providers, registry
from channels_cfg.json_text import load_item
from channels_cfg.wire import Adapter, BadItem, ReceiptEvent, ReceiptType

ROOT = Path(providers.__path__[0])
FOLDERS = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
# What may stand where a provider promised something else.
ODD_VALUES: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    2**63 - 1,
    1.5e300,
    "",
    " ",
    "\ufffd",
    "x" * 3000,
    "9" * 400,
    [],
    ["a", None],
    {},
    {"id": {"a": [1]}},
)


class Fixture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a manifest: the path it arrives on, and what it holds."""

    file: str
    receipt_type: ReceiptType
    source: str
    items: int
    note: str
    bad_items: list[int] = []
    bad_body: bool = False
    channel_type: str = ""
    folder: str = ""

    @property
    def adapter(self) -> Adapter:
        return registry.in_folder(self.folder)

    @property
    def body(self) -> bytes:
        return (ROOT / self.folder / "fixtures" / self.file).read_bytes()

    def read(self, item: object, adapter: Adapter | None = None) -> ReceiptEvent:
        adapter = adapter or self.adapter
        channel_type = self.channel_type or adapter.channel_types[0]
        return adapter.read(self.receipt_type, item, channel_type)

    def events(self, adapter: Adapter | None = None) -> Iterator[ReceiptEvent | None]:
        """Yield what each item reads as, None for a bad one."""
        for raw in (adapter or self.adapter).split(self.body):
            try:
                yield self.read(load_item(raw)[0], adapter)
            except BadItem:
                yield None


def manifest(folder: str) -> list[Fixture]:
    """Return what the folder lists; nothing if it lists nothing, for a test to tell."""
    path = ROOT / folder / "fixtures" / "manifest.json"
    listed = path.read_bytes() if path.exists() else b"[]"
    fixtures = msgspec.json.decode(listed, type=list[Fixture])
    return [msgspec.structs.replace(each, folder=folder) for each in fixtures]


def all_fixtures() -> list[Fixture]:
    return [fixture for folder in FOLDERS for fixture in manifest(folder)]


def signing_secrets(folder: str) -> tuple[str, ...]:
    """Return the secrets with which ``proof_headers`` signs; () where nothing is."""
    proof = _proof(folder)
    return proof.SIGNING_SECRETS if proof else ()


def proof_headers(folder: str, body: bytes) -> Mapping[str, str]:
    """Return what the provider would send beside ``body`` to prove itself."""
    proof = _proof(folder)
    return proof.prove(body) if proof else {}


def _proof(folder: str) -> ModuleType | None:
    # A folder whose provider signs says how in tests/proof.py.
    if not (ROOT / folder / "tests" / "proof.py").exists():
        return None
    return importlib.import_module(f"{providers.__name__}.{folder}.tests.proof")


def variants(value: object) -> Iterator[object]:
    """Yield ``value`` with one odd value in the place of each of its parts in turn."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield {name: other for name, other in value.items() if name != key}
            yield from (value | {key: odd} for odd in ODD_VALUES)
            yield from (value | {key: variant} for variant in variants(part))
    elif isinstance(value, list):
        yield from ([variant] for part in value[:1] for variant in variants(part))
