"""Which providers there are: each folder under ``providers`` that offers ``ADAPTER``.

There is no list to edit. Knows no Django, so that forms, migrations and pure tests
can all ask it.
"""

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from channels_cfg import providers
from channels_cfg.wire import Adapter


class UnknownProvider(KeyError):
    """No folder offers an adapter under this slug."""


@cache
def adapters() -> dict[str, Adapter]:
    """Return every adapter by slug, in the order of the slugs."""
    found: dict[str, Adapter] = {}
    for module in pkgutil.iter_modules(providers.__path__):
        if not module.ispkg or not hasattr(_folder(module.name), "ADAPTER"):
            continue
        offered = in_folder(module.name)
        if offered.slug in found:
            raise ImportError(f"two providers call themselves {offered.slug!r}")
        found[offered.slug] = offered
    return dict(sorted(found.items()))


def adapter(slug: str) -> Adapter:
    """Return the adapter of one provider. Raises ``UnknownProvider``."""
    try:
        return adapters()[slug]
    except KeyError:
        raise UnknownProvider(slug) from None


def in_folder(name: str) -> Adapter:
    """Return the ``ADAPTER`` of the folder ``name``, whatever its slug."""
    offered: Adapter = _folder(name).ADAPTER
    return offered


def _folder(name: str) -> ModuleType:
    return importlib.import_module(f"{providers.__name__}.{name}")


def choices() -> list[tuple[str, str]]:
    """Return slug and label of every provider, for a model field.

    Equal labels (a copied folder) are told apart by their slugs.
    """
    labels = [each.label for each in adapters().values()]
    return [
        (
            slug,
            each.label if labels.count(each.label) == 1 else f"{each.label} ({slug})",
        )
        for slug, each in adapters().items()
    ]
