"""The words of a line as its owner looks through them: each prompt with its own or the standard words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from phonepay.ivr import prompts
from phonepay.lib.cards import looks_like_card_number
from phonepay.merchant.models import Line
from phonepay.merchant.reading import CARD_NUMBER_REFUSED
from phonepay.merchant.refusals import FactRefused
from phonepay.setup.fact_words import problem_sentence, sentence
from phonepay.web.panel.settings.moments import MOMENTS, PLACEHOLDERS, WHEN, Moment


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt in one language. `own` is "" where the standard words are said."""

    key: str
    locale: str
    when: str | Promise
    standard: str
    own: str

    @property
    def words(self) -> str:
        return self.own or self.standard

    @property
    def heard(self) -> str:
        """As a caller may hear it: with example values."""
        return prompts.with_samples(self.words, self.locale)

    @property
    def standard_heard(self) -> str:
        return prompts.with_samples(self.standard, self.locale)

    @property
    def seconds(self) -> int:
        return seconds_of(self.words, self.locale)

    @property
    def placeholders(self) -> list[tuple[str, str | Promise, str]]:
        """What may stand in braces: its name, what it is, an example; what the standard words have comes first."""
        asked = prompts.placeholders(self.standard)
        every = prompts.allowed(self.key, self.locale)
        names = sorted(every, key=lambda name: (name not in asked, name.casefold(), name))
        return [(name, PLACEHOLDERS[name], prompts.with_samples(f"{{{name}}}", self.locale)) for name in names]


def seconds_of(words: str, locale: str) -> int:
    """As every length is shown: by the one formula, rounded, and never none at all."""
    return max(1, round(prompts.sample_length(words, locale)))


def prompt_of(line: Line, locale: str, key: str) -> Prompt | None:
    """One prompt of a line, None where there is no such thing."""
    if locale not in line.locales or key not in WHEN:
        return None
    standard = prompts.catalogue(locale).prompts[key]
    return Prompt(key, locale, WHEN[key], standard, line.words.get(locale, {}).get(key, ""))


def moments(line: Line, locale: str, *, search: str = "", own: bool = False) -> Iterator[tuple[Moment, list[Prompt]]]:
    """The moments with their prompts: those whose words or occasion hold `search`, with `own` changed ones."""
    wanted = search.casefold().split()
    for moment in MOMENTS:
        there = [prompt for key in moment.prompts if (prompt := prompt_of(line, locale, key)) is not None]
        found = [prompt for prompt in there if (prompt.own or not own) and _holds(prompt, wanted)]
        if found:
            yield moment, found


def _holds(prompt: Prompt, wanted: list[str]) -> bool:
    text = f"{prompt.when} {prompt.words} {prompt.heard}".casefold()
    return all(word in text for word in wanted)


def problem_sentences(words: str, prompt: Prompt) -> list[str]:
    """What keeps these words from being saved, for the reader. Card digits are refused before anything else."""
    if looks_like_card_number(words):
        return [sentence(FactRefused("card_number", CARD_NUMBER_REFUSED))]
    return [problem_sentence(problem) for problem in prompts.problems(words, prompt.key, prompt.locale)]
