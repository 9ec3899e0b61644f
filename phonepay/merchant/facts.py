"""The facts of a line and of its shop that people set, each with the reader of what they write."""

from collections.abc import Mapping
from typing import Any

from phonepay.ivr.prompts import LOCALES
from phonepay.merchant import reading
from phonepay.merchant.models import Line
from phonepay.merchant.reading import Context, Reader, choice, listed, text, whole_number, yes_or_no
from phonepay.merchant.refusals import FactRefused, LineRefused

LINE_FACTS: dict[str, Reader] = {
    "phone_number": reading.phone_number,
    "behavior": choice(*Line.Behavior.values),
    "currency": reading.currency,
    "fixed_amount": reading.optional_amount,
    "floor": reading.amount,
    "ceiling": reading.amount,
    "usual_amount": reading.optional_amount,
    "amounts_keyed": choice(*Line.AmountsKeyed.values),
    "accepts_unknown_orders": yes_or_no,
    "order_noun": choice(*Line.OrderNoun.values),
    "locales": listed(LOCALES, reading.MOST_LOCALES),
    "voices": reading.voices,
    "words": reading.words,
    "cards": listed(reading.CARDS, len(reading.CARDS)),
    "asks_postal_code": yes_or_no,
    "connector": text(64, r"[A-Za-z0-9_-]+", "Write the connector's unique name, as in Twilio's console."),
    "moto": yes_or_no,
    "says_statement": yes_or_no,
    "statement_prefix": text(10, r"[^<>\\'\"*]*", "Write it as in Stripe's settings."),
    "overage": choice(*Line.Overage.values),
    "overage_cap": reading.amount,
    "overage_days": whole_number(1, 365),
    "person_number": reading.phone_number,
    "person_hours": reading.hours,
    "entry_seconds": whole_number(3, 30),
    "choice_seconds": whole_number(3, 30),
    "field_seconds": whole_number(5, 60),
    "tries": whole_number(1, 9),
    "tries_per_call": whole_number(1, 20),
    "unknown_tries": whole_number(1, 9),
    "paused": yes_or_no,
    "protection": choice(*Line.Protection.values),
    "protection_may_pause": yes_or_no,
    "second_fact": choice(*Line.SecondFact.values),
    "second_fact_passes": yes_or_no,
}

MERCHANT_FACTS: dict[str, Reader] = {
    "name": text(80, r".+", "A shop needs a name: callers hear it."),
    "time_zone": reading.time_zone,
    "region": reading.region,
    "shop_phone": reading.phone_number,
}


def read_facts(written: Mapping[str, Any], *, currency: str, region: str) -> dict[str, Any]:
    """Read what people wrote into what is kept.

    Raises LineRefused with every problem at once, TypeError for a name that is no fact.
    """
    context = Context(currency, region)
    values: dict[str, Any] = {}
    problems: dict[str, FactRefused] = {}
    for name, value in written.items():
        reader = LINE_FACTS.get(name) or MERCHANT_FACTS.get(name)
        if reader is None:
            raise TypeError(f"a line has no fact {name!r}")
        try:
            values[name] = reader(value, context)
        except FactRefused as refused:
            problems[name] = refused
    if problems:
        raise LineRefused(problems)
    return values
