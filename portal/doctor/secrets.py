"""Stored secrets of channels: each is opened by one of ``FIELD_KEYS``."""

import itertools
from collections.abc import Iterator

from django.db import models

from channels_cfg.models import CallbackPath, QueueAccount
from channels_cfg.secrets import SecretsField
from portal.doctor.finding import Finding, ok, trouble


def examine() -> Iterator[Finding]:
    """Try to open each."""
    rows = list(itertools.chain(CallbackPath.objects.all(), QueueAccount.objects.all()))
    closed = sum(not _is_readable(row) for row in rows)
    if closed:
        yield trouble(
            f"no key of FIELD_KEYS opens those of {closed} paths and queue accounts",
            "Put the key back that they were saved with, or enter them anew.",
        )
    else:
        yield ok("all stored secrets can be read")


def _is_readable(row: models.Model) -> bool:
    fields = [each for each in row._meta.fields if isinstance(each, SecretsField)]
    return all(getattr(row, each.name).is_readable for each in fields)
