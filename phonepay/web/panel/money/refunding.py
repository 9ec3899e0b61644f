"""The refund, as the component does it: open the form, refund, say what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.orders.models import Order
from phonepay.payments.models import Payment, Refund
from phonepay.payments.refunds import RefundRefused
from phonepay.payments.refunds import refund as refund_verb
from phonepay.people.permissions import Person, acting
from phonepay.web.panel import formats
from phonepay.web.panel.money.actions import Actions, Addresses, at_rest
from phonepay.web.panel.money.figures import Money
from phonepay.web.panel.money.reasons import refund_failure
from phonepay.web.panel.money.refusals import refund_refusal
from phonepay.web.panel.money.typed import WrittenWrong, seen_before, typed_amount

REASONS = {
    "requested_by_customer": gettext_lazy("The customer asked"),
    "duplicate": gettext_lazy("Paid twice"),
    "wrong_amount": gettext_lazy("Wrong amount"),
    "fraudulent": gettext_lazy("Fraud"),
}
FIRST_REASON = "requested_by_customer"

Reader = Callable[[], Money]


def refund_step(request: HttpRequest, read: Reader, *, addresses: Addresses, now: datetime) -> Actions:
    """One step of a refund. GET opens the form; POST refunds, and says what came of it or why not.

    `read` loads the money of the page: once before the verb and once after it.
    """
    by = acting(request.user, "refund")
    money = read()
    if request.method != "POST":
        return at_rest(money, request, addresses=addresses, now=now, open="refund")
    typed = {name: request.POST.get(name, "") for name in ("share", "amount", "reason", "note", "state")}
    try:
        asked, amount = _refund(money, typed, by, now)
    except (RefundRefused, WrittenWrong) as refused:
        sentence = str(refused) if isinstance(refused, WrittenWrong) else refund_refusal(refused, money.shown)
        fresh = read()
        opened = "refund" if fresh.refundable else ""
        return at_rest(fresh, request, addresses=addresses, now=now, open=opened, typed=typed, refusal=sentence)
    fresh = read()
    if sum(each.amount for each in asked) != amount or asked[0].by_name != by.name:
        sentence = _somebody_else(asked, fresh)
        opened = "refund" if fresh.refundable else ""
        return at_rest(fresh, request, addresses=addresses, now=now, open=opened, typed=typed, refusal=sentence)
    said, tone = _outcome(asked, fresh)
    return at_rest(fresh, request, addresses=addresses, now=now, said=said, tone=tone)


def _refund(money: Money, typed: dict[str, str], by: Person, now: datetime) -> tuple[list[Refund], int]:
    of: Order | Payment = money.of
    if money.disputed:
        raise WrittenWrong(_("Disputed: the bank decides now."))
    key = f"panel-{type(of).__name__.lower()}-{of.pk}-{seen_before(typed['state'])}"
    earlier = [each for each in money.refunds if each.request_key == key]
    if typed["share"] == "part":
        amount = typed_amount(typed["amount"], money.currency)
        if amount == 0:
            raise WrittenWrong(_("Type more than nothing."))
    else:
        # All of it is what was left when the form was shown: an earlier press of the same button took just that.
        amount = sum(each.amount for each in earlier) or money.refundable
    if not earlier and 0 < money.refundable < amount:
        raise WrittenWrong(_too_much(money))
    return refund_verb(
        of=of,
        amount=amount or None,
        reason=typed["reason"] or FIRST_REASON,
        note=typed["note"],
        key=key,
        by=by,
        now=now,
    ), amount


def _too_much(money: Money) -> str:
    region = money.of.merchant.region
    left = formats.money(money.refundable, money.currency, region)
    latest = next((each for each in money.refunds if each.status != Refund.Status.FAILED), None)
    if latest is None:
        return _("Only %(left)s can be refunded.") % {"left": left}
    return _("Only %(left)s is left: %(who)s refunded %(amount)s, %(when)s.") % _facts(latest, left, region)


def _somebody_else(asked: list[Refund], money: Money) -> str:
    region = money.of.merchant.region
    left = formats.money(money.refundable, money.currency, region)
    return _(
        "%(who)s refunded %(amount)s, %(when)s, while this page was open. %(left)s is left; nothing more was refunded."
    ) % _facts(asked[0], left, region)


def _facts(latest: Refund, left: str, region: str) -> dict[str, str]:
    return {
        "left": left,
        "who": latest.by_name or _("somebody"),
        "amount": formats.money(latest.amount, latest.currency, region),
        "when": formats.moment_within(latest.asked_at),
    }


def _outcome(asked: list[Refund], money: Money) -> tuple[str, str]:
    """What to say after it, and in which color."""
    statuses = {each.status for each in asked}
    shown = formats.money(sum(each.amount for each in asked), money.currency, money.of.merchant.region)
    if Refund.Status.FAILED in statuses:
        why = next(each.failure for each in asked if each.status == Refund.Status.FAILED)
        return _("The refund of %(amount)s failed: %(why)s") % {"amount": shown, "why": refund_failure(why)}, "red"
    if statuses & set(Refund.IN_FLIGHT):
        return _("Stripe has not answered; we are checking. Do not refund again."), "amber"
    if Refund.Status.WAITING in statuses:
        return _("Waiting: your Stripe balance is too low. It goes out by itself."), "amber"
    return _("Refunded %(amount)s. They will see it in 5 to 10 days.") % {"amount": shown}, "green"
