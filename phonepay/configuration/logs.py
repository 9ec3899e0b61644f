"""Logging on stderr: one JSON object a line, or a line for people; each with what it is about, without card numbers."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from phonepay.configuration.context import in_hand
from phonepay.lib.cards import mask_card_numbers

# What every record has of itself; whatever else it has was passed as `extra`.
STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

# Twilio's ids are hexadecimal: one in fifty holds thirteen decimal digits in a row, and is needed whole to find a call.
SID = re.compile(r"\b([A-Z]{2}[0-9a-f]{32})\b")


# The address of a page that makes an account, or sets a password, opens it to whoever reads it (people/links.py).
_LINKS = re.compile(r"(/invitation/|/password/new/)[^\s'\"<>]+")


def mask(text: str, ids: Iterable[str] = ()) -> str:
    """The text without what is or may be a card number (runs of 13 digits, and of 12 that a card could have), and
    without what opens somebody's account. `ids` are known to be neither, and stay whole."""
    text = _LINKS.sub(r"\1[removed]", text)
    for each in ids:
        if each in text:
            return each.join(mask(part, ids) for part in text.split(each))
    parts = SID.split(text)
    return "".join(part if SID.fullmatch(part) else mask_card_numbers(part) for part in parts)


class MaskCardNumbers(logging.Filter):
    """Masks what may be a card number in every record, before any formatter sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        # One of our ids in forty has 13 digits between its letters, and is needed whole too. What is known to be an id
        # by its type alone is none of a stranger's words: in the form of one, a card number can be written.
        ids = {str(each) for each in record.args or () if isinstance(each, UUID)}
        record.msg = mask(_message(record), ids)
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text, ids)
        if not isinstance(vars(record).get("request", ""), str):
            vars(record).pop("request")  # Django's object, in the place of our id
        for name, value in vars(record).items():
            if name not in STANDARD_ATTRIBUTES:
                setattr(record, name, _mask_value(value))
        return True


class StrangersDoing(logging.Filter):
    """Makes a warning of what Django takes for an error and any stranger can send: it is refused, and mends nothing.

    Else whoever asks for a name that is not ours fills the log with traces, and what collects errors with events.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno == logging.ERROR:
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
            record.exc_info = record.exc_text = None
        return True


# Where Django logs a SuspiciousOperation that a request alone can cause (django.core.exceptions).
_STRANGERS = (
    "DisallowedHost", "RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent", "SuspiciousMultipartForm",
)  # fmt: skip


class JsonLines(logging.Formatter):
    """`{"time": …, "level": …, "logger": …, "message": …, "call": …, "request": …, "payment": …,
    …extra, "exception": …}`, times in UTC; what is not known is left out."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD_ATTRIBUTES} | in_hand()
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["exception"] = record.exc_text
        return json.dumps(line, default=str, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """`09:30:00 WARNING payments.pool: …  [call=… payment=…]`, on this machine's clock, a trace below."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        extra = {name: value for name, value in vars(record).items() if name not in STANDARD_ATTRIBUTES}
        about = " ".join(f"{name}={value}" for name, value in (extra | in_hand()).items())
        return super().formatMessage(record) + (f"  [{about}]" if about else "")


def logging_settings(level: str, form: str = "json") -> dict[str, Any]:
    """Django's LOGGING, for logging.config.dictConfig; also what granian is given for its own loggers.

    `form` is json, plain, or auto: plain where stderr is a terminal.
    """
    if form == "auto":
        form = "plain" if sys.stderr.isatty() else "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "mask_card_numbers": {"()": f"{__name__}.MaskCardNumbers"},
            "strangers_doing": {"()": f"{__name__}.StrangersDoing"},
        },
        "formatters": {"json": {"()": f"{__name__}.JsonLines"}, "plain": {"()": f"{__name__}.PlainLines"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "filters": ["mask_card_numbers"],
                "formatter": form,
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers mail and colour; its records go up to ours.
            "django": {"handlers": [], "propagate": True},
            **{f"django.security.{name}": {"filters": ["strangers_doing"]} for name in _STRANGERS},
            # Below WARNING these two write a line or more for each request to Stripe and Twilio, bodies included.
            "httpx": {"level": "WARNING"},
            "stripe": {"level": "WARNING"},
            "twilio": {"level": "WARNING"},
        },
    }


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        # A wrong format string must cost neither the line nor the mask.
        return f"{record.msg} {record.args}"


def _mask_value(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, int):
        masked = mask(str(value))
        return value if masked == str(value) else masked
    return mask(value if isinstance(value, str) else str(value))
