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
                label=gettext_lazy("How soon the line does something about it"),
                choices=lambda: [
                    (Line.Protection.STANDARD, gettext_lazy("Normal: the limits below")),
                    (Line.Protection.STRICT, gettext_lazy("Sooner: for a line on which few cards are declined")),
                    (Line.Protection.RELAXED, gettext_lazy("Later: where many people share one telephone")),
                ],
            ),
            YesNo(
                name="protection_may_pause",
                label=gettext_lazy("The line may pause itself"),
                help=gettext_lazy(
                    "The last of its steps, for half an hour at first. Without it, it stops before that."
                ),
            ),
        ),
    ),
    Section(
        "second-fact",
        gettext_lazy("Who may hear what an order costs"),
        gettext_lazy("On lines that ask for an order number. A number that there is not is asked about just the same."),
        (
            Radio(
                name="second_fact",
                label=gettext_lazy("Before anything is told of an order, the caller keys"),
                choices=lambda: [
                    (Line.SecondFact.OFF, gettext_lazy("nothing more")),
                    (Line.SecondFact.POSTAL, gettext_lazy("the postal code of the order")),
                    (Line.SecondFact.PHONE, gettext_lazy("the last four digits of the customer's phone number")),
                ],
            ),
            RadioYesNo(
                name="second_fact_passes",
                label=gettext_lazy("An order that has no such fact"),
                choices=lambda: [
                    ("no", gettext_lazy("is not told: the caller is asked to contact you")),
                    ("yes", gettext_lazy("is told to whoever keys its number")),
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
        "%(count)s order that is to pay has no such fact.",
        "%(count)s orders that are to pay have no such fact.",
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
    """From how many on a caller is turned away for a time."""
    own, hidden = (limits_of(line.protection, hidden=each) for each in (False, True))

    def row(what: str, *names: str) -> Limit:
        values = [" · ".join(str(getattr(each, name)) for name in names) for each in (own, hidden)]
        return Limit(what, *values)

    return [
        row(_("Cards declined in an hour · a day · a week"), "declines_hour", "declines_day", "declines_week"),
        row(_("Different cards declined in a day"), "cards_day"),
        row(_("Order numbers keyed in an hour · a day, nothing paid"), "numbers_hour", "numbers_day"),
        row(_("Cards asked for in an hour, none of which paid"), "captures_hour"),
        row(_("Different cards for small sums in an hour"), "small_cards_hour"),
        row(_("Calls at the same time"), "at_once"),
        Limit(_("One card: declines in a day · callers who try it"), f"{CARD_DECLINES_DAY} · {CARD_CALLERS_DAY}", ""),
    ]
