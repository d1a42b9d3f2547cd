"""The database engine: Django's PostgreSQL, whose waiting can be given an end."""

from receipts.database.away import is_away, recheck
from receipts.database.patience import NotReplicated, TookTooLong, within

__all__ = ["NotReplicated", "TookTooLong", "is_away", "recheck", "within"]
