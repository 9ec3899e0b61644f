"""Settings, Protection: what keeps this shop, its callers and their cards safe, each with where it is set."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from phonepay.ivr.script import Script
from phonepay.merchant.models import Line
from phonepay.people.membership import two_factor_is_required
from phonepay.people.permissions import acting, may
from phonepay.protection.measures import NothingToLift, lift
from phonepay.protection.models import Measure
from phonepay.web.panel import formats
from phonepay.web.panel.guarded import held_now, said_of_lift, turned_away_today
from phonepay.web.panel.settings.chosen import Chosen, chosen_line
from phonepay.web.panel.settings.guarding import SECTIONS, lacking, limits_shown
from phonepay.web.panel.settings.sections import sections_page
from phonepay.web.panel.shop import shop_or_404


@dataclass(frozen=True, slots=True)
class Guard:
    """One protection: what it is now, what it is good for, and where it is changed ("" where it cannot be)."""

    now: str
    why: str
    url: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def protection(request: HttpRequest) -> HttpResponse:
    """What is held back now, what the owner decides, what is always on."""
    chosen = chosen_line(request)
    line = chosen.line
    if line is None:
        return render(request, "panel/settings/no_line.html", {"may_change": may(request.user, "change_settings")})
    now, region = timezone.now(), line.merchant.region
    return sections_page(
        request,
        "panel/settings/protection.html",
        route="settings-protection",
        sections=SECTIONS,
        line=line,
        chosen=chosen,
        held=held_now(line.pk, line.merchant_id, now, region),
        today=turned_away_today(line, now),
        limits=limits_shown(line),
        lacking=lacking(line),
        may_lift=may(request.user, "lift_protection"),
        set=_set(line, chosen),
        always=_always(line),
    )


@require_POST
def lift_it(request: HttpRequest, identity: int) -> HttpResponse:
    """That was a real customer, or: resume."""
    by = acting(request.user, "lift_protection")
    measure = get_object_or_404(Measure, merchant=shop_or_404(request), pk=identity)
    try:
        messages.success(request, said_of_lift(lift(measure=measure, by=by, now=timezone.now())))
    except NothingToLift:
        messages.info(request, _("It was over already."))
    return redirect(f"{reverse('settings-protection')}?line={measure.line_id}")


def _set(line: Line, chosen: Chosen) -> list[Guard]:
    """What the owner decides."""
    amounts = chosen.url("settings-amounts")
    limits = {
        "floor": formats.money(line.floor, line.currency, line.merchant.region),
        "ceiling": formats.money(line.ceiling, line.currency, line.merchant.region),
    }
    tries = {"tries": line.tries, "in_call": line.tries_per_call}
    return [
        Guard(
            _("Callers can pay %(floor)s to %(ceiling)s") % limits,
            _("A slip of the finger, or a thief with a card, stops at the largest amount."),
            f"{amounts}#amounts",
        ),
        Guard(
            _("%(tries)s tries at one question, %(in_call)s in a call") % tries,
            _("Whoever guesses is connected with a person, or the call ends."),
            f"{amounts}#patience",
        ),
        _unknown_orders(line, amounts),
        _later(line, amounts),
        Guard(
            _("A second step at sign-in is required of everybody")
            if two_factor_is_required()
            else _("A second step at sign-in is everybody's own choice"),
            _("Where it is required, a stolen password alone opens nothing."),
            reverse("people"),
        ),
    ]


def _unknown_orders(line: Line, amounts: str) -> Guard:
    if line.accepts_unknown_orders:
        return Guard(
            _("Order numbers that are not on your list can be paid"),
            _("If you load every order beforehand, refuse the others: then nobody can pay for what does not exist."),
            f"{amounts}#keying",
        )
    return Guard(
        ngettext(
            "Order numbers that are not on your list are refused; after %(count)d of them the call ends",
            "Order numbers that are not on your list are refused; after %(count)d of them the call ends",
            line.unknown_tries,
        )
        % {"count": line.unknown_tries},
        _("Nobody finds out your order numbers by trying."),
        f"{amounts}#keying",
    )


def _later(line: Line, amounts: str) -> Guard:
    if line.overage == Line.Overage.OFF:
        now, why = _("Cards are not kept"), _("Callers are not asked, so nothing more can be charged to their cards.")
    else:
        now = _("Later charges: %(cap)s at most, for %(days)d days") % {
            "cap": formats.money(line.overage_cap, line.currency, line.merchant.region),
            "days": line.overage_days,
        }
        why = _("What the caller agreed to is kept, word for word. Nothing beyond it can be charged.")
    return Guard(now, why, f"{amounts}#later")


def _always(line: Line) -> list[Guard]:
    """What cannot be switched off."""
    standing = Script.__dataclass_fields__
    cards = {"cards": standing["cards_per_call"].default, "tries": standing["pay_attempts"].default}
    return [
        Guard(
            _("No card number reaches this server"),
            _("Twilio takes it, Stripe keeps it. One that is keyed too soon, or typed into any field, is not kept."),
        ),
        Guard(
            _("%(cards)s cards in a call, each keyed at most %(tries)s times") % cards,
            _("Nobody tries out a list of stolen cards in one call, or hears that a card was reported stolen."),
        ),
        Guard(
            _("One charge for one order at a time"),
            _("Two callers with the same number, or an answer that got lost, never charge it twice."),
        ),
        Guard(
            _("The same amount from the same phone within an hour is asked about"),
            _("Whoever calls again because the call was cut hears that it was paid."),
        ),
        Guard(
            _("Twilio and Stripe prove who they are"),
            _("Each of their requests is signed. Without a signature nothing is read."),
            reverse("settings-connections"),
        ),
    ]
