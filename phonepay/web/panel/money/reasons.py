"""Why a card was declined, a refund failed or a payment was not charged: codes and short names, in people's words."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from phonepay.payments.turned_away import TURNED_AWAY

_STATUS = re.compile(r"\d{3} \w*: ")  # before what Stripe said


def decline(code: str) -> str:
    """What the bank said, of Stripe's decline codes (docs.stripe.com/declines/codes), inside a sentence."""
    if code.startswith("invalid_expiry"):
        return _("the expiration date is wrong")
    if code.startswith("revocation"):
        code = "stop_payment_order"
    words = {
        "insufficient_funds": _("not enough money"),
        "lost_card": _("the card was reported lost"),
        "stolen_card": _("the card was reported stolen"),
        "pickup_card": _("the card was reported lost or stolen"),
        "expired_card": _("the card has expired"),
        "incorrect_cvc": _("the security code is wrong"),
        "invalid_cvc": _("the security code is wrong"),
        "incorrect_number": _("the card number is wrong"),
        "invalid_number": _("the card number is wrong"),
        "incorrect_zip": _("the postal code is wrong"),
        "invalid_account": _("no account of that bank stands behind the card"),
        "authentication_required": _("the bank wants the cardholder to confirm"),
        "call_issuer": _("the cardholder has to ask the bank why"),
        "card_velocity_exceeded": _("the card's limit is reached"),
        "withdrawal_count_limit_exceeded": _("the card's limit is reached"),
        "duplicate_transaction": _("the same amount was charged to this card a moment ago"),
        "fraudulent": _("the bank suspects fraud"),
        "security_violation": _("the bank suspects fraud"),
        "merchant_blacklist": _("the card is blocked in your Stripe account"),
        "card_not_supported": _("the card cannot be used for this"),
        "not_permitted": _("the card cannot be used for this"),
        "restricted_card": _("the card cannot be used for this"),
        "service_not_allowed": _("the card cannot be used for this"),
        "transaction_not_allowed": _("the card cannot be used for this"),
        "currency_not_supported": _("the card cannot pay in this currency"),
        "stop_payment_order": _("the cardholder told the bank to stop such payments"),
        "issuer_not_available": _("the bank could not be reached"),
        "processing_error": _("something broke at the bank"),
        "reenter_transaction": _("something broke at the bank"),
        "try_again_later": _("something broke at the bank"),
        TURNED_AWAY: _("this card was tried so often that its bank is asked no more"),
        "testmode_decline": _("it is a test card, and the key is live"),
    }
    return words.get(code) or _("no reason given")


def refund_failure(why: str) -> str:
    """Stripe's reasons (docs.stripe.com/refunds) inside a sentence; a sentence that was kept, as it is."""
    words = {
        "lost_or_stolen_card": _("the card was lost or stolen"),
        "expired_or_canceled_card": _("the card is closed"),
        "charge_for_pending_refund_disputed": _("the payment was disputed meanwhile"),
        "insufficient_funds": _("your Stripe balance is too low"),
        "declined": _("the bank declined it"),
        "merchant_request": _("it was stopped at your request"),
        "unknown": _("no reason given"),
        "": _("no reason given"),
    }
    return words.get(why) or _(why)


def not_charged(why: str) -> str:
    """Why a payment ended without a charge, as its row has it; Stripe's own words as they are."""
    words = {
        "late": _("The card came too long after the agreement."),
        "busy": _("The order was being paid in another call."),
        "checking": _("An earlier payment of the order was still being checked."),
        "cancelled": _("The order had been cancelled."),
        "changed": _("The order had been changed."),
        "just_paid": _("The order had been paid already."),
        "cancelled at Stripe": _("It was cancelled at Stripe."),
        "no PaymentIntent was made": _("Nothing was begun at Stripe."),
    }
    return words.get(why) or _STATUS.sub("", why)
