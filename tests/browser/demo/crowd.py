"""Many other people on two CAMS channels, a few failures, some that cannot be read."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.browser.demo.items import Item, cams_inbound, cams_status

PEOPLE = 90
_TEMPLATES = (
    ("order_update", "744c4b5c79c9432497a075bdfca36bf5"),
    ("login_code", "820561547132813184"),
    ("spring_sale", "9d11e0aa52f44de1a2d3c4b5a6978812"),
)
_SAID = ("Thanks!", "When does it arrive?", "ok 👍", "Who is this?", "STOP")
_WAYS = ("Sent", "Delivered", "Read", "Read")
_FAILURES = (
    ("131026", "131026:Receiver is incapable of receiving this message"),
    ("131049", "131049:Not delivered to maintain healthy ecosystem engagement"),
    ("190001", "190001:Something that nobody has seen before"),
)
Delivery = tuple[datetime, str, list[Item]]  # when, of what receipt type, the items


def crowd(now: datetime) -> Iterator[Delivery]:
    """Yield what happened to everybody else, the same in every run."""
    luck = random.Random(88)
    for number in range(PEOPLE):
        start = now - timedelta(minutes=luck.uniform(12, 60 * 30))
        yield from _person(luck, f"4915110{number:05}", start, now)


def _person(
    luck: random.Random, number: str, start: datetime, now: datetime
) -> Iterator[Delivery]:
    at = start
    template, code = luck.choice(_TEMPLATES)
    about: Item = {"TemplateName": template, "TemplateCode": code, "Language": "en"}
    if luck.random() < 0.14:
        error, words = luck.choice(_FAILURES)
        about |= {"ErrorCode": error, "ErrorDescription": words}
        yield at, "mt_status", [cams_status(number, number, start, "Failed", **about)]
        return
    for word in ("Sent", "Delivered", "Read")[: 1 + _WAYS.index(luck.choice(_WAYS))]:
        at += timedelta(seconds=luck.uniform(1, 240))
        if at < now:
            item = cams_status(number, number, start, word, **about)
            item |= {"ConversationId": f"c-{number}", "ConversationType": "utility"}
            yield at, "mt_status", [item]
    if luck.random() < 0.3:
        at = min(at + timedelta(seconds=90), now)
        said = cams_inbound(number, f"{number}/mo", at, luck.choice(_SAID))
        yield at, "mo_message", [said]


def trouble(now: datetime) -> Iterator[Delivery]:
    """Yield what cannot be read: items without an id."""
    for back in (0.4, 3, 7, 11):
        at = now - timedelta(hours=back)
        item = cams_status("628111", "lost", at, "Sent")
        item.pop("MessageId")
        yield at, "mt_status", [item, cams_status("628112", f"ok{back}", at, "Sent")]


def reviews(now: datetime) -> Iterator[Delivery]:
    """Yield what was told of the templates: reviews, their quality, a pause."""
    (update, _), (login, _), (sale, _) = _TEMPLATES
    told: tuple[tuple[float, str, Item], ...] = (
        (70, update, {"AuditStatus": "pass"}),
        (69, update, {"Type": "templateCategoryUpdate", "Status": "UTILITY"}),
        (68, login, {"AuditStatus": "pass"}),
        (66, sale, {"AuditStatus": "fail", "Reason": "ABUSIVE_CONTENT"}),
        (40, update, {"Type": "templateQualityUpdate", "Status": "GREEN"}),
        (4, login, {"Type": "templateQualityUpdate", "Status": "YELLOW"}),
        (2, login, {"AuditStatus": "paused", "Reason": "FIRST_PAUSE"}),
    )
    codes = dict(_TEMPLATES)
    for back, name, item in told:
        about = {"TemplateCode": codes[name], "TemplateName": name, "Language": "en"}
        yield now - timedelta(hours=back), "template_audit", [{**about, **item}]
