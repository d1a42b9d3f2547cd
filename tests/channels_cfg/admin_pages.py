"""Admin pages as a browser would fill them in."""

from collections.abc import Mapping
from html.parser import HTMLParser

from django.test import Client


class Form(HTMLParser):
    """Collects what a browser would send of a page's fields, as they are shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self._select = self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value")
        if tag == "input" and ("checked" in told or told.get("type") != "checkbox"):
            self.said[name] = value if value is not None else "on"
            if value is None and told.get("type") != "checkbox":
                self.said[name] = ""
        elif tag == "select":
            self._select = name
            self.said[name] = ""
        elif tag == "option" and "selected" in told:
            self.said[self._select] = value or ""
        elif tag == "textarea":
            self._textarea = name
            self.said[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.said[self._textarea] = data.removeprefix("\n")


def fields(client: Client, url: str) -> dict[str, str]:
    """Open a page and give what it would send."""
    return Form(client.get(url).content.decode()).said


def save(
    client: Client, url: str, changes: Mapping[str, str | None] | None = None
) -> str:
    """Open a page, change fields (None unticks one), send it, give what comes back."""
    said: dict[str, str | None] = {**fields(client, url), **(changes or {})}
    sent = {name: value for name, value in said.items() if value is not None}
    return client.post(url, sent, follow=True).content.decode()


def errors_at(html: str, field: str) -> str:
    """Give what a page says between the field before and the field itself."""
    before = html[: html.index(f'name="{field}"')]
    return before[before.rindex('<div class="field') :]
