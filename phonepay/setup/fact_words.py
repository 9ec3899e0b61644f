"""Why a fact of a line cannot be kept, for the reader: the room gives a reason and its facts, the sentence is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from phonepay.ivr.prompts import LONGEST, Problem
from phonepay.lib.money import format_amount
from phonepay.merchant.refusals import FactRefused, LineRefused


def sentences(refused: LineRefused) -> dict[str, str]:
    """A sentence for each fact that cannot be used, by the fact's name."""
    return {name: sentence(reason) for name, reason in refused.reasons.items()}


def sentence(refused: FactRefused) -> str:
    """What is wrong and what to do; the room's own sentence for a reason that has none here."""
    worded = _WORDED.get(refused.reason)
    return worded(refused.facts) if worded else str(refused)


def problem_sentence(problem: Problem) -> str:
    """What is wrong with own words for a prompt."""
    about = {"name": problem.about, "longest": LONGEST}
    return {
        "empty": _("Write the words, or go back to the standard ones."),
        "missing": _("Leave {%(name)s} in: callers must hear it.") % about,
        "not_known": _("{%(name)s} is not known in these words. Take it out.") % about,
        "key": _("Say what key %(name)s does, or callers find no way on.") % about,
        "markup": _("Use plain words: no < or > and no other braces."),
        "too_long": _("These words take %(name)s seconds. Make them shorter: %(longest)s is the most that people hear.")
        % about,
    }[problem.kind]


def _money(facts: Mapping[str, Any], *names: str) -> dict[str, str]:
    locale = f"{(get_language() or 'en').partition('-')[0]}-US"
    return {name: format_amount(facts[name], facts["currency"], locale) for name in names}


def _outside(facts: Mapping[str, Any]) -> str:
    return _(
        "%(amount)s is not within what callers can pay: %(lowest)s to %(highest)s. "
        "Change the smallest or the largest amount too."
    ) % _money(facts, "amount", "lowest", "highest")


def _words(facts: Mapping[str, Any]) -> str:
    return " ".join(problem_sentence(problem) for problem in facts["problems"])


_WORDED: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "unreadable": lambda facts: (
        _("“%(text)s” cannot be read as an amount. Type digits, as in %(example)s.") % facts
        if facts["text"].strip()
        else _("Type an amount.")
    ),
    "decimals": lambda facts: _("“%(text)s” has more decimals than this currency has.") % facts,
    "step": lambda facts: (
        _("In this currency the last decimal must be 0.")
        if facts["decimals"]
        else _("In this currency only whole amounts can be charged.")
    ),
    "too_little": lambda facts: (
        _("%(amount)s is too little. Stripe charges %(least)s or more.") % _money(facts, "amount", "least")
    ),
    "too_much": lambda facts: (
        _("%(amount)s is too much. Stripe charges %(most)s at most.") % _money(facts, "amount", "most")
    ),
    "currency": lambda facts: (
        _("“%(text)s” is not a currency. Use the three letters of its code, such as USD.") % facts
    ),
    "needs_amount": lambda _facts: _("Type the amount that everybody pays."),
    "swapped": lambda facts: (
        _("The smallest amount, %(lowest)s, is above the largest, %(highest)s.") % _money(facts, "lowest", "highest")
    ),
    "outside": _outside,
    "phone": lambda facts: (
        _("“%(text)s” is not a phone number. Write it with its country code: +1 415 555 0142.") % facts
        if facts["text"]
        else _("This is not a phone number. Write it with its country code: +1 415 555 0142.")
    ),
    "card_number": lambda _facts: _(
        "This looks like a card number, so nothing was kept. Card numbers never belong here."
    ),
    "choice": lambda _facts: _("Choose one of those that are offered."),
    "listed": lambda _facts: _("Choose at least one of those that are offered."),
    "too_many": lambda facts: _("Choose at most %(most)s.") % facts,
    "number": lambda facts: _("Type a whole number from %(lowest)s to %(highest)s.") % facts,
    "too_long": lambda facts: _("This is too long: %(length)s characters, at most %(most)s can be kept.") % facts,
    "text": lambda facts: (
        _("“%(text)s” cannot be used here.") % facts if facts["text"] else _("This cannot be left empty.")
    ),
    "hours": lambda _facts: _("Each day needs two times, as in 09:00 and 17:00, or none."),
    "no_hours": lambda _facts: _("Give at least one day its hours, or choose always."),
    "closed": lambda _facts: _("A day cannot begin and end at the same time. Leave both empty for nobody."),
    "time_zone": lambda _facts: _("Choose a time zone, such as America/New_York."),
    "region": lambda _facts: _("Use a country's two letters, such as US."),
    "words": _words,
    "taken": lambda _facts: _("Somebody else changed this just now, or this number is taken. Look again."),
}
