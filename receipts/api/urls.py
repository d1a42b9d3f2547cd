"""URLs of the API; every other path below it is a 404 problem."""

from django.urls import URLPattern, path, re_path

from receipts.api.views import (
    callbacks,
    changes,
    channels,
    conversations,
    exports,
    messages,
    missing,
    pages,
    quarantine,
    receipts,
    stats,
    templates,
)

urlpatterns: list[URLPattern] = [
    path("receipts/", receipts.ReceiptList.as_view()),
    path("receipts/<pk>/", receipts.ReceiptDetail.as_view()),
    path("messages/", messages.MessageList.as_view()),
    path("messages/<pk>/", messages.MessageDetail.as_view()),
    path("conversations/", conversations.ConversationList.as_view()),
    path("conversations/<pk>/", conversations.ConversationDetail.as_view()),
    path("conversations/<pk>/timeline/", conversations.Timeline.as_view()),
    path("templates/", templates.TemplateList.as_view()),
    path("templates/<pk>/", templates.TemplateDetail.as_view()),
    path("channels/", channels.ChannelList.as_view()),
    path("channels/<pk>/", channels.ChannelDetail.as_view()),
    path("callbacks/", callbacks.CallbackList.as_view()),
    path("callbacks/<pk>/", callbacks.CallbackDetail.as_view()),
    path("callbacks/<pk>/raw", callbacks.CallbackRaw.as_view()),
    path("quarantine/", quarantine.QuarantineList.as_view()),
    path("quarantine/<pk>/", quarantine.QuarantineDetail.as_view()),
    path("quarantine/<pk>/replay/", quarantine.QuarantineReplay.as_view()),
    path("changes/", changes.Changes.as_view()),
    path("exports/", exports.ExportList.as_view()),
    path("exports/<pk>/", exports.ExportDetail.as_view()),
    path("exports/<pk>/download", exports.ExportDownload.as_view()),
    path("stats/", stats.Stats.as_view()),
    path("schema/", pages.schema, name="api-schema"),
    path("docs/", pages.docs, name="api-docs"),
    path("problems/", pages.Problems.as_view()),
    path("problems/<slug>/", pages.Problems.as_view()),
    re_path("", missing.Missing.as_view(), name="missing"),
]
