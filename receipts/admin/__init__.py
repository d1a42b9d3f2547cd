"""The admin of what we keep; the console's own pages are in ``portal.console``."""

from receipts.admin.api_token import ApiTokenAdmin
from receipts.admin.queue_state import QueueStateAdmin

__all__ = ["ApiTokenAdmin", "QueueStateAdmin"]
