"""What happens to a call (events), what the flow asks of the driver (queries) and leaves to it (effects).

The driver makes an event of each request, calls `flow.advance`, answers a query with the event named beside it, carries
out the effects and sends the reply.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# ── events ──


@dataclass(frozen=True, slots=True)
class Started:
    """The call came in. `letters`: some unpaid order of this line has letters or dashes."""

    letters: bool = False


@dataclass(frozen=True, slots=True)
class LineProtected:
    """Instead of `Started`, or of a card: payments are paused on the line, this caller is refused, only to be put
    through to a person, or asked to call again in some minutes."""

    kind: Literal["paused", "again", "caller_refused", "person"]


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys, as in Twilio's Digits; "" (or "#") is silence. An entry that "#" ended has it at its end, if that is known.

    `seconds` between the sending of the previous reply and this request, on the caller's clock: a key that comes sooner
    than the question can have been heard belongs to the keys before it.
    """

    keys: str
    seconds: float


@dataclass(frozen=True, slots=True)
class OrderFound:
    """Answers FindOrder. `number` as the shop writes it, for an unknown one the keys.

    `amount` in minor units (0 if unknown) of `currency` ("": the line's own). `paid_at` and `now` are aware. What was
    paid in another way than by phone is "paid" too. `receipt_to`: where its receipt will go, or "".
    """

    status: Literal["unknown", "payable", "paid", "refunded", "cancelled", "busy", "checking"]
    number: str
    amount: int
    paid_at: datetime | None
    now: datetime
    order_id: int | None = None
    currency: str = ""
    receipt_to: Literal["", "phone", "email"] = ""


@dataclass(frozen=True, slots=True)
class RepeatFound:
    """Answers FindRepeat: a payment from the same phone, of the same amount, within the hour; "" for none."""

    kind: Literal["", "paid", "checking"]
    seconds_ago: int = 0


@dataclass(frozen=True, slots=True)
class CardEnded:
    """`<Pay>` ended without a card: by star, by its attempts (or it fell through), or for a technical reason."""

    result: Literal["stopped", "unread", "unreachable"]


@dataclass(frozen=True, slots=True)
class ChargeStarted:
    """A card came, the order is claimed, the charge is under way."""


@dataclass(frozen=True, slots=True)
class ClaimRefused:
    """A card came, but nothing was or will be charged: the order is taken, gone or has another amount, or it is late.

    `number` as the shop writes it ("" without order numbers); `amount` is the order's present amount, in minor units of
    `currency` ("": as it was).
    """

    reason: Literal["just_paid", "busy", "checking", "cancelled", "changed", "late"]
    number: str
    amount: int
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """The charge's result, or that it is not known after 25 seconds ("checking"). "failed": our own fault, not charged.

    `decline_code` is Stripe's; give "generic_decline" while the line protects itself. `confirmation` is the six digits.
    `last_card`: after a decline, no further card may be tried.
    """

    kind: Literal["paid", "declined", "checking", "failed"]
    decline_code: str
    confirmation: str
    amount: int
    last_card: bool = False


@dataclass(frozen=True, slots=True)
class PersonEnded:
    """The transfer is over. `answered`: somebody talked with the caller."""

    answered: bool


Event = (
    Started
    | LineProtected
    | Keyed
    | OrderFound
    | RepeatFound
    | CardEnded
    | ChargeStarted
    | ClaimRefused
    | Settled
    | PersonEnded
)

# ── queries ──


@dataclass(frozen=True, slots=True)
class FindOrder:
    """Which order do these keys name? Answered by OrderFound.

    With a `fact` ("postal" or "phone") only an order whose fact is keyed so (`keyed`) is found, any other is "unknown";
    `passes_without`: an order that has no such fact is found all the same.
    """

    keys: str
    fact: str = "off"
    keyed: str = ""
    passes_without: bool = False


@dataclass(frozen=True, slots=True)
class FindRepeat:
    """Was this amount (minor units) paid from this phone within the hour? Answered by RepeatFound."""

    amount: int


Query = FindOrder | FindRepeat

# ── effects ──


@dataclass(frozen=True, slots=True)
class Agree:
    """The caller pressed 1 on these terms, and the first `<Pay>` is the reply: make the payment.

    `keys` is the keyed form of the number and `number` as it was said; `order_id` None for a number that is not on the
    list. `currency` is the order's, "" for the line's own. `consent` is to later charges, with the very words spoken
    (`consent_wording`, "" where nothing was asked) and the key that answered them ("" for silence).
    """

    order_id: int | None
    keys: str
    number: str
    amount: int
    consent: bool
    consent_wording: str
    consent_key: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class NextCard:
    """A further `<Pay>` begins for the same payment."""


@dataclass(frozen=True, slots=True)
class EndUnpaid:
    """The call goes on or ends without the agreed payment: cancel it."""


Effect = Agree | NextCard | EndUnpaid
