"""A payment in the terminal."""

from datetime import datetime
from typing import Any

from phonepay.cli.output import moment, money, print_facts, print_table
from phonepay.cli.words import card, decline, dispute_status, kind, payment_status, refund_status, warning_status
from phonepay.events.models import Event
from phonepay.lib.phone import format_number
from phonepay.payments.dispute_models import Dispute
from phonepay.payments.models import Payment
from phonepay.payments.refunds import REASONS


def print_payment(payment: Payment, now: datetime) -> None:
    """Amount and status, the facts, the refunds, then all that happened."""
    zone = payment.merchant.time_zone
    print(f"{money(payment.amount, payment.currency)}  {payment_status(payment)}")
    print_facts([
        ("Confirmation", payment.confirmation or ""),
        ("Order", _order(payment)),
        ("Kind", kind(payment)),
        ("For", payment.description),
        ("Card", card(payment)),
        ("Customer", payment.phone and format_number(payment.phone, payment.merchant.region)),
        ("Agreed", moment(payment.agreed_at, zone, now)),
        ("Ended", moment(payment.settled_at, zone, now)),
        ("The bank said", decline(payment.decline_code) if payment.decline_code else ""),
        ("Why", payment.failure),
        ("Refunded", money(payment.refunded, payment.currency) if payment.refunded else ""),
        ("Extra charges", _agreement(payment, zone, now)),
        ("Overpaid", "yes: the order was paid another way, so this should go back" if payment.overpaid else ""),
        ("Mode", "" if payment.livemode else "test: no real money"),
        ("At Stripe", payment.charge_id or payment.intent_id or ""),
        ("Id", str(payment.pk)),
    ])  # fmt: skip
    refunds = list(payment.refunds.order_by("asked_at"))
    if refunds:
        print()
        print_table(
            ("Refund", "By", "Why", "Status", ">Amount"),
            [
                (
                    moment(refund.asked_at, zone, now),
                    refund.by_name or refund.by_kind,
                    refund.note or REASONS.get(refund.reason, refund.reason),
                    refund_status(refund),
                    money(-refund.amount, refund.currency),
                )
                for refund in refunds
            ],
        )
    _print_the_bank(payment, now)
    print()
    print_table(
        ("Happened", "What", "Who"),
        [
            (moment(event.at, zone, now), event.type, event.actor_name or event.actor_kind)
            for event in _history(payment)
        ],
    )


def _print_the_bank(payment: Payment, now: datetime) -> None:
    """Its disputes and its warnings of fraud."""
    zone = payment.merchant.time_zone
    disputes = [
        (
            moment(each.opened_at, zone, now),
            each.reason.replace("_", " "),
            dispute_status(each),
            moment(each.due_by, zone, now) if each.status in Dispute.ANSWER_WANTED else "",
            money(-each.amount, each.currency),
            str(each.stripe_id),
        )
        for each in payment.disputes.order_by("opened_at")
    ]
    if disputes:
        print()
        print_table(("Disputed", "Why", "Status", "Answer by", ">Amount", "At Stripe"), disputes)
    warnings = [
        (moment(each.warned_at, zone, now), each.fraud_type.replace("_", " "), warning_status(each))
        for each in payment.fraud_warnings.order_by("warned_at")
    ]
    if warnings:
        print()
        print_table(("The bank warned of fraud", "Kind", "Status"), warnings)


def payment_row(payment: Payment, zone: str, now: datetime) -> tuple[str, ...]:
    when = moment(payment.settled_at or payment.agreed_at, zone, now)
    order = payment.order.number if payment.order else payment.number
    customer = (payment.order.customer_name if payment.order else "") or payment.phone
    amount = money(payment.amount, payment.currency)
    status = payment_status(payment)
    return (when, order, customer, card(payment), kind(payment), status, payment.confirmation or "", amount)


def payment_json(payment: Payment, *, whole: bool = False) -> dict[str, Any]:
    """Amounts in minor units of `currency`; `whole` with its refunds and all that happened."""
    facts: dict[str, Any] = {
        "id": str(payment.pk),
        "confirmation": payment.confirmation,
        "order": payment.order.number if payment.order else None,
        "kind": payment.kind,
        "status": payment.status,
        "amount": payment.amount,
        "currency": payment.currency,
        "refunded": payment.refunded,
        "livemode": payment.livemode,
        "card_brand": payment.card_brand,
        "card_last4": payment.card_last4,
        "decline_code": payment.decline_code,
        "phone": payment.phone,
        "agreed_at": payment.agreed_at,
        "settled_at": payment.settled_at,
        "stripe_payment_intent": payment.intent_id,
        "stripe_charge": payment.charge_id,
        "consent_cap": payment.consent_cap,
        "consent_until": payment.consent_until,
        "overage_used": payment.overage_used,
    }
    if whole:
        facts["refunds"] = list(
            payment.refunds.order_by("asked_at").values(
                "id", "amount", "status", "reason", "note", "by_name", "asked_at"
            )
        )
        facts["disputes"] = list(
            payment.disputes.order_by("opened_at").values(
                "stripe_id", "amount", "currency", "status", "reason", "withdrawn", "due_by", "opened_at", "closed_at"
            )
        )
        facts["fraud_warnings"] = list(
            payment.fraud_warnings.order_by("warned_at").values(
                "stripe_id", "fraud_type", "actionable", "warned_at", "dismissed_at"
            )
        )
        facts["history"] = [{"at": e.at, "type": e.type, "by": e.actor_name, **e.data} for e in _history(payment)]
    return facts


def _history(payment: Payment) -> list[Event]:
    refunds = [str(each) for each in payment.refunds.values_list("pk", flat=True)]
    mine = Event.objects.filter(subject_kind="payment", subject_id=str(payment.pk))
    back = Event.objects.filter(subject_kind="refund", subject_id__in=refunds)
    return sorted([*mine, *back], key=lambda event: (event.at, event.pk))


def _order(payment: Payment) -> str:
    if payment.order is None:
        return payment.number
    return payment.order.number + (" (new from a call)" if payment.order.is_new_from_call else "")


def _agreement(payment: Payment, zone: str, now: datetime) -> str:
    if not payment.consent_wording:
        return ""
    used, cap = (money(each, payment.currency) for each in (payment.overage_used, payment.consent_cap))
    return f"{used} of {cap}, allowed until {moment(payment.consent_until, zone, now)}: “{payment.consent_wording}”"
