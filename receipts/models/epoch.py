"""What tells this database from every other, for the cursors of the changes feed."""

import uuid

from django.db import models


class Epoch(models.Model):
    """The one row that names the database; made at the first need.

    A copy restored elsewhere has the same name but counts transactions anew: the feed
    adds what the server says of itself.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_epoch"),
        ]

    def __str__(self) -> str:
        return str(self.name)
