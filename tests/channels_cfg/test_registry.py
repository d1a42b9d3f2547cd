"""Providers are found by folder; a copied folder is a provider."""

import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

from channels_cfg import providers, registry
from channels_cfg.pulling import NoQueues, queues_of

from .contract import manifest


def import_all_of(folder: str) -> set[str]:
    """Import every module of a folder but its tests; give their names."""
    package = importlib.import_module(f"{providers.__name__}.{folder}")
    found = pkgutil.iter_modules(package.__path__)
    names = {module.name for module in found if not module.ispkg}
    for name in names:
        importlib.import_module(f"{package.__name__}.{name}")
    return names


def test_adapter_is_found_by_its_slug() -> None:
    assert registry.adapter("cams").slug == "cams"
    assert list(registry.adapters()) == sorted(registry.adapters())


def test_unknown_slug_is_an_error_that_names_it() -> None:
    with pytest.raises(registry.UnknownProvider, match="nobody"):
        registry.adapter("nobody")


def test_choices_offer_every_adapter_with_its_label() -> None:
    choices = dict(registry.choices())

    assert choices["cams"].startswith(registry.adapter("cams").label)
    assert choices.keys() == registry.adapters().keys()


def test_copied_folder_is_a_provider_under_its_own_name(copied_provider: str) -> None:
    copy = registry.adapter(copied_provider)

    assert copy.slug == copied_provider
    assert copy is not registry.adapter("cams")
    assert type(copy).__module__ == f"channels_cfg.providers.{copied_provider}.wire"
    labels = dict(registry.choices())
    assert labels[copied_provider] != labels["cams"]


def test_copied_folder_reads_like_the_original(copied_provider: str) -> None:
    copy = registry.adapter(copied_provider)

    for fixture in (each for each in manifest("cams") if not each.bad_body):
        assert list(fixture.events(copy)) == list(fixture.events())


def test_copied_folder_needs_nothing_of_the_original(
    copied_provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if "providers.cams" in name]:
        monkeypatch.delitem(sys.modules, name)

    imported = import_all_of(copied_provider)

    assert {"wire", "queues", "smq_http", "endpoints"} <= imported
    assert not [name for name in sys.modules if "providers.cams." in f"{name}."]


def test_copied_folder_pulls_queues_with_its_own_client(copied_provider: str) -> None:
    copy = queues_of(copied_provider)

    assert type(copy).__module__ == f"channels_cfg.providers.{copied_provider}.queues"


def test_every_folder_that_names_queue_types_can_pull_them() -> None:
    for slug, adapter in registry.adapters().items():
        if adapter.queue_types:
            assert hasattr(queues_of(slug), "open")
        else:
            with pytest.raises(NoQueues):
                queues_of(slug)


def test_two_folders_with_one_slug_stop_the_start(
    copied_provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.in_folder(copied_provider), "slug", "cams")

    with pytest.raises(ImportError, match="cams"):
        registry.adapters()


def test_folder_without_an_adapter_is_no_provider(
    copied_provider: str, tmp_path: Path
) -> None:
    (tmp_path / copied_provider / "__init__.py").write_text('"""Not yet."""\n')

    assert copied_provider not in registry.adapters()
