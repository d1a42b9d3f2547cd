"""Exports: asked for by a token or a person, made in the background, kept here."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from receipts.models.api_token import ApiToken


class Export(models.Model):
    """One export. Its content is in its chunks, so that any host can give it out."""

    class State(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    class Format(models.TextChoices):
        CSV = "csv"
        JSONL = "jsonl"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    token = models.ForeignKey(ApiToken, models.PROTECT, null=True, db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_index=False
    )
    resource = models.CharField(max_length=16)
    format = models.CharField(max_length=8, choices=Format)
    filters = models.JSONField(default=dict)
    is_masked = models.BooleanField()  # made for somebody who may not see people
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.SmallIntegerField(default=0)  # since it last moved on
    worked_on_at = models.DateTimeField(null=True)
    place = models.JSONField(null=True)  # keys of the last row written
    rows = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    error = models.TextField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                name="export_to_make",
                condition=Q(state__in=("pending", "running")),
            ),
            models.Index(fields=["expires_at"], name="export_by_end"),
            models.Index(fields=["token", "created_at"], name="export_of_token"),
            models.Index(fields=["user", "created_at"], name="export_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(token__isnull=True) ^ Q(user__isnull=True),
                name="export_has_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.id}"


class ExportChunk(models.Model):
    """A piece of an export's content, in order of ``position``."""

    export = models.ForeignKey(
        Export, models.CASCADE, related_name="chunks", db_index=False
    )
    position = models.BigIntegerField()  # where its first byte stands in the whole
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["export", "position"], name="export_chunk_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.position}"
