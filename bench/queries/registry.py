"""Every query that is measured, one line each: what it is held to, and its URL.

``id``, ``single`` and ``timeline`` must take under 50 ms in the database, ``window``
and ``page`` under 2 s. ``{names}`` are filled from ``known.py``, another value each
time.
"""

from collections.abc import Sequence
from typing import NamedTuple

GOALS_MS = {
    "id": 50.0,
    "single": 50.0,
    "timeline": 50.0,
    "window": 2000.0,
    "page": 2000.0,
}
# Must not grow with the number of receipts, either.
STEADY = ("id", "single", "timeline")

_API = """
single    receipts/
single    receipts/?ordering=received_at
single    receipts/?page_size=200
single    receipts/?channel={channel}
single    receipts/?channel={rare_channel}
single    receipts/?status={status}
single    receipts/?status=failed
single    receipts/?error_code={code}
single    receipts/?error_code={rare_code}
single    receipts/?template_code={template}
single    receipts/?business_address={address}
single    receipts/?include=payload
id        receipts/?message_id={message_id}
id        receipts/?task_id={task}
id        receipts/?task_id={message_id}
id        receipts/?batch_id={batch}
id        receipts/?client_batch_id={client_batch}
id        receipts/?conversation={busiest}
id        receipts/?conversation={quiet}
id        receipts/?conversation={quiet}&status=read
id        receipts/?conversation={busiest}&status=failed
id        receipts/?provider_conversation_id={their_conversation}
id        receipts/?user={user}
id        receipts/?user={busy_user}
id        receipts/?user={name}
id        receipts/{receipt}/
window    receipts/?channel_type=viber
window    receipts/?provider=8x8
window    receipts/?receipt_type=mo_message
window    receipts/?mode=queue
window    receipts/?kind=inbound
window    receipts/?kind=subscription
window    receipts/?raw_status=undelivered
window    receipts/?raw_status=nothing
window    receipts/?error_owner=operator
window    receipts/?template_name={template_name}
window    receipts/?template_name=nothing
window    receipts/?flag=late
window    receipts/?flag=repeated
window    receipts/?flag=contradiction
window    receipts/?flag=several_recipients
window    receipts/?occurred_after={month_ago}&occurred_before={half_month_ago}
window    receipts/?received_after={year_ago}&received_before={eleven_months_ago}
window    receipts/?channel={channel}&status=failed
window    receipts/?channel={rare_channel}&error_code={rare_code}
window    receipts/?channel={channel}&kind=inbound&mode=queue
window    receipts/?channel={channel}&status=read&template_code={template}
window    receipts/?status=failed&error_code={code}&channel_type=viber
window    receipts/?status=rejected&channel={channel}
single    messages/
single    messages/?ordering=last_at
single    messages/?channel={channel}
single    messages/?status=failed
single    messages/?status=received
single    messages/?error_code={code}
single    messages/?error_code={rare_code}
single    messages/?template_code={template}
single    messages/?business_address={address}
id        messages/?message_id={message_id}
id        messages/?task_id={task}
id        messages/?batch_id={batch}
id        messages/?client_batch_id={client_batch}
id        messages/?conversation={busiest}
id        messages/?conversation={quiet}
id        messages/?provider_conversation_id={their_conversation}
id        messages/?user={user}
id        messages/?user={busy_user}
id        messages/{message}/
window    messages/?channel_type=viber
window    messages/?provider=8x8
window    messages/?direction=mo
window    messages/?contradiction=true
window    messages/?template_name={template_name}
window    messages/?first_after={month_ago}&first_before={half_month_ago}
window    messages/?last_after={year_ago}&last_before={eleven_months_ago}
window    messages/?channel={channel}&status=failed
window    messages/?channel={channel}&text=order
window    messages/?channel={channel}&text={rare_text}
window    messages/?channel={channel}&text=zz
window    messages/?channel={rare_channel}&direction=mo&text=thanks
window    messages/?status=failed&error_code={rare_code}&provider=cams
single    conversations/
single    conversations/?channel={channel}
single    conversations/?business_address={address}
id        conversations/?user={user}
id        conversations/?user={name}
id        conversations/{quiet}/
window    conversations/?channel_type=viber
window    conversations/?active_after={month_ago}&active_before={half_month_ago}
window    conversations/?channel={channel}&channel_type=viber
timeline  conversations/{quiet}/timeline/
timeline  conversations/{busiest}/timeline/
timeline  conversations/{busiest}/timeline/?ordering=-at
timeline  conversations/{busiest}/timeline/?ordering=-at&page_size=200
single    templates/
single    templates/?channel={channel}
single    templates/?code={template}
single    templates/?name={template_name}
single    templates/?language=en&status=approved
single    channels/
single    channels/?provider=cams&type=whatsapp&active=true&name=Viber
single    channels/?channel={channel}
single    callbacks/
single    callbacks/?channel={channel}
id        callbacks/{callback}/
window    callbacks/?mode=queue
window    callbacks/?state=failed
window    callbacks/?state=partly&channel={channel}
window    callbacks/?received_after={month_ago}&received_before={half_month_ago}
single    quarantine/
single    quarantine/?channel={channel}&state=open
window    stats/
window    stats/?interval=day&group_by=channel,kind,status
window    stats/?interval=day&from={year_ago}&group_by=channel,status
window    stats/?interval=hour&from={month_ago}&group_by=error_code
id        changes/
id        changes/?channel={rare_channel}
"""
_CONSOLE = """
page      /admin/
page      /admin/find/?q={message_id}
page      /admin/find/?q={number}
page      /admin/conversations/
page      /admin/conversations/?channel={channel}
page      /admin/conversations/?q={number}
timeline  /admin/conversations/{quiet}/
timeline  /admin/conversations/{busiest}/
page      /admin/messages/
page      /admin/messages/?channel={channel}&status=failed
page      /admin/messages/?error_code={rare_code}
page      /admin/messages/{message}/
page      /admin/messages/{message}/receipts/
page      /admin/receipts/
page      /admin/receipts/?channel={channel}&status=failed
page      /admin/receipts/?kind=inbound
page      /admin/receipts/?error_owner=operator
page      /admin/receipts/{receipt}/
page      /admin/callbacks/
page      /admin/callbacks/{callback}/
page      /admin/problems/
page      /admin/problems/items/
page      /admin/templates/
page      /admin/codes/
page      /admin/audit/
page      /admin/exports/
page      /admin/messages/?range=all&facets=1
page      /admin/messages/?q={number}
page      /admin/receipts/?range=all&facets=1
page      /admin/receipts/?range=31d&facets=1
page      /admin/receipts/?range=31d&channel={channel}&status=failed
page      /admin/receipts/?q={number}
page      /admin/receipts/?q={batch}
timeline  /admin/conversations/{busiest}/?at=first
timeline  /admin/conversations/{busiest}/?at=2026-06-01
timeline  /admin/conversations/{busiest}/?only=failures
"""


class Query(NamedTuple):
    """One query: the goal it is held to, and where it is."""

    kind: str
    path: str

    @property
    def list(self) -> str:
        """The list of the API that it asks; '' for another."""
        head, _, _ = self.path.removeprefix("/api/v1/").partition("/")
        return head if self.path.startswith("/api/") else ""


def queries() -> Sequence[Query]:
    """Return all of them."""
    api = (line.split() for line in _API.strip().splitlines())
    console = (line.split() for line in _CONSOLE.strip().splitlines())
    return [
        *(Query(kind, f"/api/v1/{path}") for kind, path in api),
        *(Query(kind, path) for kind, path in console),
    ]
