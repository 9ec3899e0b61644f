"""Why money cannot be moved, for the reader: the rooms say it in English, with a short name and its facts."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from phonepay.lib.refusal import Refusal


def charge_refusal(refused: Refusal, money: Callable[[int], str]) -> str:
    """An extra charge that cannot be made. `money` writes minor units of its currency for the reader."""
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
        "stripe": _("Stripe did not accept the key (%(why)s). Nothing was charged."),
        "other_account": _("This was paid on another Stripe account. Set the key of that account first."),
        "in_flight": _("Another extra charge for this order is under way. Nothing was charged."),
        "disputed": _("A payment of this order was disputed, so its card is not charged again."),
        "warned": _("The card's bank warned of fraud, so this card is not charged again."),
        "cap": _("Only %(left)s is left of what the caller agreed to. Nothing was charged."),
        "used_up": _("The %(cap)s that the caller agreed to is used up."),
        "card_number": _("This looks like a card number, so nothing was kept and nothing was charged."),
        "too_long": _("What it is for is too long: at most %(limit)s characters."),
        "what_for": _("Say what it is for: the customer reads it."),
    }
    return said(words, refused, money) or amount_refusal(refused, money)


def amount_refusal(refused: Refusal, money: Callable[[int], str]) -> str:
    """An amount that Stripe would not take."""
    words = {
        "too_little": _("That is too little for a card: the least is %(least)s."),
        "too_much": _("That is too much for one card payment: the most is %(most)s."),
        "step": _("This currency is charged in whole amounts only."),
    }
    if refused.reason == "step" and refused.facts.get("decimals"):
        return _("In this currency the last decimal must be 0.")
    return said(words, refused, money) or str(refused)


def refund_refusal(refused: Refusal, money: Callable[[int], str]) -> str:
    """A refund that was not sent. `money` writes minor units of its currency for the reader."""
    words = {
        "unpaid": _("Nothing was paid by phone here, so there is nothing to refund."),
        "no_key": _("There is no Stripe key, so nothing can be refunded. Set it first."),
        "stripe": _("Stripe did not accept the key (%(why)s). Nothing was refunded."),
        "other_account": _("This was paid on another Stripe account. Set the key of that account to refund it."),
        "test_key": _("This was paid with the test key of Stripe. Set that key to refund it."),
        "live_key": _("This was paid with the live key of Stripe. Set that key to refund it."),
        "all_back": _("All of it was refunded already."),
        "disputed": _("Disputed: the bank decides now. Nothing was refunded."),
        "lost": _("The bank gave this money back to the cardholder. Nothing is left to refund."),
        "nothing": _("Type more than nothing."),
        "too_much": _("Only %(left)s can be refunded."),
        "somebody": _("Somebody else refunded this a moment ago. Look at what is left."),
        "in_flight": _(
            "Another refund of this payment is under way. Wait until it has ended, then look at what is left."
        ),
        "card_number": _("The note looks like it holds a card number, so nothing was kept and nothing was refunded."),
        "too_long": _("The note is too long: at most 500 characters. Nothing was refunded."),
        "no_reason": _("Choose why it is refunded."),
    }
    return said(words, refused, money) or str(refused)


_AMOUNTS = ("left", "cap", "least", "most", "amount")


def said(words: dict[str, str], refused: Refusal, money: Callable[[int], str]) -> str:
    """The words for its reason with its facts in them; "" where there are none."""
    facts = {
        name: money(fact) if name in _AMOUNTS and isinstance(fact, int) else fact
        for name, fact in refused.facts.items()
    }
    return words[refused.reason] % facts if refused.reason in words else ""
