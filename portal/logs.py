"""Structured logs: readable lines, or JSON; never a callback path, a number, a text."""

import logging
import re
from collections.abc import MutableMapping
from typing import TYPE_CHECKING

import structlog

from receipts.masking import mask_digits

if TYPE_CHECKING:
    from structlog.typing import Processor

# The path is a secret where a provider proves itself by nothing else.
_CALLBACK_PATH = re.compile(r"(callbacks/)[^\s\"'<>?]+")
# A phone among words; in a UUID or a longer name digits meet by chance.
_NUMBER = re.compile(
    r"(?<![\w.*-])\+?(\d{9,15})(?![\w.*-])|(?<=_)(\d{9,15})(?![\w.*-])"
)
# Where PostgreSQL shows the row that it could not take: whose it is, and what it says.
_ROW = re.compile(r"((?:DETAIL|CONTEXT):\s*)(?:(?!\\n|\n).)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def configure(*, is_json: bool, has_callbacks: bool) -> dict[str, object]:
    """Set structlog up and return the matching ``LOGGING``: one line an event, on stderr.

    ``has_callbacks``: also a line for each callback at the door, with the request's id,
    and one for each batch of the drain, with the ids of its callbacks.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    level = logging.INFO if has_callbacks else logging.WARNING
    return _logging(shared, _json() if is_json else _text(), callbacks=level)


def mask_paths(_logger: object, _name: str, line: str) -> str:
    """Hide what stands behind ``callbacks/`` in a rendered line."""
    return _CALLBACK_PATH.sub(r"\1***", line)


def mask_people(
    _logger: object, _name: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Hide the middle of phones, and the rows that errors of the database show."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _NUMBER.sub(_hide, _ROW.sub(r"\1***", value))
    return event


def _hide(found: re.Match[str]) -> str:
    return mask_digits(found[1] or found[2]) or "***"


def one_line(
    _logger: object, _name: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    """Escape control characters in what strangers can write into a log."""
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            event[key] = _CONTROL.sub(lambda found: repr(found[0])[1:-1], value)
    return event


def _json() -> "list[Processor]":
    return [
        structlog.processors.format_exc_info,
        mask_people,
        structlog.processors.JSONRenderer(default=str),
    ]


def _text() -> "list[Processor]":
    return [
        structlog.processors.format_exc_info,
        mask_people,
        structlog.dev.ConsoleRenderer(
            colors=False, pad_event_to=0, sort_keys=True, pad_level=False
        ),
    ]


def _logging(
    shared: "list[Processor]", renderer: "list[Processor]", *, callbacks: int
) -> dict[str, object]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    one_line,
                    *renderer,
                    mask_paths,
                ],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": logging.INFO},
        "loggers": {
            # A line of its own for every request is the edge's business.
            "django_structlog": {"level": logging.WARNING},
            "django": {"level": logging.INFO},
            "receipts.callbacks": {"level": callbacks},
            # Nor of every wake-up: the drain says what it did.
            "celery.worker.strategy": {"level": logging.WARNING},
            "celery.app.trace": {"level": logging.WARNING},
            "celery.beat": {"level": logging.WARNING},
            "py.warnings": {"level": logging.ERROR},
        },
    }
