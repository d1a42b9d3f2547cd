"""What the evaluator needs and no other table tells."""

from django.db import models
from django.db.models import Q


class HostState(models.Model):
    """What the sweep of one host saw there: its spool and its disks."""

    host = models.CharField(max_length=300, primary_key=True)
    seen_at = models.DateTimeField()
    spool_rows = models.BigIntegerField(default=0)
    spool_oldest_at = models.DateTimeField(null=True)
    spool_trouble = models.TextField(blank=True, default="")
    disks = models.JSONField(default=list)  # path, free and total bytes of each

    def __str__(self) -> str:
        return self.host


class Certificate(models.Model):
    """When the certificate of our public address ends, as last looked up."""

    address = models.CharField(max_length=300, primary_key=True)  # host and port
    looked_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.address


class Turn(models.Model):
    """When, and by which process, alerts were last judged. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    judged_at = models.DateTimeField()
    judged_by = models.CharField(max_length=64)
    not_judged = models.JSONField(default=list)  # kinds that could not be

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.judged_at} {self.judged_by}"
