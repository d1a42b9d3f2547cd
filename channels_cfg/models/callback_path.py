"""A callback path: where a provider pushes one receipt type of one channel."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models

from channels_cfg.models.channel import Channel
from channels_cfg.secrets import SecretsField
from channels_cfg.wire import ReceiptType

path_is_well_formed = RegexValidator(
    r"^[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*$",
    "Use segments of A-Z a-z 0-9 . _ - ~ with a single slash between them, "
    "none at the ends.",
)
segments_are_names = RegexValidator(
    r"(?:^|/)\.{1,2}(?:/|$)",
    "A segment of one or two dots means a folder, not a name.",
    inverse_match=True,
)

RECEIPT_TYPES = {
    ReceiptType.MT_STATUS.value: "MT status (ChatAppStatus)",
    ReceiptType.MO_MESSAGE.value: "MO message (ChatAppInbound)",
    ReceiptType.TEMPLATE_AUDIT.value: "Template audit (ChatAppAudit)",
    ReceiptType.ANY.value: "Any: each item tells by itself",
}


def unguessable_path() -> str:
    """Return a path nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


class CallbackPath(models.Model):
    """Where a provider pushes. A second one may live beside it while rotating."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="callback_paths")
    receipt_type = models.CharField(max_length=16, choices=RECEIPT_TYPES)
    path = models.CharField(
        max_length=200,
        unique=True,
        default=unguessable_path,
        validators=[path_is_well_formed, segments_are_names],
        error_messages={"unique": "Another callback path is the same."},
    )
    is_enabled = models.BooleanField("HTTP protocol", default=True)
    header_name = models.CharField(max_length=64, blank=True, default="")
    header_values = SecretsField()
    basic_username = models.CharField(max_length=128, blank=True, default="")
    basic_passwords = SecretsField()
    signing_secrets = SecretsField()
    verify_tokens = SecretsField()
    allow_from = ArrayField(
        models.CharField(max_length=64),
        default=list,
        blank=True,
        help_text="Addresses or networks; empty allows every address.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("channel", "receipt_type", "pk")
        constraints = [
            # One without the other proves nothing, but looks as if it did.
            models.CheckConstraint(
                condition=models.Q(header_name="", header_values="")
                | ~models.Q(header_name="") & ~models.Q(header_values=""),
                name="header_has_name_and_value",
            ),
            models.CheckConstraint(
                condition=models.Q(basic_username="") | ~models.Q(basic_passwords=""),
                name="basic_has_a_password",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel.key} {self.receipt_type}"

    @property
    def has_readable_secrets(self) -> bool:
        """Say whether FIELD_KEYS opens all of its secrets; if not, nobody may push."""
        return all(
            secrets.is_readable
            for secrets in (
                self.header_values,
                self.basic_passwords,
                self.signing_secrets,
                self.verify_tokens,
            )
        )
