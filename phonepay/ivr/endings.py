"""How a call ends, for the log and the reports."""

from enum import StrEnum


class Ending(StrEnum):
    """A closed list; "" (no ending) while the call goes on.

    The outcome's own step already has its ending, PAID or CHECKING: the caller may hang up, or hear it again. Calls
    that the caller ends by hanging up elsewhere have none here: only the driver learns of it.
    """

    PAID = "paid"  # The caller heard "You have paid".
    CHECKING = "checking"  # The caller's own payment is being checked, and he was told so.
    STOPPED = "stopped"  # The caller chose to stop: 2, or silence where we said "you can hang up".
    SILENCE = "silence"  # Nothing was keyed three times over.
    TRIES = "tries"  # Too many wrong entries.
    DECLINED = "declined"  # The bank said no, and no other card was tried, or none was left to try.
    UNREAD = "unread"  # No card could be read in the `<Pay>`s of this call.
    ALREADY_PAID = "already_paid"  # The order was found paid, refunded or cancelled: nothing to pay.
    REFUSED_NUMBER = "refused_number"  # Unknown numbers, on a line that refuses them.
    ORDER_BUSY = "order_busy"  # A charge for this order was under way in another call.
    ORDER_CHECKING = "order_checking"  # An earlier payment, of this order or from this phone, is being checked.
    JUST_PAID = "just_paid"  # Somebody else paid the order while this caller keyed the card.
    PERSON = "person"  # A person took the call.
    PERSON_UNANSWERED = "person_unanswered"  # Nobody took it.
    LINE_PAUSED = "line_paused"
    CALLER_REFUSED = "caller_refused"
    UNREACHABLE = "unreachable"  # `<Pay>` failed for a technical reason.
    FAILED = "failed"  # Our own fault, before any charge.
