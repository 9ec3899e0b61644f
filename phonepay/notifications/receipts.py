"""What customers get: receipts of payments, extra charges and refunds, and the end of what was being checked."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from phonepay.calls.models import Call
from phonepay.lib.phone import format_number
from phonepay.merchant.models import Merchant
from phonepay.notifications.letters import Letter, day, moment, money
from phonepay.notifications.models import Delivery
from phonepay.payments.models import Payment, Refund


def language_of(payment: Payment) -> str:
    """Of the call in which it was agreed, as far as letters are written in it; else the line's."""
    spoken = payment.consent_locale
    if not spoken and payment.call_sid:
        state = Call.objects.filter(sid=payment.call_sid).values_list("state", flat=True).first()
        spoken = str((state or {}).get("locale", ""))
    spoken = spoken or (payment.line.locales[0] if payment.line.locales else "en")
    return "es" if spoken.startswith("es") else "en"


def compose(delivery: Delivery) -> Letter | None:
    """In the delivery's language and on the shop's clock; None where there is nothing to tell any more."""
    writes = {
        Delivery.Kind.PAYMENT: _payment,
        Delivery.Kind.OVERAGE: _overage,
        Delivery.Kind.NOT_CHARGED: _not_charged,
    }
    rows = Payment.objects.select_related("merchant", "line", "order", "parent")
    if delivery.kind == Delivery.Kind.REFUND:
        refund = Refund.objects.filter(pk=delivery.subject).first()
        payment = rows.filter(pk=refund.payment_id).first() if refund else None
    else:
        refund, payment = None, rows.filter(pk=delivery.subject).first()
    if payment is None:
        return None
    with translation.override(delivery.language or "en"), timezone.override(payment.merchant.time_zone):
        if refund is not None:
            return _refund(payment, refund) if refund.status == Refund.Status.SUCCEEDED else None
        return writes[Delivery.Kind(delivery.kind)](payment)


def _payment(payment: Payment) -> Letter | None:
    if payment.status != Payment.Status.SUCCEEDED:
        return None
    shop, sum_ = payment.merchant, money(payment.amount, payment.currency)
    paragraphs = [_("You paid by phone. Keep this receipt.")]
    if payment.overpaid:
        paragraphs.append(
            _("This order had been paid already. %(shop)s knows, and will be in touch.") % {"shop": shop.name}
        )
    if payment.consent_wording and payment.consent_until:
        paragraphs.append(
            _("On the call you agreed that %(shop)s may charge this card up to %(cap)s more until %(day)s.")
            % {
                "shop": shop.name,
                "cap": money(payment.consent_cap, payment.currency),
                "day": day(payment.consent_until),
            }
        )
    return Letter(
        shop=shop.name,
        subject=_("Receipt from %(shop)s: %(amount)s") % {"shop": shop.name, "amount": sum_},
        heading=_("Thank you for your payment"),
        figure=sum_,
        paragraphs=tuple(paragraphs),
        facts=_facts(payment),
        small=_contact(payment),
        test=not payment.livemode,
    )


def _overage(payment: Payment) -> Letter | None:
    if payment.status != Payment.Status.SUCCEEDED:
        return None
    shop, sum_ = payment.merchant, money(payment.amount, payment.currency)
    parent = payment.parent
    agreed = day(parent.agreed_at) if parent else ""
    return Letter(
        shop=shop.name,
        subject=_("%(shop)s charged your card %(amount)s") % {"shop": shop.name, "amount": sum_},
        heading=_("An extra charge to your card"),
        figure=sum_,
        paragraphs=(
            _("You allowed later charges when you paid by phone on %(day)s. This is one of them.") % {"day": agreed},
        ),
        facts=((_("For"), payment.description), *_facts(payment)),
        small=_contact(payment),
        test=not payment.livemode,
    )


def _refund(payment: Payment, refund: Refund) -> Letter:
    shop, sum_ = payment.merchant, money(refund.amount, refund.currency)
    part = refund.amount < payment.amount
    return Letter(
        shop=shop.name,
        subject=_("%(shop)s refunded %(amount)s") % {"shop": shop.name, "amount": sum_},
        heading=_("Your money is on its way back"),
        figure=sum_,
        paragraphs=(_("It goes back to the card you paid with. Banks take 5 to 10 days to show it."),),
        facts=(
            *(((_("Of"), money(payment.amount, payment.currency)),) if part else ()),
            *_facts(payment),
            (_("Refunded"), moment(refund.settled_at or refund.asked_at)),
        ),
        small=_contact(payment),
        test=not payment.livemode,
    )


def _not_charged(payment: Payment) -> Letter | None:
    if payment.status not in Payment.NOT_CHARGED:
        return None
    shop, sum_ = payment.merchant, money(payment.amount, payment.currency)
    return Letter(
        shop=shop.name,
        subject=_("Your payment to %(shop)s did not go through") % {"shop": shop.name},
        heading=_("You were not charged"),
        paragraphs=(
            _("On the phone you heard that your payment of %(amount)s is being checked.") % {"amount": sum_},
            _("It did not go through, and nothing was taken from your card. To pay, call again."),
        ),
        facts=_facts(payment),
        small=_contact(payment),
        test=not payment.livemode,
    )


def _facts(payment: Payment) -> tuple[tuple[str, str], ...]:
    order = payment.order
    number = order.number if order is not None and order.number != payment.confirmation else payment.number
    card = f"{BRANDS.get(payment.card_brand, payment.card_brand.title())} ·{payment.card_last4}"
    paid = payment.status == Payment.Status.SUCCEEDED
    told = (
        (_("Order"), number),
        (_("Card"), card if payment.card_last4 else ""),
        (_("Paid") if paid else _("Called"), moment(payment.agreed_at)),
        (_("Confirmation number"), _in_threes(payment.confirmation or "") if paid else ""),
    )
    return tuple((name, value) for name, value in told if value)


BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover", "jcb": "JCB"}


def _in_threes(confirmation: str) -> str:
    return f"{confirmation[:3]} {confirmation[3:]}".strip()


def _contact(payment: Payment) -> tuple[str, ...]:
    shop: Merchant = payment.merchant
    number = shop.shop_phone or payment.line.phone_number
    about = {"shop": shop.name, "number": format_number(number, shop.region) if number else ""}
    ask = _("Questions? Call %(shop)s at %(number)s.") if number else _("Questions? Ask %(shop)s.")
    return (ask % about, _("This letter was sent by a machine; answers to it are read by nobody."))
