"""All that happened to the money of a payment or an order, oldest first: sentences, who did it, when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.notifications.models import Delivery
from phonepay.payments.models import CardAttempt, Payment, Refund
from phonepay.web.panel import formats
from phonepay.web.panel.money import notes
from phonepay.web.panel.money.figures import Money
from phonepay.web.panel.money.reasons import decline, refund_failure
from phonepay.web.panel.money.refunding import REASONS
from phonepay.web.panel.states import ATTEMPT


@dataclass(frozen=True, slots=True)
class Happened:
    """`color` is of the states; "" for what changed no money. `note` is what somebody wrote."""

    at: datetime
    who: str
    what: str
    color: str = ""
    note: str = ""
    url: str = ""  # of the page that tells more


def history(money: Money, *also: Payment) -> list[Happened]:
    """Of the charges, their extra charges and refunds; `also` payments that did not go through."""
    payments = {each.pk: each for each in (*money.charges, *money.extras, *also)}
    refunds = {each.pk: each for each in money.refunds}
    found = [_agreed(each) for each in payments.values() if each.kind == Payment.Kind.INITIAL]
    found += _cards(payments.values())
    subjects = {"payment": {str(key): each for key, each in payments.items()}}
    rows = Event.objects.filter(subject_kind="payment", subject_id__in=list(subjects["payment"]))
    for event in rows:
        found += _of_payment(event, subjects["payment"][event.subject_id])
    known = {str(key): each for key, each in refunds.items()}
    for event in Event.objects.filter(subject_kind="refund", subject_id__in=list(known)) if known else ():
        found += _of_refund(event, known[event.subject_id])
    found += _letters([*subjects["payment"], *known])
    return sorted(found, key=lambda each: each.at)


def _letters(subjects: list[str]) -> list[Happened]:
    """What the customer was written; to whom, as long as that is kept."""
    words = {
        Delivery.Kind.PAYMENT: _("Receipt sent to %(email)s"),
        Delivery.Kind.OVERAGE: _("Told %(email)s of the extra charge"),
        Delivery.Kind.REFUND: _("Told %(email)s of the refund"),
        Delivery.Kind.NOT_CHARGED: _("Told %(email)s that nothing was charged"),
    }
    rows = Delivery.objects.filter(kind__in=list(words), subject__in=subjects, sent_at__isnull=False)
    return [
        Happened(row.sent_at, "Phone Pay", words[Delivery.Kind(row.kind)] % {"email": row.to or _("the customer")})
        for row in rows
        if row.sent_at is not None
    ]


def _money(amount: int, payment: Payment) -> str:
    return formats.money(amount, payment.currency, payment.merchant.region)


def _agreed(payment: Payment) -> Happened:
    who = payment.phone or _("hidden caller")
    return Happened(payment.agreed_at, who, _("Agreed to pay %(amount)s") % {"amount": _money(payment.amount, payment)})


def _cards(payments: Iterable[Payment]) -> list[Happened]:
    """Cards that did not pay."""
    tried = CardAttempt.objects.filter(payment__in=[each.pk for each in payments])
    return [
        Happened(
            each.ended_at,
            formats.card(each.card_brand, each.card_last4) or _("Card"),
            _("Declined: %(why)s") % {"why": decline(each.decline_code)}
            if each.result == CardAttempt.Result.DECLINED
            else str(ATTEMPT[CardAttempt.Result(each.result)].word),
            "red" if each.result == CardAttempt.Result.DECLINED else "gray",
        )
        for each in tried
    ]


def _of_payment(event: Event, payment: Payment) -> list[Happened]:
    amount = _money(payment.amount, payment)
    card = formats.card(payment.card_brand, payment.card_last4)
    words = {
        types.PAYMENT_SUCCEEDED: (_("Paid %(amount)s with %(card)s"), "green"),
        types.PAYMENT_OVERPAID: (_("Paid %(amount)s with %(card)s, although the order was paid already"), "amber"),
        types.PAYMENT_UNKNOWN: (_("The bank's answer did not come: being checked"), "amber"),
        types.PAYMENT_FAILED: (_("Not charged"), "gray"),
        types.PAYMENT_NOT_CHARGED: (_("Ended without a payment"), "gray"),
        types.OVERAGE_SUCCEEDED: (_("Extra charge of %(amount)s"), "green"),
        types.OVERAGE_DECLINED: (_("Extra charge of %(amount)s declined: %(why)s"), "red"),
        types.OVERAGE_FAILED: (_("Extra charge of %(amount)s not made"), "gray"),
    }
    if event.type not in words:
        return _of_bank(event, payment)
    what, color = words[event.type]
    extra = payment.kind == Payment.Kind.OVERAGE
    said = what % {"amount": amount, "card": card, "why": decline(str(event.data.get("reason", "")))}
    who = payment.by_name if extra else event.actor_name
    return [Happened(event.at, who, said, color, payment.description if extra else "")]


def _of_bank(event: Event, payment: Payment) -> list[Happened]:
    """What the card's bank did, and what became of the card."""
    amount = _money(int(event.data.get("amount", 0)), payment)
    words = {
        types.DISPUTE_OPENED: (_("%(amount)s disputed: %(why)s"), "red"),
        types.DISPUTE_GREW: (_("The bank took %(amount)s: its question became a dispute"), "red"),
        types.DISPUTE_ANSWERED: (_("The dispute was answered; the bank decides"), "red"),
        types.PAYMENT_WARNED: (_("The card's bank warned of fraud"), "amber"),
        types.WARNING_DISMISSED: (_("Set the warning of fraud aside: a customer we know"), ""),
        types.CARD_GONE: (_("The card was removed at Stripe: it cannot be charged again"), ""),
    }
    ends = {
        "won": (_("Dispute won: %(amount)s came back"), "green"),
        "lost": (_("Dispute lost: the bank gave %(amount)s back to the cardholder"), "gray"),
    }
    closed = ends.get(str(event.data.get("status", "")), (_("The bank closed the matter"), "gray"))
    told = closed if event.type == types.DISPUTE_CLOSED else words.get(event.type)
    if told is None:
        return []
    facts = {"amount": amount, "why": notes.reason(str(event.data.get("reason", "")))}
    who = event.actor_name if event.type == types.WARNING_DISMISSED else "Stripe"
    return [Happened(event.at, who, told[0] % facts, told[1])]


def _of_refund(event: Event, refund: Refund) -> list[Happened]:
    amount = _money(refund.amount, refund.payment)
    who = refund.by_name or event.actor_name
    if event.type == types.REFUND_ASKED:
        reason = REASONS.get(refund.reason, refund.reason)
        said = _("Asked to refund %(amount)s. %(reason)s.") % {"amount": amount, "reason": reason}
        return [Happened(event.at, who, said, "", refund.note)]
    if event.type == types.REFUND_SUCCEEDED:
        return [Happened(event.at, "Stripe", _("Refunded %(amount)s") % {"amount": amount}, "blue")]
    if event.type == types.REFUND_FAILED:
        said = _("The refund of %(amount)s failed: %(why)s") % {"amount": amount, "why": refund_failure(refund.failure)}
        return [Happened(event.at, "Stripe", said, "red")]
    if event.type == types.REFUND_PAID_ANOTHER_WAY:
        said = _("Paid %(amount)s back another way") % {"amount": amount}
        return [Happened(event.at, event.actor_name, said, "blue", refund.set_aside_how)]
    return []
