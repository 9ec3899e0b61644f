"""Money as an integer of minor units and an ISO 4217 code in lower case, counted as Stripe counts.

Sources: Stripe's "Supported currencies" (docs.stripe.com/currencies), its sections on zero-decimal, three-decimal and
special-case currencies and on minimum and maximum charge amounts.
"""

import copy
import functools
import re
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale, numbers

from phonepay.lib.refusal import Refusal

ZERO_DECIMAL = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
)
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
# Two decimals in Stripe's interface, always 00: people count them whole. HUF and TWD are charged with decimals
# (only their payouts must be whole), so that a charge needs no special case.
ALWAYS_WHOLE = frozenset({"isk", "ugx"})

# In minor units. A currency that Stripe's table does not name is held to the worth of its settlement currency's
# minimum, which only Stripe knows: fifty of the smallest unit keeps out what surely is too little.
MINIMUMS = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
DEFAULT_MINIMUM = 50
MAXIMUM = 99_999_999  # Stripe: eight digits in the smallest unit.

# CLDR's spacing (alphaNextToNumber), which Babel does not know: "KWD 42.500", but "$42.50".
_LETTER_BY_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


class MoneyError(Refusal):
    """An amount or a currency that cannot be used; the message says why, in words for the person who gave it.

    `reason` and `facts` say the same to a door that words it in another language: currency, unreadable, decimals, step,
    too_little (`amount` and `least`, minor units of `currency`) or too_much (`most`).
    """


@dataclass(frozen=True, slots=True)
class Currency:
    """How a currency is counted: `decimals` of its minor unit, the `step` that amounts are multiples of."""

    code: str
    decimals: int
    step: int

    @property
    def unit(self) -> int:
        """Minor units in one unit: 100 for dollars."""
        return int(10**self.decimals)

    @property
    def shown_decimals(self) -> int:
        """Decimals that people write, say and key: none where they are always 00."""
        return 0 if self.step >= self.unit else self.decimals


@functools.cache
def currency(code: str) -> Currency:
    """The facts of an ISO code in either case; MoneyError if there is no such currency."""
    code = code.lower()
    if code.upper() not in numbers.list_currencies():
        problem = f"“{code}” is not a currency code. Use the three letters of ISO 4217, such as usd."
        raise MoneyError("currency", problem, text=code)
    if code in ZERO_DECIMAL:
        return Currency(code, 0, 1)
    if code in THREE_DECIMAL:
        return Currency(code, 3, 10)
    return Currency(code, 2, 100 if code in ALWAYS_WHOLE else 1)


def parse_amount(text: str, code: str) -> int:
    """Minor units of an amount written with digits and at most one point: ("42.50", "usd") is 4250.

    No signs, separators or symbols: what is not plainly an amount is refused with MoneyError rather than guessed.
    """
    facts = currency(code)
    found = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]+))?", text.strip())
    if not found:
        problem = f"“{text}” is not an amount. Write digits, with a point before the decimals: {_example(facts)}."
        raise MoneyError("unreadable", problem, text=text, example=_example(facts))
    whole, fraction = found[1], found[2] or ""
    if len(fraction) > facts.decimals:
        problem = f"“{text}” has more decimals than {code.upper()} has ({facts.decimals})."
        raise MoneyError("decimals", problem, text=text, currency=facts.code, decimals=facts.decimals)
    amount = int(whole) * facts.unit + int(fraction.ljust(facts.decimals, "0") or "0")
    _check_step(amount, facts)
    return amount


@functools.lru_cache(maxsize=1024)
def format_amount(amount: int, code: str, locale: str = "en-US") -> str:
    """For reading, as the locale writes money: (4250, "usd") is "$42.50". Amounts below zero keep their sign."""
    facts = currency(code)
    decimals = facts.decimals if amount % facts.unit else facts.shown_decimals
    value = Decimal(amount).scaleb(-facts.decimals)
    pattern = _pattern(locale, decimals)
    written = pattern.apply(value, _babel(locale), currency=facts.code.upper(), currency_digits=False)
    return _LETTER_BY_DIGIT.sub("\u00a0", written)


def stripe_minimum(code: str) -> int:
    """The least that Stripe charges in this currency, minor units; DEFAULT_MINIMUM where its table does not say."""
    facts = currency(code)
    return MINIMUMS.get(facts.code, max(DEFAULT_MINIMUM, facts.step))


def check_chargeable(amount: int, code: str) -> None:
    """MoneyError if Stripe would refuse this amount (minor units) for its size or its last digits."""
    facts = currency(code)
    _check_step(amount, facts)
    least = stripe_minimum(code)
    if amount < least:
        problem = f"{format_amount(amount, code)} is too little to charge: the least is {format_amount(least, code)}."
        raise MoneyError("too_little", problem, amount=amount, least=least, currency=facts.code)
    if amount > MAXIMUM:
        problem = (
            f"{format_amount(amount, code)} is too much for one charge: the most is {format_amount(MAXIMUM, code)}."
        )
        raise MoneyError("too_much", problem, amount=amount, most=MAXIMUM, currency=facts.code)


def _check_step(amount: int, facts: Currency) -> None:
    if amount % facts.step:
        digits = "the last decimal must be 0" if facts.decimals == 3 else "only whole amounts can be charged"  # noqa: PLR2004 - three decimals
        problem = f"In {facts.code.upper()} {digits}."
        raise MoneyError("step", problem, currency=facts.code, decimals=facts.shown_decimals)


def _example(facts: Currency) -> str:
    return {0: "4250", 2: "42.50", 3: "42.500"}[facts.shown_decimals]


@functools.cache
def _babel(locale: str) -> Locale:
    return Locale.parse(locale.replace("-", "_"))


@functools.cache
def _pattern(locale: str, decimals: int) -> numbers.NumberPattern:
    # CLDR rounds some currencies to fewer decimals than Stripe charges: the decimals are ours, the rest is CLDR's.
    pattern: numbers.NumberPattern = copy.copy(_babel(locale).currency_formats["standard"])
    pattern.frac_prec = (decimals, decimals)
    return pattern
