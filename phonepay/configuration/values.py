"""What each value of the environment must look like.

Each function takes the text and gives the value, or raises ValueError with a sentence's end: what is wrong, what to
do. The sentence never repeats a secret. What people type in the set-up too is marked for translation.
"""

import importlib.util
import ipaddress
import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.utils.translation import gettext_noop

Value = TypeVar("Value")

SECRET_KEY_LENGTH = 50
SECRET_KEY_CHARACTERS = 10
TOKEN_CHARACTERS = 6
_KINDS_OF_KEYS = ("sk_test_", "sk_live_", "rk_test_", "rk_live_")


def several(one: Callable[[str], Value]) -> Callable[[str], tuple[Value, ...]]:
    """The same value several times, separated by commas: the newest first, the older kept while a key is rotated."""

    def parse(text: str) -> tuple[Value, ...]:
        parts = [part.strip() for part in text.split(",")]
        if not all(parts):
            raise ValueError("has an empty part between its commas: take the comma out")
        return tuple(one(part) for part in parts)

    return parse


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """An integer from `lowest` to `highest`."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise ValueError(f"is not a whole number from {lowest} to {highest}: write one")
        return int(text)

    return parse


def folder(text: str) -> Path:
    """A folder's path, `~` for the home; it need not exist yet."""
    path = Path(text).expanduser()
    if not path.is_absolute():
        raise ValueError("is not a whole path: write it from the root on, as in /var/lib/phonepay")
    if path.exists() and not path.is_dir():
        raise ValueError("names a file: name a folder")
    return path


def is_loopback(host: str) -> bool:
    """Whether the host is this machine itself, by name or number."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def web_address(text: str) -> str:
    """`https://host[:port]` without a trailing slash; `http://` on loopback only."""
    try:
        url = urlsplit(text)
        host, _ = url.hostname, url.port
    except ValueError:
        raise ValueError(gettext_noop("is no address: write it as https://pay.example.com")) from None
    if url.scheme not in {"http", "https"} or not host or re.search(r"\s", host):
        raise ValueError(gettext_noop("is no web address: write it as https://pay.example.com"))
    if url.username is not None or url.password is not None:
        raise ValueError(gettext_noop("holds a user name: take it out, up to and with the @"))
    if url.path.strip("/") or url.query or url.fragment:
        raise ValueError(gettext_noop("holds more than a host: end it after the host, as in https://pay.example.com"))
    if url.scheme == "http" and not is_loopback(host):
        raise ValueError(
            gettext_noop(
                "is not encrypted: write https:// (http:// is for this machine only, as in http://127.0.0.1:8000)"
            )
        )
    return f"{url.scheme}://{url.netloc.lower()}"


def secret_key(text: str) -> str:
    """Django's SECRET_KEY."""
    if len(text) < SECRET_KEY_LENGTH or len(set(text)) < SECRET_KEY_CHARACTERS:
        raise ValueError(
            f"is too short or too even: give at least {SECRET_KEY_LENGTH} random characters (openssl rand -hex 32)"
        )
    return text


def fernet_key(text: str) -> str:
    """One key of the encryption at rest."""
    try:
        Fernet(text)
    except ValueError:
        raise ValueError(
            "is not a Fernet key: make one with `python -c "
            '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"`'
        ) from None
    return text


def twilio_account_sid(text: str) -> str:
    """`AC` and 32 hexadecimal digits."""
    if text.startswith("SK"):
        raise ValueError(
            gettext_noop(
                "is the SID of an API key: give the account's own, which begins with AC (Twilio's console, first page)"
            )
        )
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", text):
        raise ValueError(
            gettext_noop(
                "is not an account SID: give AC and 32 letters and digits, from the first page of Twilio's console"
            )
        )
    return text


def twilio_auth_token(text: str) -> str:
    """32 hexadecimal digits."""
    if not re.fullmatch(r"[0-9a-fA-F]{32}", text):
        raise ValueError(
            gettext_noop(
                "is not an auth token: give its 32 letters and digits, from the first page of Twilio's console"
            )
        )
    return text


def stripe_secret_key(text: str) -> str:
    """`sk_test_…`, `sk_live_…`, or a restricted `rk_…`."""
    if text.startswith("pk_"):
        raise ValueError(
            gettext_noop(
                "is the publishable key, which can charge nothing: give the secret one, which begins with sk_ or rk_"
            )
        )
    if text.startswith("whsec_"):
        raise ValueError(gettext_noop("is a webhook's secret, not a key: give the one that begins with sk_ or rk_"))
    if not text.startswith(_KINDS_OF_KEYS):
        raise ValueError(
            gettext_noop(
                "is no secret key of Stripe's: give one that begins with sk_test_, sk_live_, rk_test_ or rk_live_"
            )
        )
    if not re.fullmatch(r"\w+_\w+_[0-9A-Za-z]{10,}", text, re.ASCII):
        raise ValueError(gettext_noop("is not a whole key: copy it once more, from its first letter to its last"))
    return text


def stripe_webhook_secret(text: str) -> str:
    """`whsec_…`."""
    if not re.fullmatch(r"whsec_[0-9A-Za-z+/=_-]{8,}", text):
        raise ValueError(
            gettext_noop(
                "is no signing secret: give the one that begins with whsec_, from the webhook's page "
                "in Stripe's dashboard"
            )
        )
    return text


def email_url(text: str) -> str:
    """`smtp://[user:password@]host[:port]`, encrypted by STARTTLS, or `smtps://…`, encrypted from the first byte."""
    wrong = gettext_noop("is no mail server: write it as smtps://user:password@mail.example.com")
    try:
        url = urlsplit(text)
        host, port = url.hostname, url.port
    except ValueError:
        raise ValueError(wrong) from None
    if url.scheme not in {"smtp", "smtps"} or not host or port == 0:
        raise ValueError(wrong)
    if url.path.strip("/") or url.query or url.fragment:
        raise ValueError(gettext_noop("holds more than a mail server: end it after the host or its port"))
    if bool(url.username) != bool(url.password):
        raise ValueError(
            gettext_noop("has a user without a password, or a password without a user: write both, or neither")
        )
    return text


def email_from(text: str) -> str:
    """Whom our e-mail is from: `pay@example.com`, or `Harbor Garage <pay@example.com>`."""
    _, address = parseaddr(text)
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+", address) or "\n" in text or "\r" in text:
        raise ValueError(
            gettext_noop("is no e-mail address: write it as pay@example.com, or Harbor Garage <pay@example.com>")
        )
    return text


def log_level(text: str) -> str:
    """One of logging's own names."""
    level = text.upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise ValueError("is no level: write DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return level


def log_format(text: str) -> str:
    """`json`, `plain`, or `auto`: plain where a person reads along."""
    form = text.lower()
    if form not in {"auto", "json", "plain"}:
        raise ValueError("is no form of the log: write json or plain, or take it out")
    return form


def contact(text: str) -> str:
    """Where to tell of a hole in this installation (RFC 9116: a URI)."""
    if not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https://\S+", text):
        raise ValueError("is no contact: write mailto:security@example.com or https://example.com/security")
    return text


def bearer_token(text: str) -> str:
    """What a program sends to prove itself (RFC 6750's characters)."""
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,200}", text) or len(set(text)) < TOKEN_CHARACTERS:
        raise ValueError("is too short or too even: give at least 16 random characters (openssl rand -hex 16)")
    return text


def collector_address(text: str) -> str:
    """`https://host[:port]`, or `http://` on loopback: what OpenTelemetry's OTLP exporter sends to."""
    address = web_address(text)
    _require_extra("otel", "opentelemetry.sdk")
    return address


def sentry_dsn(text: str) -> str:
    """`https://<key>@<host>/<project>` (docs.sentry.io, "DSN explainer")."""
    url = urlsplit("")
    try:
        url = urlsplit(text)
        right = bool(url.hostname and url.username and re.search(r"/[0-9]+$", url.path))
    except ValueError:
        right = False
    if not right:
        raise ValueError("is no DSN: copy it from the project's settings at Sentry, as https://key@host/1")
    if url.scheme != "https" and not is_loopback(url.hostname or ""):
        raise ValueError("is not encrypted: write https:// (http:// is for this machine only)")
    _require_extra("sentry", "sentry_sdk")
    return text


def _require_extra(name: str, module: str) -> None:
    try:
        there = importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # its parent is not there either
        there = False
    if not there:
        raise ValueError(f"needs a package that is not installed: pip install 'phonepay[{name}]', or take the name out")
