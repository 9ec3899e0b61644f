"""Reading a catalogue and filling its placeholders.

A catalogue is whole, or names its `base` and gives only what differs: `[prompts]`, `[place]` (the words of the place),
`[nouns]` (what a number belongs to), `[where]` (to what a receipt goes), and `[replace]`, words that are other words in
every prompt of the base.
"""

import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

LOCALES = ("en-US", "en-GB", "en-IE", "en-AU", "es-US", "es-MX", "es-ES")

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of a locale. `postal_digits` is 0 where postal codes have letters and cannot be keyed."""

    locale: str
    prompts: Mapping[str, str]
    nouns: Mapping[str, str]
    where: Mapping[str, str]
    pound_key: str
    star_key: str
    postal_digits: int
    pay_language: str


@functools.cache
def catalogue(locale: str) -> Catalogue:
    """The catalogue of a locale. ValueError if there is none."""
    if locale not in LOCALES:
        problem = f"There is no catalogue for “{locale}”. Choose one of: {', '.join(LOCALES)}."
        raise ValueError(problem)
    tables = _tables(locale)
    return Catalogue(
        locale=locale, prompts=tables["prompts"], nouns=tables["nouns"], where=tables["where"], **tables["place"]
    )


def render(key: str, locale: str, overrides: Mapping[str, str], **values: str) -> str:
    """The text of a prompt, the owner's own words (`overrides`, by prompt key) first, its placeholders filled.

    The words of the place ({pound_key}, {star_key}) fill themselves. KeyError for a prompt that does not exist.
    """
    words = catalogue(locale)
    known = {"pound_key": words.pound_key, "star_key": words.star_key, **values}
    return fill(overrides.get(key) or words.prompts[key], lambda name: known.get(name, ""))


def fill(text: str, resolve: Callable[[str], str]) -> str:
    """Put `resolve(name)` for each {name}. Only names are looked up: an owner's text can reach nothing else."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda found: resolve(found[1]), text)


def placeholders(text: str) -> frozenset[str]:
    """The names of a text's placeholders."""
    return frozenset(_PLACEHOLDER.findall(text))


def _tables(locale: str) -> dict[str, dict[str, Any]]:
    own = tomllib.loads(resources.files(__package__).joinpath(f"{locale}.toml").read_text("utf-8"))
    if "base" not in own:
        return own
    tables = _tables(own["base"])
    for word, other in own.get("replace", {}).items():
        as_word = re.compile(rf"\b{re.escape(word)}\b")
        tables["prompts"] = {key: as_word.sub(other, text) for key, text in tables["prompts"].items()}
    return {name: table | own.get(name, {}) for name, table in tables.items()}
