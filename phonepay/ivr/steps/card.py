"""The card: `<Pay>`, what comes of it before any charge, and another try."""

from phonepay.ivr.card_prompts import pay_reply
from phonepay.ivr.endings import Ending
from phonepay.ivr.events import CardEnded, ChargeStarted, ClaimRefused, Event, NextCard, Settled
from phonepay.ivr.replies import Wait
from phonepay.ivr.steps.confirm import UNCONFIRMED, consent_wording
from phonepay.ivr.steps.order_found import NothingDue
from phonepay.ivr.steps.outcome import Outcome
from phonepay.ivr.steps.questions import Choice, UnexpectedEvent
from phonepay.ivr.turn import Step, Turn

FIRST_PAUSE = 1  # Seconds after "One moment": with the words, most banks have answered by then.


class Card:
    """Asked only of terms that were agreed: the first `<Pay>` and the payment begin together."""

    name = "card"

    def applies(self, turn: Turn) -> bool:
        """Whatever is agreed is paid by card."""
        del turn
        return True

    def ask(self, turn: Turn) -> Step:
        """Begin the payment, or a further card of it; after the last card that a call may try, say so."""
        if turn.state.cards_used >= turn.script.cards_per_call:
            return last_card(turn, Ending.DECLINED)
        if turn.state.agreed:
            turn.effects += (NextCard(),)
        else:
            turn.agree(consent_wording(turn))
        turn.update(cards_used=turn.state.cards_used + 1)
        return turn.answer(self.name, pay_reply(turn))

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """How `<Pay>` ended."""
        if isinstance(event, ChargeStarted):
            turn.update(money="charging")
            wait = Wait((turn.words("charge.wait"),), FIRST_PAUSE, 1)
            return turn.answer("waiting", wait)
        if isinstance(event, ClaimRefused):
            return _claim_refused(turn, event)
        if isinstance(event, CardEnded):
            return self._ended(turn, event)
        if isinstance(event, Settled):
            return Waiting().hear(turn, event)
        raise UnexpectedEvent(self.name, event)

    def _ended(self, turn: Turn, event: CardEnded) -> Step:
        if event.result == "unreachable":
            return turn.hang_up(Ending.UNREACHABLE, "error.pay")
        return CardRetry().offer(turn, f"card.{event.result}")


class CardRetry(Choice):
    """Another card, the same again, or the end."""

    name = "card_retry"

    def offer(self, turn: Turn, about: str, *, last: bool = False) -> Step:
        """`about` is the reason: card.stopped, card.unread, or a decline's. `last`: no further card may be tried."""
        turn.update(about=about)
        if last or turn.state.cards_used >= turn.script.cards_per_call:
            if about.startswith("decline."):
                turn.say(about)
            return last_card(turn, _ending(about))
        return self.ask(turn)

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """After a decline the reason, then what to do; the other prompts hold both."""
        about = turn.state.about
        if not about.startswith("decline."):
            return (about,)
        return (about, "decline.same_card" if about in _SAME_CARD else "decline.other_card")

    def chosen(self, turn: Turn, key: str) -> Step | None:
        """1: a card; 2: the end."""
        return Card().ask(turn) if key == "1" else turn.hang_up(_ending(turn.state.about), "end.stopped")


class Waiting:
    """The bank was asked. The wait turns write nothing: only the result is heard here."""

    name = "waiting"

    def hear(self, turn: Turn, event: Event) -> Step | None:
        """Tell the result, with what can be done about it."""
        if not isinstance(event, Settled):
            raise UnexpectedEvent(self.name, event)
        if event.kind == "declined":
            turn.update(money="none")
            reason = _REASONS.get(event.decline_code, "decline.generic")
            return CardRetry().offer(turn, reason, last=event.last_card)
        if event.kind == "failed":
            turn.update(money="none")
            return Offer().tell(turn)
        return Outcome().tell(turn, event)


class Offer(Choice):
    """Our own fault, nothing charged: no other card would go better, but a person may help."""

    name = "offer"
    options = ""

    def tell(self, turn: Turn) -> Step:
        """The payment is over; who has no person to offer says the last words."""
        turn.give_up()
        if not turn.script.has_person:
            return turn.hang_up(Ending.FAILED, "error.before")
        return self.ask(turn)

    def prompts(self, turn: Turn) -> tuple[str, ...]:
        """What happened to the money, then 0."""
        del turn
        return ("error.offer", "person.hint")

    def silent(self, turn: Turn) -> Step:
        """No person is wanted."""
        return turn.hang_up(Ending.FAILED, "goodbye")

    def over(self, turn: Turn, ended: Ending) -> Step:
        """What there is to say was said."""
        del ended
        return self.silent(turn)


def last_card(turn: Turn, ended: Ending) -> Step:
    """No more cards in this call: a person, else where help is."""
    turn.say("decline.last")
    if turn.script.has_person:
        return turn.dial()
    help_first = ("end.help",) if turn.script.shop_phone else ()
    return turn.hang_up(ended, *help_first, "goodbye")


def _claim_refused(turn: Turn, refused: ClaimRefused) -> Step | None:
    turn.give_up()
    if refused.number:
        turn.update(order_number=refused.number)
    if refused.reason == "late" or (refused.reason == "changed" and turn.state.order_number):
        turn.say("order.changed" if refused.reason == "changed" else "card.late")
        turn.update(
            amount=refused.amount or turn.state.amount,
            currency=refused.currency or turn.state.currency,
            order_known=_known(turn, refused),
            **UNCONFIRMED,
        )
        return None if turn.state.cards_used < turn.script.cards_per_call else last_card(turn, Ending.STOPPED)
    if not turn.state.order_number:
        # Without order numbers nothing can be taken by another call, but this phone's own payment may be in doubt.
        checking = refused.reason == "checking"
        return turn.hang_up(
            *((Ending.ORDER_CHECKING, "repeat.checking") if checking else (Ending.FAILED, "error.before"))
        )
    if refused.reason == "cancelled":
        return NothingDue().told(turn, "cancelled")
    return turn.hang_up(*_TAKEN[refused.reason])


def _known(turn: Turn, refused: ClaimRefused) -> bool:
    # A number that was new has an amount of its own now: somebody put it on the list meanwhile.
    return turn.state.order_known or refused.reason == "changed"


def _ending(about: str) -> Ending:
    return {"card.stopped": Ending.STOPPED, "card.unread": Ending.UNREAD}.get(about, Ending.DECLINED)


_TAKEN = {
    "just_paid": (Ending.JUST_PAID, "order.just_paid"),
    "busy": (Ending.ORDER_BUSY, "order.busy"),
    "checking": (Ending.ORDER_CHECKING, "order.checking"),
}

# Stripe's decline codes (docs.stripe.com/declines/codes) and the words for them. All others are generic, and so are
# lost, stolen, fraud and blocked cards: a caller who holds such a card is told no more.
_REASONS = {
    "insufficient_funds": "decline.funds",
    "card_velocity_exceeded": "decline.limit",
    "withdrawal_count_limit_exceeded": "decline.limit",
    "expired_card": "decline.expired",
    "card_not_supported": "decline.unsupported",
    "currency_not_supported": "decline.unsupported",
    "transaction_not_allowed": "decline.unsupported",
    "authentication_required": "decline.confirm",
    "incorrect_number": "decline.details",
    "invalid_expiry_month": "decline.details",
    "invalid_expiry_year": "decline.details",
    "incorrect_cvc": "decline.code",
    "invalid_cvc": "decline.code",
    "incorrect_zip": "decline.postal",
    "processing_error": "decline.later",
    "issuer_not_available": "decline.later",
    "try_again_later": "decline.later",
}
_SAME_CARD = frozenset({"decline.details", "decline.code", "decline.postal", "decline.later"})
