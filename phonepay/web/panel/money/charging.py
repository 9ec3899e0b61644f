"""The extra charge, as the component does it: open the form, charge the kept card, say what came of it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from phonepay.payments.models import Payment
from phonepay.payments.overage import OverageRefused, charge_overage
from phonepay.people.permissions import Person, acting
from phonepay.web.panel import formats
from phonepay.web.panel.money.actions import Actions, Addresses, at_rest
from phonepay.web.panel.money.figures import Money
from phonepay.web.panel.money.reasons import decline, not_charged
from phonepay.web.panel.money.refunding import Reader
from phonepay.web.panel.money.refusals import charge_refusal
from phonepay.web.panel.money.typed import WrittenWrong, seen_before, typed_amount


def charge_step(request: HttpRequest, read: Reader, *, addresses: Addresses, now: datetime) -> Actions:
    """One step of an extra charge. GET opens the form; POST charges, and says what came of it or why not."""
    by = acting(request.user, "charge")
    money = read()
    if request.method != "POST":
        return at_rest(money, request, addresses=addresses, now=now, open="charge")
    typed = {name: request.POST.get(name, "") for name in ("amount", "what_for", "state", "tell")}
    try:
        extra, amount = _charge(money, typed, by, now)
    except (OverageRefused, WrittenWrong) as refused:
        return _again(request, read, addresses, now, typed, _sentence(refused, money))
    if extra.amount != amount or extra.description != typed["what_for"].strip():
        return _again(request, read, addresses, now, typed, _somebody_else(extra))
    said, tone = _outcome(extra, read, request, addresses, now)
    done = extra.status in (Payment.Status.SUCCEEDED, *Payment.UNDER_WAY)
    if not done:
        return _again(request, read, addresses, now, typed, said)
    return at_rest(read(), request, addresses=addresses, now=now, said=said, tone=tone)


def _charge(money: Money, typed: dict[str, str], by: Person, now: datetime) -> tuple[Payment, int]:
    amount = typed_amount(typed["amount"], money.currency)
    if not typed["what_for"].strip():
        raise WrittenWrong(_("Say what it is for: the customer reads it."))
    order = money.order
    if order is None:
        raise OverageRefused("unpaid", "There is no order to charge for.")
    key = f"panel-extra-{order.pk}-{seen_before(typed['state'])}"
    extra = charge_overage(
        order=order, amount=amount, what_for=typed["what_for"], key=key, by=by, now=now, tell=bool(typed["tell"])
    )
    return extra, amount


def _again(
    request: HttpRequest, read: Reader, addresses: Addresses, now: datetime, typed: dict[str, str], sentence: str
) -> Actions:
    actions = at_rest(read(), request, addresses=addresses, now=now, typed=typed, refusal=sentence)
    actions.open = "charge" if actions.chargeable else ""
    return actions


def _sentence(refused: OverageRefused | WrittenWrong, money: Money) -> str:
    if isinstance(refused, WrittenWrong):
        return str(refused)
    return charge_refusal(refused, money.shown)


def _somebody_else(extra: Payment) -> str:
    return _("%(who)s charged %(amount)s, %(when)s, while this page was open. Nothing more was charged.") % {
        "who": extra.by_name,
        "amount": formats.money(extra.amount, extra.currency, extra.merchant.region),
        "when": formats.moment_within(extra.agreed_at),
    }


def _outcome(
    extra: Payment, read: Reader, request: HttpRequest, addresses: Addresses, now: datetime
) -> tuple[str, str]:
    region = extra.merchant.region
    if extra.status == Payment.Status.SUCCEEDED:
        left = at_rest(read(), request, addresses=addresses, now=now).chargeable
        return _("Charged %(amount)s. %(left)s left.") % {
            "amount": formats.money(extra.amount, extra.currency, region),
            "left": formats.money(left, extra.currency, region),
        }, "green"
    if extra.status in Payment.UNDER_WAY:
        return _("Stripe has not answered; we are checking. Do not charge again."), "amber"
    if extra.status == Payment.Status.DECLINED:
        return _("The bank said no: %(why)s. Nothing was charged.") % {"why": decline(extra.decline_code)}, "red"
    return _("Nothing was charged: %(why)s") % {"why": not_charged(extra.failure)}, "red"
