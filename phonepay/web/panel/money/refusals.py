"""Why money cannot be moved, for the reader: the rooms say it in English, with a short name where there are several."""

from __future__ import annotations

from django.utils.translation import gettext as _

# Stripe's decline codes (docs.stripe.com/declines/codes) as the shop's people understand them.


def decline(code: str) -> str:
    """What the bank said; a code that we have no words for is told as it is."""
    words = {
        "insufficient_funds": _("not enough money"),
        "lost_card": _("the card was reported lost"),
        "stolen_card": _("the card was reported stolen"),
        "expired_card": _("the card has expired"),
        "incorrect_cvc": _("the security code is wrong"),
        "incorrect_number": _("the card number is wrong"),
        "authentication_required": _("the bank wants the cardholder to confirm"),
        "generic_decline": _("no reason given"),
        "do_not_honor": _("no reason given"),
        "card_velocity_exceeded": _("the card's limit is reached"),
        "fraudulent": _("the bank suspects fraud"),
        "card_declined": _("no reason given"),
    }
    return words.get(code) or code.replace("_", " ")


def charge_refusal(reason: str, sentence: str) -> str:
    """An extra charge that cannot be made. `sentence` is the room's own, for reasons that carry a fact."""
    words = {
        "unpaid": _("This was not paid by phone, so there is no card to charge."),
        "paid_another_way": _("This order was paid another way, so there is no card to charge."),
        "other_mode": _("This was paid with the other kind of Stripe key (test or live). Set that key first."),
        "brought_over": _("This payment was brought over from another system, and no card was kept."),
        "no_consent": _("The caller did not agree to later charges."),
        "refunded": _("This was refunded in full, so its card is not charged again."),
        "expired": _("The time in which the caller allowed later charges is over."),
        "no_card": _("The card is not kept any more."),
        "no_key": _("There is no Stripe key, so nothing can be charged. Set it first."),
        "other_account": _("This was paid on another Stripe account. Set the key of that account first."),
        "in_flight": _("Another extra charge for this order is under way. Nothing was charged."),
    }
    return words.get(reason) or sentence


def refund_refusal(sentence: str) -> str:
    """A refund that was not sent. The room's sentences are constants of our own, translated here."""
    known = {
        "Nothing was paid by phone here, so there is nothing to refund.": _(
            "Nothing was paid by phone here, so there is nothing to refund."
        ),
        "There is no Stripe key, so nothing can be refunded. Set it first.": _(
            "There is no Stripe key, so nothing can be refunded. Set it first."
        ),
        "This was paid on another Stripe account. Set the key of that account to refund it.": _(
            "This was paid on another Stripe account. Set the key of that account to refund it."
        ),
        "This was paid with the test key of Stripe. Set that key to refund it.": _(
            "This was paid with the test key of Stripe. Set that key to refund it."
        ),
        "This was paid with the live key of Stripe. Set that key to refund it.": _(
            "This was paid with the live key of Stripe. Set that key to refund it."
        ),
        "All of it was refunded already.": _("All of it was refunded already."),
        "Somebody else refunded this a moment ago. Look at what is left.": _(
            "Somebody else refunded this a moment ago. Look at what is left."
        ),
        "Another refund of this payment is under way. Wait until it has ended, then look at what is left.": _(
            "Another refund of this payment is under way. Wait until it has ended, then look at what is left."
        ),
        "The note looks like it holds a card number, so nothing was kept and nothing was refunded.": _(
            "The note looks like it holds a card number, so nothing was kept and nothing was refunded."
        ),
        "The note is too long: at most 500 characters. Nothing was refunded.": _(
            "The note is too long: at most 500 characters. Nothing was refunded."
        ),
    }
    return known.get(sentence, sentence)
