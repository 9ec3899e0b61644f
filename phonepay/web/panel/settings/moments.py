"""The moments of a call, in order, and when each prompt is said: how people find the words they want to change."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Moment:
    """A part of the call. `prompts` has, by prompt key, when the words are said."""

    name: str
    title: str | Promise
    prompts: dict[str, str | Promise]


_NOTHING_KEYED = _("Nothing was keyed in time")
_LOOKS_WRONG = _("What was keyed does not look right")
_UNANSWERED = _("Nobody answered the transfer, and nothing was paid")

MOMENTS = (
    Moment("opening", _("Opening"), {
        "lang.ask": _("The first words where two languages are offered, each in its own voice"),
        "test.notice": _("Before the greeting, always, while test keys are in use"),
        "welcome": _("The greeting: the first words of each call"),
        "person.hint": _("After the greeting, in the hours in which a person answers"),
    }),
    Moment("order", _("Order number"), {
        "order.ask": _("The question for the number"),
        "order.letters": _("After that question, if unpaid orders have letters or dashes"),
        "order.confirm": _("An unpaid order was found: its number and amount are confirmed together"),
        "order.confirm.new": _("The number is not on your list, and the amount is fixed"),
        "order.new": _("The number is not on your list, and the caller keys the amount next"),
        "order.refused": _("The number is not on your list, and such numbers are refused"),
        "order.refused.long": _("The same with a long number, which is not said back"),
        "order.refused.last": _("The last number that was not found: the call ends"),
        "order.unclear": _("A star, or too many keys, in place of a number"),
        "fact.postal": _("After every order number, on a line that asks for the postal code"),
        "fact.phone": _("After every order number, on a line that asks for the end of the phone number"),
        "fact.wrong": _("There is no such order, or the second fact is another: both are asked for again"),
        "fact.last": _("Number and second fact did not fit three times: the call ends"),
        "order.paid": _("The order was paid already"),
        "order.refunded": _("The order was paid and refunded in full"),
        "order.cancelled": _("The order was cancelled"),
        "order.busy": _("The order is being charged in another call at this moment"),
        "order.just_paid": _("Somebody else paid it while this caller keyed the card"),
        "order.changed": _("Its amount was changed while this caller keyed the card"),
        "order.checking": _("An earlier payment of it is still being checked"),
    }),
    Moment("amount", _("Amount"), {
        "fixed.confirm": _("The fixed amount, where no number is asked for"),
        "amount.ask": _("The question for the amount, with the star as the point"),
        "amount.ask.cents": _("The question for the amount, keyed in cents"),
        "amount.ask.whole": _("The question for the amount, in a currency without cents"),
        "amount.confirm": _("The keyed amount is confirmed"),
        "amount.confirm.order": _("The keyed amount and a new number are confirmed together"),
        "amount.check": _("A large amount without a star: perhaps the star was forgotten"),
        "amount.check.order": _("The same, with a new number"),
        "amount.low": _("Below the smallest amount; the question follows"),
        "amount.high": _("Above the largest amount; the question follows"),
        "amount.unclear": _("The keys are no amount; the question follows"),
        "repeat.warn": _("The same phone paid the same amount within the hour"),
        "repeat.checking": _("The same phone's earlier payment is still being checked"),
    }),
    Moment("consent", _("Later charges"), {
        "consent.ask": _("May the card be charged again? Kept word for word with the answer"),
        "consent.condition": _("Later charges as a condition of paying. Kept word for word"),
    }),
    Moment("card", _("Card"), {
        "card.intro": _("Before the first card of a call"),
        "card.intro.again": _("Before a further card"),
        "card.number": _("The question for the card number"),
        "card.number.timeout": _NOTHING_KEYED,
        "card.number.invalid": _LOOKS_WRONG,
        "card.number.type": _("A kind of card that you do not take"),
        "card.expiry": _("The question for the expiration date"),
        "card.expiry.timeout": _NOTHING_KEYED,
        "card.expiry.invalid": _LOOKS_WRONG,
        "card.code": _("The question for the security code"),
        "card.code.timeout": _NOTHING_KEYED,
        "card.code.invalid": _LOOKS_WRONG,
        "card.code.amex": _("The question for American Express's security code"),
        "card.code.amex.timeout": _NOTHING_KEYED,
        "card.code.amex.invalid": _LOOKS_WRONG,
        "card.postal": _("The question for the postal code"),
        "card.postal.timeout": _NOTHING_KEYED,
        "card.postal.invalid": _LOOKS_WRONG,
        "card.processing": _("The card is whole"),
        "card.stopped": _("The caller pressed star"),
        "card.unread": _("The card could not be read"),
        "card.late": _("The card came more than ten minutes after the agreement"),
    }),
    Moment("waiting", _("Waiting for the bank"), {
        "charge.wait": _("At once"),
        "charge.wait.5": _("After 5 seconds"),
        "charge.wait.12": _("After 12 seconds"),
    }),
    Moment("outcome", pgettext_lazy("of a call", "Result"), {
        "outcome.paid": _("It went through"),
        "outcome.statement": _("What the card statement will show, if you have it said"),
        "outcome.receipt": _("A receipt is sent"),
        "outcome.repeat": _("After the result: hear it again, or hang up"),
        "outcome.checking": _("The bank has not answered after 25 seconds"),
        "checking.order": _("After that, where order numbers are asked for"),
        "checking.reference": _("After that, where they are not"),
    }),
    Moment("decline", _("The bank said no"), {
        "decline.generic": _("No reason is told"),
        "decline.funds": _("Not enough money"),
        "decline.limit": _("The card's limit is reached"),
        "decline.expired": _("The card has expired"),
        "decline.unsupported": _("The card cannot be used for this"),
        "decline.confirm": _("The bank wants the cardholder to confirm"),
        "decline.details": _("Number or date are wrong"),
        "decline.code": _("The security code is wrong"),
        "decline.postal": _("The postal code is wrong"),
        "decline.later": _("The bank cannot be reached"),
        "decline.other_card": _("After the reason: another card, or the end"),
        "decline.same_card": _("After the reason: the card again, or the end"),
        "decline.last": _("After the reason of the last decline of a call"),
    }),
    Moment("silence", _("Silence and wrong keys"), {
        "silence.1": _("First silence; the question follows"),
        "silence.2": _("Second silence; the question follows"),
        "wrong.1": _("A key that means nothing here; the question follows"),
        "card.too_soon": _("A card number was keyed before it was asked for"),
    }),
    Moment("person", _("A person"), {
        "person.connecting": _("The caller is connected with a person"),
        "person.none": _("0 was pressed where no person answers; the question follows"),
        "person.unanswered": _UNANSWERED,
        "person.unanswered.paid": _("Nobody answered the transfer, after a payment"),
        "person.unanswered.checking": _("Nobody answered the transfer, while a payment is being checked"),
    }),
    Moment("end", _("Endings and trouble"), {
        "end.stopped": _("The caller chose to stop"),
        "end.unpaid": _("The caller said nothing to a fixed amount; goodbye follows"),
        "end.silence": _("The last silence: the call ends"),
        "end.tries": _("The last wrong entry: the call ends"),
        "end.help": _("Before a goodbye, if you gave a number for help"),
        "goodbye": _("The last word, where the words before have none"),
        "line.paused": _("Payments are paused"),
        "caller.refused": _("This caller is refused"),
        "caller.refused.help": _("The same, if you gave a number for help"),
        "caller.again": _("This caller is let in when they call again"),
        "error.pay": _("The card service cannot be reached"),
        "error.before": _("Our own failure, before any charge"),
        "error.offer": _("The same, and a person is offered"),
    }),
)  # fmt: skip

# Said where nothing of the line can be read: they stay as they are.
FIXED = frozenset({"fallback", "fallback.hosted"})

WHEN = {key: when for moment in MOMENTS for key, when in moment.prompts.items()}

# What stands in braces, for who writes own words.
PLACEHOLDERS: dict[str, str | Promise] = {
    "shop": _("your name"),
    "order_noun": _("what a number belongs to: order, invoice …"),
    "Order_noun": _("the same, as the first word of a sentence"),
    "order": _("the number, said one by one"),
    "amount": _("the amount in words"),
    "hundredth": _("the amount if the last two digits were cents"),
    "floor": _("the smallest amount"),
    "ceiling": _("the largest amount"),
    "cap": _("the most that later charges come to"),
    "days": _("for how many days they are allowed"),
    "currency": _("the currency's name"),
    "cents": _("the name of its hundredth"),
    "sample": _("an example amount"),
    "sample_keys": _("the keys for it"),
    "sample_keys_cents": _("the keys for it"),
    "cards": _("the cards that you take"),
    "confirmation": _("the confirmation number"),
    "paid_when": _("when it was paid"),
    "ago": _("how long ago"),
    "descriptor": _("what the card statement shows"),
    "where": _("where the receipt goes"),
    "shop_phone": _("your number for help"),
    "key": _("the key of this language"),
    "pound_key": _("the pound key, as it is called there"),
    "star_key": _("the star key, as it is called there"),
}
