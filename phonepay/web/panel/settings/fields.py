"""The kinds of fields in which a line's facts are set: what stands in the form, what comes back, what lookers read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from phonepay.lib.phone import format_number
from phonepay.merchant.facts import MERCHANT_FACTS
from phonepay.merchant.models import Line
from phonepay.web.panel import formats

Words = str | Promise
Choices = Sequence[tuple[str, Words]]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One fact of a line or its shop, by the name that `set_line` knows it by. `unit` stands behind the field."""

    kind: ClassVar[str] = "text"

    name: str
    label: Words
    help: Words = ""
    unit: Words = ""
    most: int = 80
    mode: str = ""  # inputmode: which keyboard a phone shows

    def written(self, line: Line) -> Any:
        """What stands in the form: JSON-safe, of the shape that `posted` gives back."""
        return str(self.fact(line))

    def posted(self, data: QueryDict) -> Any:
        return data.get(self.name, "")

    def change(self, posted: Any, line: Line) -> Any:
        """What `set_line` takes. Raises FactRefused where it never gets so far."""
        return posted

    def told(self, line: Line) -> str:
        """For who may only look."""
        return str(self.written(line)) or _("none")

    def fact(self, line: Line) -> Any:
        return getattr(line.merchant if self.name in MERCHANT_FACTS else line, self.name)

    def unit_of(self, line: Line) -> Words:
        return self.unit


@dataclass(frozen=True, kw_only=True)
class OfTheShop(Field):
    """A fact of the shop that has a verb of its own."""

    def fact(self, line: Line) -> Any:
        return getattr(line.merchant, self.name)


@dataclass(frozen=True, kw_only=True)
class Amount(Field):
    kind = "amount"
    mode: str = "decimal"

    def written(self, line: Line) -> str:
        amount = self.fact(line)
        return "" if amount is None else formats.typed_amount(amount, line.currency)

    def told(self, line: Line) -> str:
        amount = self.fact(line)
        return _("none") if amount is None else formats.money(amount, line.currency, line.merchant.region)

    def unit_of(self, line: Line) -> str:
        return line.currency.upper()


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    kind = "amount"
    mode: str = "numeric"
    most: int = 4

    def told(self, line: Line) -> str:
        return f"{self.written(line)} {self.unit}".strip()


@dataclass(frozen=True, kw_only=True)
class Phone(Field):
    kind = "text"
    mode: str = "tel"

    def written(self, line: Line) -> str:
        number = str(self.fact(line))
        return format_number(number, line.merchant.region) if number else ""


@dataclass(frozen=True, kw_only=True)
class Select(Field):
    kind = "select"
    choices: Callable[[], Choices]

    def told(self, line: Line) -> str:
        return str(dict(self.choices()).get(str(self.fact(line)), self.fact(line)))


@dataclass(frozen=True, kw_only=True)
class Radio(Select):
    kind = "radio"


@dataclass(frozen=True, kw_only=True)
class RadioYesNo(Radio):
    """A yes or no whose two sides are said in words."""

    def written(self, line: Line) -> str:
        return "yes" if self.fact(line) else "no"

    def told(self, line: Line) -> str:
        return str(dict(self.choices())[self.written(line)])


@dataclass(frozen=True, kw_only=True)
class Many(Field):
    kind = "many"
    choices: Callable[[], Choices]

    def written(self, line: Line) -> list[str]:
        return list(self.fact(line))

    def posted(self, data: QueryDict) -> list[str]:
        return data.getlist(self.name)

    def told(self, line: Line) -> str:
        names = dict(self.choices())
        return ", ".join(str(names.get(each, each)) for each in self.fact(line))


@dataclass(frozen=True, kw_only=True)
class YesNo(Field):
    kind = "yes"

    def written(self, line: Line) -> str:
        return "yes" if self.fact(line) else "no"

    def posted(self, data: QueryDict) -> str:
        return "yes" if data.get(self.name) == "yes" else "no"

    def told(self, line: Line) -> str:
        return _("Yes") if self.fact(line) else _("No")


@dataclass(frozen=True, kw_only=True)
class Languages(Field):
    """The line's own language, and perhaps a second one that callers may choose."""

    kind = "languages"
    choices: Callable[[], Choices]

    def written(self, line: Line) -> list[str]:
        return [*line.locales, ""][:2]

    def posted(self, data: QueryDict) -> list[str]:
        return [data.get("first_language", ""), data.get("second_language", "")]

    def change(self, posted: list[str], line: Line) -> list[str]:
        return [each for each in posted if each]

    def told(self, line: Line) -> str:
        names = dict(self.choices())
        return ", ".join(str(names.get(each, each)) for each in line.locales)


@dataclass(frozen=True, kw_only=True)
class Voices(Field):
    """A Twilio voice for each language of the line."""

    kind = "voices"
    names: Callable[[str], str]

    def written(self, line: Line) -> list[list[str]]:
        return [[locale, self.names(locale), line.voices.get(locale, "")] for locale in line.locales]

    def posted(self, data: QueryDict) -> list[list[str]]:
        voices = zip(data.getlist("voice_locale"), data.getlist("voice"), strict=False)
        return [[locale, self.names(locale), voice] for locale, voice in voices]

    def change(self, posted: list[list[str]], line: Line) -> dict[str, str]:
        return {locale: voice for locale, _name, voice in posted if locale in line.locales}

    def told(self, line: Line) -> str:
        return ", ".join(f"{name}: {voice or _('Twilio’s own')}" for _locale, name, voice in self.written(line))
