"""Tokens of other programs; only a hash is stored."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from channels_cfg.models import Channel


class Scope(models.TextChoices):
    """What a token may do."""

    RECEIPTS_READ = "receipts:read"
    CONFIG_READ = "config:read"
    PII_READ = "pii:read"
    RAW_READ = "raw:read"
    REPLAY_WRITE = "replay:write"
    EXPORT_WRITE = "export:write"


class ApiToken(models.Model):
    """One token; its clear text is shown once, when it is made."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)  # tells tokens apart, proves nothing
    digest = models.BinaryField(unique=True)  # SHA-256 of the token
    scopes = ArrayField(models.CharField(max_length=32, choices=Scope))
    channels = models.ManyToManyField(
        Channel, blank=True, help_text="None chosen: all channels."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "-created_at")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(revoked_at__isnull=True),
                name="live_token_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
