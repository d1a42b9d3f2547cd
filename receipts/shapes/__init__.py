"""The public shapes: what the API answers with and exports hold, field by field.

Plain values that know no Django. The OpenAPI document is made from them, so an answer
cannot say more or less than its description.
"""

from receipts.shapes.config import Channel, ChannelCallback, ChannelQueue
from receipts.shapes.conversation import Conversation, TimelineEntry
from receipts.shapes.delivery import Callback, QuarantinedItem, Replayed
from receipts.shapes.feed import Changes, Export, ExportWish, Stats, StatsRow
from receipts.shapes.message import Content, Leg, Media, Message, Steps
from receipts.shapes.page import Page, Window
from receipts.shapes.parts import Error, Identity, TemplateName, User
from receipts.shapes.receipt import Receipt
from receipts.shapes.template import Template

__all__ = [
    "Callback",
    "Changes",
    "Channel",
    "ChannelCallback",
    "ChannelQueue",
    "Content",
    "Conversation",
    "Error",
    "Export",
    "ExportWish",
    "Identity",
    "Leg",
    "Media",
    "Message",
    "Page",
    "QuarantinedItem",
    "Receipt",
    "Replayed",
    "Stats",
    "StatsRow",
    "Steps",
    "Template",
    "TemplateName",
    "TimelineEntry",
    "User",
    "Window",
]
