"""How a line's amounts hold together: what is filled in where nobody said, and what cannot be."""

from phonepay.lib import money
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import FactRefused, LineRefused

CEILING_UNITS = 500
CAP_UNITS = 50
# A currency that has no smaller unit counts in it: 500 dollars have about the worth of 50,000 yen.
UNITS_WITHOUT_DECIMALS = 100


def start_afresh(line: Line, currency: str) -> None:
    """Forget the amounts of another currency: the same number of other coins is another sum."""
    line.currency = currency
    line.floor = line.ceiling = line.overage_cap = 0
    line.fixed_amount = line.usual_amount = None


def fill_in(line: Line) -> None:
    """Give the limits that nobody gave: floor Stripe's minimum, ceiling 500, the cap of extra charges 50."""
    least = money.stripe_minimum(line.currency)
    line.floor = line.floor or least
    line.ceiling = line.ceiling or max(_units(CEILING_UNITS, line.currency), least)
    line.overage_cap = line.overage_cap or max(_units(CAP_UNITS, line.currency), least)


def check_whole(line: Line) -> None:
    """Raise LineRefused where the facts, each right by itself, do not fit each other."""
    problems = {}
    limits = {"lowest": line.floor, "highest": line.ceiling, "currency": line.currency}
    lowest, highest = (money.format_amount(each, line.currency) for each in (line.floor, line.ceiling))
    if line.has_fixed_amount and line.fixed_amount is None:
        sentence = f"The behavior “{line.behavior}” needs an amount in {line.currency.upper()}."
        problems["fixed_amount"] = FactRefused("needs_amount", sentence, currency=line.currency)
    if line.floor > line.ceiling:
        sentence = f"The smallest amount ({lowest}) is above the largest ({highest})."
        problems["ceiling"] = FactRefused("swapped", sentence, **limits)
    for name, what in (("fixed_amount", "The fixed amount"), ("usual_amount", "The usual amount")):
        amount: int | None = getattr(line, name)
        if amount is not None and not line.floor <= amount <= line.ceiling:
            shown = money.format_amount(amount, line.currency)
            sentence = (
                f"{what}, {shown}, is not within what this line takes: {lowest} to {highest}. "
                "Set another floor or ceiling with it."
            )
            problems[name] = FactRefused("outside", sentence, amount=amount, **limits)
    if problems:
        raise LineRefused(problems)


def _units(count: int, currency: str) -> int:
    facts = money.currency(currency)
    return count * facts.unit * (1 if facts.shown_decimals else UNITS_WITHOUT_DECIMALS)
