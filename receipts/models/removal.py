"""What retention removed, and when: kept for those who ask where something went."""

from django.db import models


class Removal(models.Model):
    """One partition that went, or what one run removed of a table."""

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["kind", "at"], name="removal_of_kind")]

    def __str__(self) -> str:
        return f"{self.name} {self.rows}"
