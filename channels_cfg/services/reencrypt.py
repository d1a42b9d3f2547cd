"""Encrypt every stored secret with the newest key, so that older ones can go."""

from dataclasses import dataclass

from django.db import models, transaction

from channels_cfg.models import CallbackPath, QueueAccount
from channels_cfg.secrets import SecretsField


@dataclass(slots=True)
class Count:
    """How many rows were encrypted anew, and how many no key opened."""

    done: int = 0
    unreadable: int = 0


@transaction.atomic
def reencrypt() -> Count:
    """Encrypt all secrets with the first of ``FIELD_KEYS``; unreadable ones stay."""
    count = Count()
    for row in CallbackPath.objects.select_for_update():
        _save(row, count)
    for account in QueueAccount.objects.select_for_update():
        _save(account, count)
    return count


def _save(row: models.Model, count: Count) -> None:
    names = [f.name for f in row._meta.fields if isinstance(f, SecretsField)]
    row.save(update_fields=names)
    if all(getattr(row, name).is_readable for name in names):
        count.done += 1
    else:
        count.unreadable += 1
