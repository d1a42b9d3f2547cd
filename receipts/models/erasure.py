"""The erasure of one person: who asked, who confirmed, what was removed where."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Erasure(models.Model):
    """One erasure. Names its person only until it is done; stays as a certificate."""

    class State(models.TextChoices):
        ASKED = "asked"  # somebody else must confirm it
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    state = models.CharField(max_length=16, choices=State)
    values = models.JSONField(default=list)  # identities in clear; [] when it is over
    shown = models.TextField()  # the person, masked
    digests = models.JSONField(default=list)  # keyed: tells whether it was them
    reason = models.TextField(blank=True, default="")
    asked_by = models.TextField()  # a login, or the account that ran the command
    confirmed_by = models.TextField(blank=True, default="")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    place = models.JSONField(null=True)  # how far it has come
    removed = models.JSONField(default=dict)  # what: how many
    left = models.JSONField(default=dict)  # what could not be, in words: how many

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("done", "cancelled")) | Q(values=[]),
                name="finished_erasure_names_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shown} {self.state}"
