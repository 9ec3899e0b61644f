"""Money, times, numbers, phones and cards as their reader writes them, on the clock that is active for the request."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from phonepay.lib import money as lib_money

MINUS = "\N{MINUS SIGN}"
_BRANDS = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "discover": "Discover",
    "diners-club": "Diners Club",
    "jcb": "JCB",
    "maestro": "Maestro",
}


@cache
def locale_of(language: str, region: str) -> str:
    """The reader's language as the shop's country writes it ("es-US"), else the language alone."""
    try:
        Locale.parse(f"{language}_{region}")
    except (UnknownLocaleError, ValueError):
        return language
    return f"{language}-{region}"


def reader_locale(region: str = "US") -> str:
    return locale_of((get_language() or "en").split("-")[0], region.upper() or "US")


def money(amount: int, currency: str, region: str = "US") -> str:
    """Minor units for reading, with a real minus: −$42.50."""
    return lib_money.format_amount(amount, currency, reader_locale(region)).replace("-", MINUS)


def typed_amount(amount: int, currency: str) -> str:
    """Minor units as people type them, with a point and the currency's own decimals: 42.50."""
    facts = lib_money.currency(currency)
    if not facts.shown_decimals:
        return str(amount // facts.unit)
    whole, fraction = divmod(amount, facts.unit)
    return f"{whole}.{fraction:0{facts.decimals}}"


def number(value: int) -> str:
    return format_decimal(value, locale=_babel())


def moment(at: datetime, now: datetime | None = None) -> str:
    """`Today 14:32`, `Yesterday 14:32`, `Mon 3 Nov 14:32`, with the year if it is another."""
    local = timezone.localtime(at)
    return f"{day(local.date(), now)} {local:%H:%M}"


def moment_within(at: datetime, now: datetime | None = None) -> str:
    """The same inside a sentence: `today 14:32`, `Mon 3 Nov 14:32`."""
    return within(moment(at, now))


def within(said: str) -> str:
    """A moment or a day for inside a sentence: only today and yesterday begin small there."""
    near = (gettext("Today"), gettext("Yesterday"))
    return said[:1].lower() + said[1:] if said.startswith(near) else said


def day(of: date, now: datetime | None = None) -> str:
    """`Today`, `Yesterday`, `Mon 3 Nov`, `Mon 3 Nov 2025`."""
    today = timezone.localtime(now or timezone.now()).date()
    if of == today:
        return gettext("Today")
    if of == today - timedelta(days=1):
        return gettext("Yesterday")
    return _date(of, "EEE d MMM" if of.year == today.year else "EEE d MMM y", _babel())


def day_within(of: date, now: datetime | None = None) -> str:
    """The same inside a sentence: `today`, `Mon 3 Nov`."""
    return within(day(of, now))


def weekday(of: date) -> str:
    """`Mon`."""
    return _date(of, "EEE", _babel())


def exactly(at: datetime) -> str:
    """To the second, with its zone: for hovering and for exports."""
    local = timezone.localtime(at)
    return _exactly(local, str(local.tzinfo), _babel())


@lru_cache(maxsize=1024)
def _date(of: date, pattern: str, locale: str) -> str:
    return format_date(of, pattern, locale=locale)


@lru_cache(maxsize=1024)
def _exactly(local: datetime, zone: str, locale: str) -> str:
    # A row says it twice, for the desk and for the phone, and Babel reads the pattern anew each time.
    return format_datetime(local, "EEEE d MMMM y, HH:mm:ss zzzz", locale=locale)


def card(brand: str, last4: str) -> str:
    """`Visa ·4242`, or "" where no card is known."""
    if not last4:
        return ""
    return f"{_BRANDS.get(brand) or brand.title() or gettext('Card')} ·{last4}"


def length(seconds: int) -> str:
    """Of a call: 1:42."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def ago(at: datetime, now: datetime | None = None) -> str:
    """`less than a minute`, `12 minutes`, `3 hours`, `2 days`: how long something has lasted."""
    minutes = int(((now or timezone.now()) - at).total_seconds() // 60)
    if minutes < 1:
        return gettext("less than a minute")
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004 - two days
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


def _babel() -> str:
    return reader_locale().replace("-", "_")
