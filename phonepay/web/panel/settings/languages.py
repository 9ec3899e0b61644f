"""The languages that callers can hear, each by its name and the place whose words it uses."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phonepay.ivr.prompts import LOCALES

_NAMES: dict[str, str | Promise] = {
    "en-US": _("English, United States"),
    "en-GB": _("English, United Kingdom"),
    "en-IE": _("English, Ireland"),
    "en-AU": _("English, Australia"),
    "es-US": _("Spanish, United States"),
    "es-MX": _("Spanish, Mexico"),
    "es-ES": _("Spanish, Spain"),
}


def language_name(locale: str) -> str:
    return str(_NAMES.get(locale, locale))


def language_choices() -> list[tuple[str, str]]:
    return [(locale, language_name(locale)) for locale in LOCALES]
