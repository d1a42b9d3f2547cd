"""A channel: one account or sender at a provider, as we configured it."""

from django.core.validators import RegexValidator
from django.db import models

from channels_cfg import registry

key_is_a_slug = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$",
    "Use lower-case letters, digits and hyphens, 64 characters at most.",
)
type_is_a_word = RegexValidator(
    r"^[a-z][a-z0-9_-]*$", "Use one word in lower-case letters, such as whatsapp."
)


class Channel(models.Model):
    """One account or sender at a provider. Never deleted: receipts point at it."""

    key = models.CharField(
        max_length=64,
        unique=True,
        validators=[key_is_a_slug],
        help_text="Stands in URLs and in the API; choose it for good.",
    )
    name = models.CharField(max_length=200)
    # A callable, so that a new provider folder needs no migration.
    provider = models.CharField(max_length=32, choices=registry.choices)
    type = models.CharField(
        max_length=32,
        validators=[type_is_a_word],
        help_text="whatsapp, viber, messenger, instagram …; multi for an account "
        "that serves several.",
    )
    account = models.JSONField(default=dict, blank=True)
    audit_version = models.CharField(
        max_length=8,
        default="V1",
        choices={"V1": "V1", "V2": "V2"},
        help_text="API version of the audit feed, as chosen at the provider.",
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name


class BusinessAddress(models.Model):
    """A business number, page or service id; tells channels of one account apart."""

    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="business_addresses"
    )
    # Copies of the channel's, so that the rule below can be a constraint.
    provider = models.CharField(max_length=32)
    channel_type = models.CharField(max_length=32)
    value = models.CharField(
        max_length=128, help_text="As compared: digits of a number, else verbatim."
    )
    shown = models.CharField(max_length=128, help_text="As the operator wrote it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "channel_type", "value"],
                name="address_of_one_channel",
                violation_error_message="Another channel has this business address.",
            ),
        ]

    def __str__(self) -> str:
        return self.shown
