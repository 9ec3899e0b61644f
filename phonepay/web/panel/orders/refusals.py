"""Why an order was left as it is, for the reader, and at which field."""

from __future__ import annotations

from django.utils.translation import gettext as _

from phonepay.lib.refusal import Refusal
from phonepay.merchant.models import Merchant
from phonepay.orders.models import Order
from phonepay.web.panel import formats
from phonepay.web.panel.money.refusals import amount_refusal, said
from phonepay.web.panel.states import ORDER

_OF_NUMBER = (
    "no_number", "number_too_long", "number_is_card", "no_keys", "too_many_keys", "keyed_like_card", "no_key_for",
    "exists", "alike", "not_found", "caller", "somebody", "not_from_call", "itself",
)  # fmt: skip
_OF_AMOUNT = ("too_little", "too_much", "step", "amount")


def order_refusal(refused: Refusal, shop: Merchant, currency: str) -> str:
    """The sentence: what, why, what now."""

    def money(amount: int) -> str:
        return formats.money(amount, str(refused.facts.get("currency") or currency).lower(), shop.region)

    if refused.reason == "status":
        state = ORDER[Order.Status(str(refused.facts["status"]))]
        words = _("Order %(number)s is: %(state)s. It was left as it is.")
        return words % {"number": refused.facts["number"], "state": state.word}
    return said(_words(), refused, money) or amount_refusal(refused, money)


def field_of(refused: Refusal) -> str:
    """The field of the form that it is about; "" for the form as a whole."""
    if "fact" in refused.facts:
        return str(refused.facts["fact"])
    if refused.reason in _OF_NUMBER:
        return "number"
    return "amount" if refused.reason in _OF_AMOUNT else ""


def _words() -> dict[str, str]:
    return {
        "being_paid": _(
            "A caller is paying for order %(number)s right now, so it was left as it is. "
            "Try again when that payment has ended."
        ),
        "changed": _("Somebody changed order %(number)s while you had it open. Look at it again: nothing was changed."),
        "how_paid": _("Say how it was paid, in a few words."),
        "card_number": _("This looks like a card number, so nothing was kept. Card numbers never belong here."),
        "too_long": _("That is too long: at most %(limit)s characters."),
        "phone": _("“%(given)s” is not a phone number. Type it with its area code."),
        "email": _("“%(given)s” is not an e-mail address."),
        "no_number": _("An order needs a number."),
        "number_too_long": _("An order number can have at most %(limit)s characters."),
        "number_is_card": _("This looks like a card number, so it was not kept. Use the order's own number."),
        "no_keys": _("An order number needs at least one digit or letter."),
        "too_many_keys": _("A caller would have to press %(keys)s keys for it; at most %(limit)s are possible."),
        "keyed_like_card": _("Keyed on a phone it could be taken for a card number. Choose another number."),
        "no_key_for": _(
            "An order number can have digits, the letters A to Z and dashes. “%(character)s” is on no phone key."
        ),
        "exists": _("Order %(number)s exists already: %(amount)s."),
        "alike": _(
            "Order %(other_number)s exists already and is keyed on a phone just like %(number)s: "
            "callers could pay the wrong one."
        ),
        "caller": _("A caller is paying for %(number)s right now. Look again in a minute."),
        "somebody": _("Somebody else added or changed it just now. Look again."),
        "not_from_call": _("Only an order that a caller made can be changed this way."),
        "not_found": _("There is no order %(number)s."),
        "itself": _("This is the same order."),
        "other_currency": _("Order %(number)s is in %(currency)s, and this was paid in another currency."),
        "under_way": _("A refund or an extra charge is under way here. Wait until it has ended."),
        "too_many": _("At most %(limit)s orders at once. Nothing was changed."),
    }
