"""One table, which all peers insert into."""

from django.db import models


class Received(models.Model):
    """A receipt as it came, once."""

    message_id = models.TextField()
    status = models.TextField()
    recipient = models.TextField()
    payload = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "peers"
        db_table = "received"
        constraints = [
            models.UniqueConstraint(
                fields=["message_id", "recipient", "status"], name="received_once"
            )
        ]

    def __str__(self) -> str:
        return self.message_id
