"""What a refund or an extra charge will do, and what came of it, in the words of every other screen."""

from collections.abc import Sequence
from datetime import datetime

from phonepay.cli.output import money
from phonepay.cli.refusal import Exit
from phonepay.cli.words import card, decline
from phonepay.lib.money import format_amount, parse_amount
from phonepay.orders.models import Order
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment, Refund
from phonepay.payments.overage import room_for_overage

Wish = tuple[int, str, str]  # minor units, what will happen, the question

_UNANSWERED = "Stripe has not answered; we are checking. Do not {again} again."


def refund_wish(of: Order | Payment, written: str | None, *, key: str | None) -> tuple[int | None, str, str]:
    """The amount in minor units (None: all that is left), what will happen, the question; "" where nothing can."""
    amount = None if written is None else parse_amount(written, of.currency)
    earlier = Refund.objects.filter(merchant=of.merchant, request_key=key) if key else Refund.objects.none()
    if asked := sum(refund.amount for refund in earlier):
        return amount, f"This was asked for before: {money(asked, of.currency)}.", "Look it up"
    charges = _charges(of)
    left = sum(payment.refundable for payment in charges)
    if not left:
        return 0, "", ""  # the room of payments says why: nothing was paid here, or all of it went back
    shown = money(left if amount is None else amount, of.currency)
    cards = " and ".join(dict.fromkeys(card(payment) for payment in charges if card(payment))) or "the card"
    whole = amount is None and left < sum(payment.amount for payment in charges)
    what = f"What is left, {shown}" if whole else shown
    sentence = f"{what}, back to {cards} in 5 to 10 days. Stripe keeps its fee. This cannot be undone."
    return amount, sentence, f"Refund {shown}"


def _charges(of: Order | Payment) -> list[Payment]:
    if isinstance(of, Payment):
        return [of]
    rows = of.payments.filter(status=Payment.Status.SUCCEEDED, livemode=key_is_live())
    return list(rows.order_by("-settled_at"))


def refund_result(refunds: Sequence[Refund]) -> int:
    """Print what came of each charge's refund; the exit code of the worst."""
    return max(_refund_result(refund) for refund in refunds)


def _refund_result(refund: Refund) -> Exit:
    shown = money(refund.amount, refund.currency)
    if refund.status == Refund.Status.SUCCEEDED:
        print(f"Refunded {shown}. They will see it in 5 to 10 days.")
    elif refund.status == Refund.Status.PENDING:
        print(f"Refund of {shown} is on its way: Stripe has taken it on.")
    elif refund.status == Refund.Status.WAITING:
        print(f"Refund of {shown} is waiting: your Stripe balance is too low. It goes out by itself.")
    elif refund.status == Refund.Status.FAILED:
        print(f"Refund of {shown} failed: {refund.failure or 'Stripe would not do it'}. Nothing went back.")
        return Exit.REFUSED
    else:
        print(_UNANSWERED.format(again="refund"))
        return Exit.NOT_KNOWN_YET
    return Exit.DONE


def overage_wish(order: Order, written: str, *, key: str | None, now: datetime) -> Wish:
    """Raises OverageRefused where nothing can be charged; a request made before under this key is only looked up."""
    amount = parse_amount(written, order.currency)
    shown = money(amount, order.currency)
    earlier = Payment.objects.filter(merchant=order.merchant, request_key=key).first() if key else None
    if earlier is not None:
        return amount, f"This was asked for before: {money(earlier.amount, earlier.currency)}.", "Look it up"
    payment, room = room_for_overage(order=order, now=now)
    left = format_amount(room, payment.currency)
    sentence = (
        f"Charges {card(payment) or 'the card'} now, without the customer on the phone. "
        f"Up to {left} more was agreed on the call."
    )
    return amount, sentence, f"Charge {shown}"


def overage_result(extra: Payment) -> int:
    """Print what came of it; the exit code."""
    shown = money(extra.amount, extra.currency)
    if extra.status == Payment.Status.SUCCEEDED:
        parent = Payment.objects.get(overages=extra)
        left = money(parent.consent_cap - parent.overage_used, extra.currency)
        print(f"Charged {shown}. {left} left.")
        return Exit.DONE
    if extra.status == Payment.Status.DECLINED:
        print(f"Nothing was charged. The bank said no: {decline(extra.decline_code)}.")
        return Exit.REFUSED
    if extra.status in Payment.NOT_CHARGED:
        print(f"Nothing was charged: {extra.failure or 'it was given up'}.")
        return Exit.REFUSED
    print(_UNANSWERED.format(again="charge"))
    return Exit.NOT_KNOWN_YET
