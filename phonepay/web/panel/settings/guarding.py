"""Protection's own settings, and its limits as they are: what a caller can do before a line does something about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.protection.limits import CARD_CALLERS_DAY, CARD_DECLINES_DAY, limits_of
from phonepay.web.panel import formats
from phonepay.web.panel.settings.fields import Radio, RadioYesNo, YesNo
from phonepay.web.panel.settings.sections import Section

SECTIONS = (
    Section(
        "guard",
        gettext_lazy("Against people who try out stolen cards"),
        gettext_lazy("They call shops and key card after card, to learn which still work. Each try costs you money."),
        (
            Radio(
                name="protection",
                label=gettext_lazy("When the line steps in"),
                choices=lambda: [
                    (Line.Protection.STANDARD, gettext_lazy("Normally: right for most lines")),
                    (Line.Protection.STRICT, gettext_lazy("Sooner: for a line where cards are rarely declined")),
                    (Line.Protection.RELAXED, gettext_lazy("Later: where many people call from one phone")),
                ],
            ),
            YesNo(
                name="protection_may_pause",
                label=gettext_lazy("The line may pause itself"),
                help=gettext_lazy(
                    "The last resort: nobody can pay, for half an hour at first. Without it, callers whom the shop "
                    "knows still can."
                ),
            ),
        ),
    ),
    Section(
        "second-fact",
        gettext_lazy("Who may hear what an order costs"),
        gettext_lazy(
            "For lines that ask for an order number. The same is asked whatever number is entered, so that nobody "
            "finds out which orders exist."
        ),
        (
            Radio(
                name="second_fact",
                label=gettext_lazy("Before callers hear an amount, they also enter"),
                choices=lambda: [
                    (Line.SecondFact.OFF, gettext_lazy("Nothing: the order number is enough")),
                    (Line.SecondFact.POSTAL, gettext_lazy("The order's postal code")),
                    (Line.SecondFact.PHONE, gettext_lazy("The last four digits of the customer's phone number")),
                ],
            ),
            RadioYesNo(
                name="second_fact_passes",
                label=gettext_lazy("If an order does not have it"),
                choices=lambda: [
                    ("no", gettext_lazy("Do not say its amount; ask the caller to contact you")),
                    ("yes", gettext_lazy("Say its amount to whoever enters its number")),
                ],
            ),
        ),
    ),
)


def lacking(line: Line) -> str:
    """How many orders to be paid have not the fact that is asked for, as a sentence; "" where none is asked for."""
    column = {Line.SecondFact.POSTAL: "customer_postal", Line.SecondFact.PHONE: "customer_phone"}.get(
        Line.SecondFact(line.second_fact)
    )
    if column is None:
        return ""
    unpaid = Order.objects.filter(merchant=line.merchant_id, status=Order.Status.UNPAID)
    without = unpaid.filter(**{column: ""}).count()
    words = ngettext(
        "%(count)s unpaid order does not have what callers are asked for.",
        "%(count)s unpaid orders do not have what callers are asked for.",
        without,
    )
    return words % {"count": formats.number(without)}


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` of one caller, and of all together who hide their number ("" where there is none of its own)."""

    what: str
    most: str
    hidden: str


def limits_shown(line: Line) -> list[Limit]:
    """How much turns a caller away for a time, at what the line is set to."""
    own, hidden = (limits_of(line.protection, hidden=each) for each in (False, True))

    def row(what: str, *names: str) -> Limit:
        values = [" · ".join(str(getattr(each, name)) for name in names) for each in (own, hidden)]
        return Limit(what, *values)

    return [
        row(_("Declined cards in an hour · a day · a week"), "declines_hour", "declines_day", "declines_week"),
        row(_("Different cards declined in a day"), "cards_day"),
        row(_("Order numbers tried in an hour · a day, without paying"), "numbers_hour", "numbers_day"),
        row(_("Times a card was asked for in an hour, without paying"), "captures_hour"),
        row(_("Different cards for small amounts in an hour"), "small_cards_hour"),
        row(_("More calls at the same time than"), "at_once"),
        Limit(_("One card in a day: declines · callers who try it"), f"{CARD_DECLINES_DAY} · {CARD_CALLERS_DAY}", ""),
    ]
