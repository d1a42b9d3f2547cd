"""What the door counts: pushes it refused, and when each path was last used."""

from django.db import models

from channels_cfg.models import CallbackPath


class Refusal(models.Model):
    """Pushes not taken, counted by path, address and reason. No body is kept."""

    path = models.CharField(max_length=200)
    address = models.GenericIPAddressField(null=True)
    reason = models.CharField(max_length=32)
    count = models.BigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["path", "address", "reason"],
                name="refusal_counted_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["last_at"], name="refusal_by_time")]

    def __str__(self) -> str:
        return f"{self.reason} {self.count}"


class PathUse(models.Model):
    """When a callback path was last used by a proven caller, and with which secret."""

    callback_path = models.OneToOneField(
        CallbackPath, models.CASCADE, primary_key=True, related_name="use"
    )
    last_used_at = models.DateTimeField()
    older_secret_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.last_used_at)
