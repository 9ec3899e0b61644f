"""Settings, Amounts and cards: what callers can pay and how, with which cards, how patiently, and who helps."""

from __future__ import annotations

from typing import Any

from babel.numbers import get_currency_name
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from phonepay.events.actors import Actor
from phonepay.lib import money
from phonepay.lib.speech.lists import CARD_NAMES
from phonepay.lib.speech.units import spoken_currencies
from phonepay.merchant.models import Line
from phonepay.orders.checks import OrderRefused
from phonepay.orders.prefix import set_order_prefix
from phonepay.people.permissions import may
from phonepay.web.panel import formats
from phonepay.web.panel.orders.refusals import order_refusal
from phonepay.web.panel.settings.chosen import chosen_line
from phonepay.web.panel.settings.fields import (
    Amount,
    Choices,
    Field,
    Many,
    Number,
    OfTheShop,
    Phone,
    Radio,
    Select,
    YesNo,
)
from phonepay.web.panel.settings.opening_hours import OpeningHours, day_names
from phonepay.web.panel.settings.sections import Section, sections_page

_SECONDS = _("seconds")


def currencies() -> Choices:
    """Those that the voice can say, by their names."""
    locale = formats.reader_locale().replace("-", "_")
    named = [
        (code, f"{get_currency_name(code.upper(), locale=locale)} ({code.upper()})") for code in spoken_currencies()
    ]
    return sorted(named, key=lambda each: each[1].casefold())


def _cards() -> Choices:
    return list(CARD_NAMES.items())


def _save_prefix(line: Line, changes: dict[str, Any], by: Actor) -> dict[str, str]:
    """All orders are keyed anew with it, or none."""
    try:
        set_order_prefix(merchant=line.merchant, prefix=changes["order_prefix"], by=by, now=timezone.now())
    except OrderRefused as refused:
        return {"order_prefix": _prefix_refusal(refused, line)}
    return {}


def _prefix_refusal(refused: OrderRefused, line: Line) -> str:
    if refused.reason != "prefix_alike":
        return order_refusal(refused, line.merchant, line.currency)
    words = gettext("With this, %(one)s and %(other)s would be keyed alike, so callers could pay the wrong one.")
    return words % refused.facts


SECTIONS = (
    Section(
        "amounts",
        _("Amounts"),
        _("What a caller can pay. An order on your list always has its own amount."),
        (
            Select(
                name="currency",
                label=_("Currency"),
                choices=currencies,
                help=_("With another currency, look at each amount below: it is read in the new one."),
            ),
            Amount(
                name="fixed_amount",
                label=_("Fixed amount"),
                help=_("Used by the two behaviors that have one."),
            ),
            Amount(name="floor", label=_("Smallest amount")),
            Amount(name="ceiling", label=_("Largest amount"), help=_("A caller who keys more is asked again.")),
            Amount(
                name="usual_amount",
                label=_("What is usually paid, if there is such a thing"),
                help=_("Ten times as much, keyed without a star, is read back once more."),
            ),
        ),
        together="currency",
    ),
    Section(
        "keying",
        _("How callers key"),
        "",
        (
            Radio(
                name="amounts_keyed",
                label=_("An amount of 42.50"),
                choices=lambda: [
                    (Line.AmountsKeyed.STAR, _("4 2 * 5 0 #, with the star as the point")),
                    (Line.AmountsKeyed.MINOR, _("4 2 5 0 #, without a point")),
                ],
            ),
            YesNo(
                name="accepts_unknown_orders",
                label=_("Numbers that are not on your list can be paid"),
                help=_("A new order is made from the call. Otherwise such numbers are refused."),
            ),
        ),
    ),
    Section(
        "numbers",
        _("Order numbers"),
        _("If all of your numbers begin alike, callers need not key the beginning: INV- of INV-0042, for example."),
        (OfTheShop(name="order_prefix", label=_("They begin with"), most=8, help=_("Leave it empty for nothing.")),),
        save=_save_prefix,
    ),
    Section(
        "cards",
        _("Cards"),
        _("Callers are told which cards you take before they key one."),
        (
            Many(name="cards", label=_("Cards that are taken"), choices=_cards),
            YesNo(
                name="asks_postal_code",
                label=_("Ask for the postal code"),
                help=_("Five digits. Banks compare it; it is not asked where postal codes have letters."),
            ),
            YesNo(
                name="says_statement",
                label=_("Say what the card statement will show"),
                help=_("Fewer people dispute what they recognize."),
            ),
            Field(
                name="statement_prefix",
                label=_("Name on the statement"),
                most=10,
                help=_("The shortened descriptor of your Stripe account."),
            ),
            YesNo(
                name="moto",
                label=_("Mark charges as telephone orders (MOTO)"),
                help=_("Only if Stripe has allowed it to your account: otherwise Stripe refuses every charge."),
            ),
            Field(
                name="connector",
                label=_("Pay connector at Twilio"),
                most=64,
                help=_("Its unique name in Twilio's console. “Default” unless you named it."),
            ),
        ),
    ),
    Section(
        "later",
        _("Later charges"),
        _("With the caller's consent, the same card can be charged again without another call."),
        (
            Radio(
                name="overage",
                label=_("Ask callers for it"),
                choices=lambda: [
                    (Line.Overage.OFF, _("No. Cards are not kept")),
                    (Line.Overage.ASK, _("Ask. They can pay either way")),
                    (Line.Overage.CONDITION, _("Say that paying includes it")),
                ],
            ),
            Amount(name="overage_cap", label=_("Together at most")),
            Number(name="overage_days", label=_("For at most"), unit=_("days"), help=_("Up to 365.")),
        ),
    ),
    Section(
        "patience",
        _("Patience"),
        _("Silence and wrong keys count together. After the last try a person is rung, or the call ends."),
        (
            Number(name="tries", label=_("Tries at one question")),
            Number(name="tries_per_call", label=_("Tries in a whole call")),
            Number(
                name="unknown_tries", label=_("Unknown numbers in a call"), help=_("Where unknown numbers are refused.")
            ),
            Number(name="entry_seconds", label=_("Wait for a number or an amount"), unit=_SECONDS),
            Number(name="choice_seconds", label=_("Wait for a choice"), unit=_SECONDS),
            Number(name="field_seconds", label=_("Wait for each part of the card"), unit=_SECONDS),
        ),
    ),
    Section(
        "person",
        _("A person"),
        _("Callers who press 0, or whose tries are used up, are connected with this phone."),
        (
            Phone(name="person_number", label=_("Phone number"), help=_("Leave it empty for nobody.")),
            OpeningHours(name="person_hours", label=_("When somebody answers")),
        ),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def amounts(request: HttpRequest) -> HttpResponse:
    chosen = chosen_line(request)
    line = chosen.line
    if line is None:
        return render(request, "panel/settings/no_line.html", {"may_change": may(request.user, "change_settings")})
    least = formats.money(money.stripe_minimum(line.currency), line.currency, line.merchant.region)
    return sections_page(
        request,
        "panel/settings/amounts.html",
        route="settings-amounts",
        sections=SECTIONS,
        line=line,
        chosen=chosen,
        least=least,
        days=day_names(),
    )
