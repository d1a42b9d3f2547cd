"""What we keep. Partitioned tables carry soft references: (id, received_at)."""

from receipts.models.access import AccessRecord
from receipts.models.api_token import ApiToken
from receipts.models.callback import Callback
from receipts.models.conversation import Conversation, ConversationIdentity
from receipts.models.counts import MessageCount, ReceiptCount, ReceiptDay
from receipts.models.door import PathUse, Refusal
from receipts.models.epoch import Epoch
from receipts.models.erasure import Erasure
from receipts.models.export import Export, ExportChunk
from receipts.models.intake import AckHour, IntakeSpan
from receipts.models.message import MergedMessage, Message, MessageReference
from receipts.models.quarantine import QuarantinedItem
from receipts.models.queue_state import QueueState
from receipts.models.receipt import Receipt, ReceiptKey, Sighting
from receipts.models.removal import Removal
from receipts.models.template import Template

__all__ = [
    "AccessRecord",
    "AckHour",
    "ApiToken",
    "Callback",
    "Conversation",
    "ConversationIdentity",
    "Epoch",
    "Erasure",
    "Export",
    "ExportChunk",
    "IntakeSpan",
    "MergedMessage",
    "Message",
    "MessageCount",
    "MessageReference",
    "PathUse",
    "QuarantinedItem",
    "QueueState",
    "Receipt",
    "ReceiptCount",
    "ReceiptDay",
    "ReceiptKey",
    "Refusal",
    "Removal",
    "Sighting",
    "Template",
]
