"""Which configuration is watched: each change is kept with who made it.

Secrets are noted as changed, never with their values.
"""

from auditlog.registry import auditlog
from django.contrib.auth.models import Group, User
from django.db.models import Model

from channels_cfg.models import (
    BusinessAddress,
    CallbackPath,
    Channel,
    ErrorCode,
    ProviderQueue,
    QueueAccount,
)
from receipts.alerts.models import AlertRule, Destination, Snooze
from receipts.models import ApiToken

# Not ``updated_at``: it alone tells that a secret was replaced by another.
# A digest is bytes, which cannot be told as text, and never changes.
_STAMPS = frozenset({"last_login", "last_used_at", "digest"})
_SECRETS = frozenset(
    {
        "access_key_secrets",
        "basic_passwords",
        "header_values",
        "password",
        "secrets",
        "url",  # a chat's webhook address is its only proof
        "path",  # where a provider signs nothing, the path is the proof
        "signing_secrets",
        "verify_tokens",
    }
)
_WATCHED: dict[type[Model], set[str]] = {
    Channel: set(),
    BusinessAddress: set(),
    CallbackPath: set(),
    QueueAccount: set(),
    ProviderQueue: set(),
    ErrorCode: set(),
    ApiToken: {"channels"},
    Destination: {"channels"},
    AlertRule: set(),
    Snooze: set(),
    User: {"groups", "user_permissions"},
    Group: {"permissions"},
}


def watch() -> None:
    """Have changes of the configuration kept."""
    for model, relations in _WATCHED.items():
        names = {field.name for field in model._meta.fields}
        auditlog.register(
            model,
            exclude_fields=sorted(names & _STAMPS),
            mask_fields=sorted(names & _SECRETS),
            mask_callable="portal.console.audit.hidden",
            m2m_fields=relations,
        )


def hidden(value: str) -> str:
    """Return what stands for a secret: whether there is one, nothing of it."""
    return "(hidden)" if value and value not in ("None", "[]") else "(none)"
