"""What is remembered of a sign-in that failed."""

from django.db import models


class LoginFailure(models.Model):
    """One failure; rows live for a day. The name only as a digest: it may be a password."""

    at = models.DateTimeField()
    name = models.BinaryField(max_length=32)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["name", "at"], name="failure_by_name"),
            models.Index(fields=["address", "at"], name="failure_by_address"),
            models.Index(fields=["at"], name="failure_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.address or 'unknown'} at {self.at:%Y-%m-%d %H:%M:%S}"
