"""The error dictionary: what a provider's code means and who must act."""

from django.db import models


class ErrorCode(models.Model):
    """One code of one provider, in plain words. Operators correct it; we never
    overwrite a row that one of them has edited."""

    class Owner(models.TextChoices):
        US = "us", "us (account administrator)"
        PROVIDER = "provider", "the provider"
        META = "meta", "Meta"
        RECIPIENT = "recipient", "the recipient"
        AUTHOR = "author", "the message author"
        FINANCE = "finance", "finance"
        NOBODY = "nobody", "nobody: wait"

    provider = models.CharField(max_length=32)
    code = models.CharField(max_length=64)
    upstream_code = models.CharField(max_length=64, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    meaning = models.TextField(blank=True, default="")
    category = models.CharField(max_length=64, blank=True, default="other")
    owner = models.CharField(
        max_length=16, choices=Owner.choices, blank=True, default=""
    )
    advice = models.TextField(blank=True, default="")
    is_transient = models.BooleanField(
        "a resend makes sense later", null=True, blank=True
    )
    is_edited = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("provider", "code")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "code"], name="error_code_once_a_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.code} {self.title}".strip()
