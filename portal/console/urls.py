"""URLs of the console, inside those of the admin site."""

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from portal.console import alert_urls
from portal.console.views.audit import Audit
from portal.console.views.backups import Backups
from portal.console.views.callbacks import CallbackBody, CallbackPage, Callbacks
from portal.console.views.cause import Cause, IgnoreCause, ReopenCause, ReplayCause
from portal.console.views.channel import ChannelPage, Light, SendTest
from portal.console.views.codes import Codes
from portal.console.views.conversation import LiveTimeline, Timeline
from portal.console.views.conversations import Conversations
from portal.console.views.erasures import (
    ActOnErasure,
    AskErasure,
    Certificate,
    ErasurePage,
    Erasures,
)
from portal.console.views.export import Export, PlainExport
from portal.console.views.exports import ExportFile, Exports
from portal.console.views.find import Find
from portal.console.views.intake import Intake
from portal.console.views.messages import MessagePage, MessageReceipts, MessageSide
from portal.console.views.page import Page
from portal.console.views.problems import Ignore, Item, Items, Problems, Replay
from portal.console.views.receipts import Messages, ReceiptPage, Receipts, ReceiptSide
from portal.console.views.retention import Retention
from portal.console.views.reveal import Reveal
from portal.console.views.saved import DropView, SaveView
from portal.console.views.templates import TemplatePage, Templates

_PAGES: tuple[tuple[str, type[Page], str], ...] = (
    ("find/", Find, "find"),
    ("conversations/", Conversations, "conversations"),
    ("conversations/<int:pk>/", Timeline, "conversation"),
    ("conversations/<int:pk>/live/", LiveTimeline, "conversation_live"),
    ("messages/", Messages, "messages"),
    ("messages/<int:pk>/", MessagePage, "message"),
    ("messages/<int:pk>/receipts/", MessageReceipts, "message_receipts"),
    ("messages/<int:pk>/side/", MessageSide, "message_side"),
    ("receipts/", Receipts, "receipts"),
    ("receipts/<int:pk>/side/", ReceiptSide, "receipt_side"),
    ("receipts/<int:pk>/", ReceiptPage, "receipt"),
    ("callbacks/", Callbacks, "callbacks"),
    ("callbacks/<uuid:pk>/", CallbackPage, "callback"),
    ("intake/", Intake, "intake"),
    ("problems/", Problems, "problems"),
    ("problems/cause/", Cause, "cause"),
    ("problems/items/", Items, "items"),
    ("problems/items/<int:pk>/", Item, "item"),
    ("templates/", Templates, "templates"),
    ("templates/<int:pk>/", TemplatePage, "template"),
    ("arrivals/<int:pk>/", ChannelPage, "channel"),
    ("arrivals/<int:pk>/light/", Light, "channel_light"),
    ("codes/", Codes, "codes"),
    ("exports/", Exports, "exports"),
    ("audit/", Audit, "audit"),
    *alert_urls.PAGES,
    ("retention/", Retention, "retention"),
    ("backups/", Backups, "backups"),
    ("erasures/", Erasures, "erasures"),
    ("erasures/<int:pk>/", ErasurePage, "erasure"),
)
_ACTS: tuple[tuple[str, Callable[..., HttpResponseBase], str], ...] = (
    ("callbacks/<uuid:pk>/body/", CallbackBody.as_view(), "callback_body"),
    ("problems/cause/replay/", ReplayCause.as_view(), "replay_cause"),
    ("problems/cause/ignore/", IgnoreCause.as_view(), "ignore_cause"),
    ("problems/cause/reopen/", ReopenCause.as_view(), "reopen_cause"),
    ("arrivals/<int:pk>/test/", SendTest.as_view(), "channel_test"),
    ("export/plain/<slug:name>/", PlainExport.as_view(), "plain_export"),
    ("export/<slug:resource>/", Export.as_view(), "export"),
    ("exports/<uuid:pk>/", ExportFile.as_view(), "export_file"),
    ("views/", SaveView.as_view(), "save_view"),
    ("views/<int:pk>/drop/", DropView.as_view(), "drop_view"),
    *alert_urls.ACTS,
    ("reveal/", Reveal.as_view(), "reveal"),
    ("erasures/ask/", AskErasure.as_view(), "ask_erasure"),
    ("erasures/<int:pk>/act/", ActOnErasure.as_view(), "act_on_erasure"),
    ("erasures/<int:pk>/certificate.json", Certificate.as_view(), "certificate"),
    ("problems/items/<int:pk>/ignore/", Ignore.as_view(), "ignore"),
    ("problems/items/<int:pk>/replay/", Replay.as_view(), "replay"),
)


def console_urls(site: AdminSite) -> list[URLPattern]:
    """Return the console's URLs, each behind the login of ``site``."""
    pages = [(route, view.as_view(site=site), name) for route, view, name in _PAGES]
    return [
        path(route, site.admin_view(view), name=name)
        for route, view, name in (*pages, *_ACTS)
    ]
