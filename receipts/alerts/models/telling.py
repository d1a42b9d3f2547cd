"""Who is told, and what was told to whom."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from channels_cfg.secrets import SecretsField
from receipts.alerts.findings import Level
from receipts.alerts.models.alert import Alert
from receipts.alerts.zones import is_a_zone


class Destination(models.Model):
    """Where alerts go: mail addresses, or a webhook in one of three forms."""

    class Form(models.TextChoices):
        EMAIL = "email", "E-mail"
        WEBHOOK = "webhook", "Webhook, signed (Standard Webhooks)"
        SLACK = "slack", "Slack, or what takes its messages"
        PAGERDUTY = "pagerduty", "PagerDuty (Events API v2)"

    name = models.CharField(max_length=80, unique=True)
    form = models.CharField(max_length=12, choices=Form)
    mail_to = ArrayField(models.EmailField(), default=list, blank=True)
    # A Slack address is a secret by itself, so every address is kept as one.
    url = SecretsField()
    host = models.CharField(max_length=255, blank=True, default="")  # of the address
    # Of a webhook: what signs, newest first. Of PagerDuty: the routing key.
    secrets = SecretsField()
    kinds = ArrayField(
        models.CharField(max_length=32),
        default=list,
        blank=True,
        help_text="None chosen: all kinds.",
    )
    channels = models.ManyToManyField(
        "channels_cfg.Channel", blank=True, help_text="None chosen: all channels."
    )
    level = models.CharField(
        "From which level on", max_length=8, choices=Level, default=Level.WARNING
    )
    quiet_from = models.TimeField("Quiet from", null=True, blank=True)
    quiet_until = models.TimeField("Quiet until", null=True, blank=True)
    quiet_weekends = models.BooleanField("Quiet all day on weekends", default=False)
    zone = models.CharField(
        "Time zone of the quiet hours",
        max_length=64,
        default="UTC",
        validators=[is_a_zone],
        help_text="Such as Asia/Singapore.",
    )
    wakes = models.BooleanField(
        "Critical alerts break through quiet hours", default=True
    )
    is_active = models.BooleanField("Tell it", default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(form="email", url="") & ~Q(mail_to=[])
                | ~Q(form="email") & ~Q(url=""),
                name="destination_has_an_address",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_unsigned(self) -> bool:
        """Say whether it needs a secret and has none that can be read."""
        needs = self.form in (self.Form.WEBHOOK, self.Form.PAGERDUTY)
        return needs and not self.secrets


class Delivery(models.Model):
    """One thing told to one destination: once a change of state, tried until it is in."""

    class Change(models.TextChoices):
        OPENED = "opened"
        CLOSED = "recovered"
        TEST = "test"

    class State(models.TextChoices):
        DUE = "due"
        SENT = "sent"
        GIVEN_UP = "given_up", "given up"

    # Also the webhook's id: a receiver that sees it twice takes it once.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    destination = models.ForeignKey(
        Destination, models.CASCADE, related_name="deliveries", db_index=False
    )
    alert = models.ForeignKey(
        Alert, models.CASCADE, null=True, related_name="deliveries"
    )
    change = models.CharField(max_length=12, choices=Change)
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    attempts = models.SmallIntegerField(default=0, validators=[MinValueValidator(0)])
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    took_ms = models.FloatField(null=True)
    answer = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "destination", "change"], name="told_once"
            ),
            models.CheckConstraint(
                condition=Q(change="test", alert__isnull=True)
                | ~Q(change="test") & Q(alert__isnull=False),
                name="delivery_is_of_an_alert",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="delivery_due",
                condition=Q(state="due"),
            ),
            models.Index(
                fields=["destination", "created_at"], name="delivery_of_destination"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change} to {self.destination}"
