"""A letter, and the e-mail it becomes: plain text and simple HTML, nothing fetched from anywhere, nobody followed."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from babel.dates import format_datetime
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from phonepay.lib.money import format_amount
from phonepay.merchant.mail_account import MailAccount, shown

WIDTH = 72  # characters: RFC 3676 asks for lines below 79


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, in one language. `figure` is the sum that it is about, `facts` are names with values,
    `button` is a word and its address, `test`: no real money moved."""

    shop: str
    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    figure: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    small: tuple[str, ...] = ()
    test: bool = False


def email_of(letter: Letter, *, to: str, identity: UUID, account: MailAccount) -> EmailMultiAlternatives:
    """The message for one address. Its Message-ID is the delivery's, so that a second copy is known as the same."""
    language = get_language() or "en"
    context = {"letter": letter, "language": language}
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split())[:200],
        body=plain(letter),
        from_email=shown(account, " ".join(letter.shop.split())),
        to=[to],
        headers={
            "Message-ID": f"<{identity}@{account.domain}>",
            # No machine answers it, and no holiday notice comes back: RFC 3834, and what Exchange listens to.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": language,
        },
    )
    message.attach_alternative(render_to_string("notifications/letter.html", context), "text/html")
    return message


def plain(letter: Letter) -> str:
    """The letter as text, in lines that every program shows whole; an address is never broken."""
    parts = [_wrapped(letter.heading)]
    if letter.figure:
        parts.append(letter.figure)
    parts += [_wrapped(paragraph) for paragraph in letter.paragraphs]
    if letter.facts:
        parts.append("\n".join(_wrapped(f"{name}: {value}", later="    ") for name, value in letter.facts))
    if letter.button:
        parts.append(f"{letter.button[0]}:\n{letter.button[1]}")
    parts += [_wrapped(line) for line in letter.small]
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str, later: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()), WIDTH, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )


def money(amount: int, currency: str) -> str:
    """As the reader's language writes it."""
    spanish = (get_language() or "").startswith("es")
    return format_amount(amount, currency, "es-US" if spanish else "en-US")


def moment(at: datetime) -> str:
    """In the present time zone, with the day's name and the zone: it is read on another day, maybe elsewhere."""
    spanish = (get_language() or "").startswith("es")
    pattern = "EEEE d 'de' MMMM 'de' y, HH:mm" if spanish else "EEEE, d MMMM y, HH:mm"
    local = timezone.localtime(at)
    return f"{format_datetime(local, pattern, locale='es' if spanish else 'en')} {local:%Z}"


def day(at: datetime) -> str:
    spanish = (get_language() or "").startswith("es")
    pattern = "d 'de' MMMM 'de' y" if spanish else "d MMMM y"
    return format_datetime(timezone.localtime(at), pattern, locale="es" if spanish else "en")
