"""The mail server: a letter handed over by Django's own backend, and what its refusals mean.

MailRefused(failure, permanent)
├─ permanent      this letter to this address: the server will never take it
└─ otherwise      the server, or the way to it: all letters wait
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from phonepay.configuration.logs import mask
from phonepay.merchant.mail_account import MailAccount

ANSWER_SECONDS = 5.0  # each step of the conversation
_PERMANENT = 500
_AUTHENTICATION = (530, 534, 535, 538)  # RFC 4954


class MailRefused(Exception):
    """Nothing was sent. `failure` is a name of `sentence`, `answer` what the server said."""

    def __init__(self, failure: str, answer: str = "", *, permanent: bool = False) -> None:
        super().__init__(f"{failure}: {answer}" if answer else failure)
        self.failure = failure
        self.answer = mask(answer)[:300]
        self.permanent = permanent


@dataclass(slots=True)
class Connection:
    """An open conversation with the server."""

    backend: EmailBackend

    def send(self, message: EmailMessage) -> None:
        """Hand a letter over. Raises MailRefused."""
        with _understood():
            message.connection = self.backend
            message.send()


@contextmanager
def connected(account: MailAccount) -> Iterator[Connection]:
    """Connect and sign in, once for several letters. Raises MailRefused."""
    backend = EmailBackend(
        host=account.host,
        port=account.port,
        username=account.user,
        password=account.password,
        use_tls=account.starttls,
        use_ssl=account.tls,
        timeout=ANSWER_SECONDS,
    )
    try:
        with _understood():
            try:
                backend.open()
            except smtplib.SMTPNotSupportedError:
                if account.password:
                    raise
                # A relay of the shop's own network that knows no encryption: nothing secret is told to it.
                backend.use_tls = False
                backend.open()
        yield Connection(backend)
    finally:
        # What was sent is sent, whatever comes of the goodbye.
        with suppress(OSError, smtplib.SMTPException):
            backend.close()


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise _meaning(error) from error


# The first that fits; what is not among them is an answer with a code, or unreachable.
_WITHOUT_CODE: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPNotSupportedError, "no_encryption"),
    (smtplib.SMTPServerDisconnected, "hung_up"),
    (ssl.SSLError, "certificate"),
    (socket.gaierror, "no_such_server"),
    (TimeoutError, "silent"),
    (ConnectionRefusedError, "nobody_listens"),
    (OSError, "unreachable"),
)


def _meaning(error: Exception) -> MailRefused:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return MailRefused("recipient", _said(code, answer), permanent=code >= _PERMANENT)
    if isinstance(error, smtplib.SMTPResponseException):
        said, permanent = _said(error.smtp_code, error.smtp_error), error.smtp_code >= _PERMANENT
        if error.smtp_code in _AUTHENTICATION:
            return MailRefused("password", said)
        if isinstance(error, smtplib.SMTPDataError):
            return MailRefused("content", said, permanent=permanent)
        if not isinstance(error, smtplib.SMTPSenderRefused):
            return MailRefused("refused", said)
        return MailRefused("sender" if permanent else "later", said)  # RFC 5321, 4.2.1: a 4yz passes by itself
    failure = next((failure for kind, failure in _WITHOUT_CODE if isinstance(error, kind)), "unreachable")
    return MailRefused(failure, str(error))


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {text}".split())


FAILURES = (
    "recipient", "password", "sender", "later", "no_encryption", "content", "hung_up", "refused", "certificate",
    "no_such_server", "silent", "nobody_listens", "unreachable",
)  # fmt: skip


def sentence(failure: str, account: MailAccount) -> str:
    """What a failure means and what to do, for the owner; in the present language."""
    facts = {"host": account.host, "port": account.port, "sender": account.sender}
    said = {
        "recipient": _("The mail server does not take letters to this address."),
        "password": _("The mail server does not take the user and the password. Compare them with your mail provider."),
        "sender": _("The mail server does not let letters come from %(sender)s. Use an address that it knows."),
        "later": _("The mail server takes no letters just now. It is asked again by itself."),
        "no_encryption": _("The mail server offers no encryption on port %(port)s. Write smtps:// and port 465."),
        "content": _("The mail server did not take the letter itself."),
        "hung_up": _("The mail server hung up. With smtp:// it is mostly port 587, with smtps:// mostly 465."),
        "refused": _("The mail server refused the connection."),
        "certificate": _("The mail server's certificate is not for %(host)s, or not valid. Write its right name."),
        "no_such_server": _("There is no server with the name %(host)s. Look at its spelling."),
        "silent": _("%(host)s did not answer on port %(port)s. Many hosts block port 25: use 587 or 465."),
        "nobody_listens": _("At %(host)s nobody listens on port %(port)s. Look at the port: mostly 587 or 465."),
        "unreachable": _("%(host)s cannot be reached from this server."),
    }.get(failure, _("The mail server did not take it."))
    return said % facts
