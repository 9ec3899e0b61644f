"""Harbor Garage: its lines and orders, and the cards of its callers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pytest_django.fixtures import Settings

from phonepay.calls import due as calls_due
from phonepay.calls.models import Call
from phonepay.events.actors import SYSTEM
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order
from phonepay.payments import due as payments_due
from phonepay.payments import pool
from phonepay.payments.models import LedgerEntry, Payment
from tests.journeys.bank import Bank
from tests.journeys.clock import Clock

LINE = "+15550100"
PERSON = "+15550111"


@dataclass(frozen=True)
class Card:
    """A card as its holder keys it."""

    number: str
    expiry: str = "0330"
    code: str = "123"
    postal_code: str = "94110"


VISA = Card("4242424242424242")
DISCOVER = Card("6011111111111117")
AMEX = Card("378282246310005", code="1234")
DINERS = Card("3056930009020004")
NO_FUNDS = Card("4000000000009995")
WRONG_CODE = Card("4000000000000127")
GENERIC = Card("4000000000000002")
STOLEN = Card("4000000000009979")
EXPIRED = Card("4000000000000069")
WRONG_POSTAL = Card("4000000000000036")
BUSY_BANK = Card("4000000000000119")
WANTS_A_WORD = Card("4000002500003155")
TOO_OFTEN = Card("4000000000006975")
LIVE_VISA = Card("4539578763621486")


class Shop:
    """Makes what a journey needs, and knows what became of it."""

    def __init__(self, bank: Bank, clock: Clock, settings: Settings) -> None:
        self.bank = bank
        self.clock = clock
        self._settings = settings
        settings.PHONEPAY_STRIPE_SECRET_KEY = bank.key
        settings.PHONEPAY_STRIPE_API_BASE = bank.url
        self.merchant = Merchant.objects.create(name="Harbor Garage", shop_phone="+15550142")

    def use_key(self, key: str) -> None:
        """Use another secret key; with a live one there is no notice of a test line, and test cards are declined."""
        self.bank.key = self._settings.PHONEPAY_STRIPE_SECRET_KEY = key
        self.bank.keys.add(key)

    def line(self, behavior: str = "fixed-with-order", **facts: Any) -> Line:
        """The shop's line, with a person, a fixed amount of 42.50 and at most 500 dollars; `facts` as Line has them."""
        usual: dict[str, Any] = {
            "fixed_amount": 4250,
            "floor": 50,
            "ceiling": 50000,
            "overage_cap": 5000,
            "person_number": PERSON,
        }
        number = facts.pop("phone_number", LINE)
        return Line.objects.create(merchant=self.merchant, phone_number=number, behavior=behavior, **(usual | facts))

    def order(self, number: str = "1042", amount: int = 4250, currency: str = "usd") -> Order:
        self.merchant.refresh_from_db()
        return add_order(
            merchant=self.merchant, number=number, amount=amount, currency=currency, by=SYSTEM, now=self.clock.now
        )

    def work(self, **later: float) -> None:
        """Let the worker do all that is owed, after a while: shop.work(minutes=2)."""
        if later:
            self.clock.turn(**later)
        for _ in range(20):
            pool.wait_until_idle()
            if not payments_due.run_due(self.clock.now) + calls_due.run_due(self.clock.now):
                return
            self.clock.turn(1)
        raise AssertionError("the worker finds no end")

    # What became of it

    @property
    def payment(self) -> Payment:
        """The only payment."""
        return Payment.objects.get()

    @property
    def payments(self) -> list[Payment]:
        return list(Payment.objects.order_by("agreed_at", "id"))

    @property
    def statuses(self) -> list[str]:
        return [payment.status for payment in self.payments]

    @property
    def booked(self) -> list[tuple[str, int]]:
        """The ledger: what, and how much."""
        return list(LedgerEntry.objects.order_by("id").values_list("kind", "amount"))

    @property
    def call(self) -> Call:
        """The call that began last."""
        return Call.objects.order_by("-id")[0]

    def the_order(self, number: str = "1042") -> Order:
        return Order.objects.get(number=number)

    @property
    def confirmation(self) -> str:
        """The only payment's confirmation number, as it is said."""
        return said(self.payment.confirmation or "")

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """The entries whole."""
        return list(LedgerEntry.objects.order_by("id").values())

    def books_agree(self) -> bool:
        """Whether the ledger has what Stripe has."""
        return sum(amount for _, amount in self.booked) == self.bank.money


def said(digits: str) -> str:
    """`407219` as `4, 0, 7. 2, 1, 9`."""
    return f"{', '.join(digits[:3])}. {', '.join(digits[3:])}"
