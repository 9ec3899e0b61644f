"""The first call by the owner's own phone: watched while it goes, to the first card charged and refunded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.alerts.pay_errors import pay_error
from phonepay.calls.models import Call
from phonepay.calls.told import PAID
from phonepay.events.actors import Actor
from phonepay.lib.money import format_amount
from phonepay.payments.gateway import GatewayError
from phonepay.payments.models import Payment, Refund
from phonepay.payments.refunds import RefundRefused, refund
from phonepay.setup.models import SetUp
from phonepay.setup.refusals import StepRefused
from phonepay.setup.steps import facts_of, step_done

TEST, LIVE = "test-call", "live-call"  # beside the seven steps

DONE, NOW, TO_COME = "done", "now", "to come"


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing that must happen. `told` is what is known of it."""

    word: str | Promise
    state: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """The newest call since the watch began. `trouble` says why it will not come to its end, "" while it may."""

    stages: Sequence[Stage]
    call: Call | None
    payment: Payment | None
    trouble: str = ""

    @property
    def paid(self) -> bool:
        return self.payment is not None and self.payment.status == Payment.Status.SUCCEEDED

    @property
    def refunded(self) -> bool:
        return self.paid and self.payment is not None and self.payment.refunded >= self.payment.amount

    @property
    def over(self) -> bool:
        """Nothing more will happen by itself: only the refund is asked for. After a call without it, another comes."""
        heard = self.call is not None and (self.call.told == PAID or self.call.ended_at is not None)
        return self.refunded or (self.paid and heard)


def begin_watch(which: str, *, now: datetime, anew: bool = False) -> datetime:
    """From when on calls count; a watch that was begun goes on, unless `anew`."""
    since = facts_of(which).get("since")
    if since and not anew:
        return datetime.fromisoformat(since)
    SetUp.objects.get_or_create(pk=1, defaults={"begun_at": now, "done_at": now})
    step_done(which, {"since": now.isoformat()}, now=now, after_it_closed=True)
    return now


def watch(*, since: datetime, live: bool) -> Watched:
    """What has happened until now. It reads two rows, so that a page may ask every two seconds."""
    calls = Call.objects.filter(started_at__gte=since, livemode=live).select_related("payment", "line__merchant")
    call = calls.order_by("-started_at").first()
    payment = call.payment if call else None
    return Watched(_stages(call, payment), call, payment, _trouble(call, payment))


def refund_first(*, payment: Payment, by: Actor, now: datetime) -> list[Refund]:
    """Give all of it back; a second press does nothing more. Raises StepRefused, NotAllowed."""
    try:
        return refund(
            of=payment,
            amount=None,
            reason="requested_by_customer",
            key=f"first-call-{payment.pk.hex}",
            by=by,
            now=now,
        )
    except (RefundRefused, GatewayError) as refused:
        raise StepRefused({"refund": str(refused)}) from refused


_WORDS = (
    gettext_lazy("The call comes in"),
    gettext_lazy("You agree to an amount"),
    gettext_lazy("You key the card"),
    gettext_lazy("The card is charged"),
    gettext_lazy("You hear that you have paid"),
    gettext_lazy("It is refunded"),
)


def _stages(call: Call | None, payment: Payment | None) -> list[Stage]:
    keyed = payment is not None and payment.charging_at is not None
    paid = payment is not None and payment.status == Payment.Status.SUCCEEDED
    came = [call is not None, payment is not None, keyed, paid, call is not None and call.told == PAID]
    came.append(bool(paid and payment and payment.refunded >= payment.amount))
    told = _told(call, payment)
    here = next((place for place, there in enumerate(came) if not there), len(came))
    return [
        Stage(word, DONE if there else NOW if place == here else TO_COME, text if there else "")
        for place, (word, there, text) in enumerate(zip(_WORDS, came, told, strict=True))
    ]


def _told(call: Call | None, payment: Payment | None) -> list[str]:
    amount = format_amount(payment.amount, payment.currency) if payment else ""
    number = _("for order %(number)s") % {"number": payment.number} if payment and payment.number else ""
    card = f"{payment.card_brand.title()} ·{payment.card_last4}" if payment and payment.card_last4 else ""
    arrived = _("Twilio's request came in and was signed: the address is proven.") if call else ""
    confirmation = payment.confirmation if payment else None
    said = _("Confirmation number %(number)s.") % {"number": confirmation} if confirmation else ""
    return [arrived, f"{amount} {number}".strip(), card, amount, said, amount]


def _pay_error(call: Call) -> str:
    """Twilio's code of a card that it could not take; "" where the last one was taken."""
    if call.told == PAID:
        return ""
    codes = [(turn.get("asked") or {}).get("PayErrorCode", "") for turn in call.turns]
    return next((str(code) for code in reversed(codes) if code), "")


def _trouble(call: Call | None, payment: Payment | None) -> str:
    """Why this call will not end with a payment; what a person should look at."""
    if call is None:
        return ""
    if payment is not None and payment.status == Payment.Status.DECLINED:
        return _("The card was declined (%(why)s). Key 4242 4242 4242 4242, or call again.") % {
            "why": payment.decline_code.replace("_", " ")
        }
    if payment is not None and payment.status == Payment.Status.FAILED:
        return _("Stripe refused it: %(why)s If it says that there is no such payment method, the connector is of "
                 "another account or mode than the key.") % {"why": payment.failure or payment.error}  # fmt: skip
    if payment is not None and payment.status == Payment.Status.UNKNOWN:
        return _("Stripe has not answered; we are checking. Do not pay again.")
    if code := _pay_error(call):
        error = pay_error(code)
        told = {"name": error.name, "code": code, "mend": error.mend}
        return _("Twilio says: %(name)s (error %(code)s). %(mend)s") % told
    if call.ended_at is not None and (payment is None or payment.status != Payment.Status.SUCCEEDED):
        return _("The call ended before the payment. Call again when you like: the newest call is watched.")
    return ""
