"""What a message says in one line, for lists and quotes."""

from receipts import shapes

_LENGTH = 160


def gist_of(message: shapes.Message) -> str:
    """Return the text, else the template, else the kind of content."""
    content = message.content
    if content is not None and content.masked and content.type == "text":
        return "Text (hidden)"
    if content is not None and content.text:
        return _short(content.text)
    if message.template is not None:
        return f"Template {message.template.name or message.template.code}"
    if content is not None:
        return content.type.capitalize()
    return (message.message_type or "message").capitalize()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LENGTH else f"{line[: _LENGTH - 1]}…"
