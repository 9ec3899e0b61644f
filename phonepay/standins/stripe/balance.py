"""The balance: one entry for each movement of money, read and listed; fees, exchange, and when the money is there.

Source: docs.stripe.com/api/balance_transactions, docs.stripe.com/reports/reporting-categories,
docs.stripe.com/disputes/how-disputes-work.
"""

from phonepay.standins.stripe import listing, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import Json

# What an entry of each movement is called: its type and its reporting category.
NAMES = {
    "charge": ("charge", "charge"),
    "refund": ("refund", "refund"),
    "refund_failure": ("refund_failure", "refund_failure"),
    "dispute": ("adjustment", "dispute"),
    "dispute_reversal": ("adjustment", "dispute_reversal"),
    "fee": ("stripe_fee", "fee"),
    "adjustment": ("adjustment", "other_adjustment"),
    "payout": ("payout", "payout"),
    "payout_failure": ("payout_failure", "payout_reversal"),
}
DISPUTE_FEE = 1500
_FEE_NAMES = {"charge": "Stripe processing fees", "dispute": "Dispute fee"}


def processing_fee(amount: int) -> int:
    """Stripe's list price for cards, in minor units: 2.9 % rounded to the nearest, and 30."""
    return (amount * 29 + 500) // 1000 + 30


def book(
    call: Call, movement: str, amount: int, *, currency: str, source: str | None, fee: int = 0, about: str | None = None
) -> Json:
    """One entry of the balance, `amount` signed from the account's side; `currency` is that of what moved.

    Where the account settles in another currency, amount and fee are of that one, by the account's rate.
    """
    settled, rate = _settlement(call, currency)
    amount = amount if rate is None else _exchanged(amount, rate)
    kind, category = NAMES[movement]
    entry = shapes.balance_transaction(
        call.new_id("balance_transaction"), call.now, kind, category=category, amount=amount, currency=settled,
        fee=fee, fee_name=_FEE_NAMES.get(movement, "Stripe fees"), source=source, rate=rate, description=about,
    )  # fmt: skip
    if not _delayed(movement):
        entry.update(available_on=call.now, status="available")
    call.scope.add("balance_transaction", entry)
    return entry


def _delayed(movement: str) -> bool:
    return movement in ("charge", "refund", "refund_failure")


def _settlement(call: Call, currency: str) -> tuple[str, float | None]:
    rates: Json = call.scope.setting("settlement") or {}
    rate = rates.get("rates", {}).get(currency)
    return (currency, None) if rate is None else (rates["currency"], rate)


def _exchanged(amount: int, rate: float) -> int:
    whole = round(abs(amount) * rate)
    return whole if amount >= 0 else -whole


def fresh(call: Call, body: Json) -> Json:
    """The entry as it is now: pending money becomes available on its day."""
    if body["status"] == "pending" and body["available_on"] <= call.now:
        body["status"] = "available"
        call.scope.touch("balance_transaction", body["id"])
    return body


def retrieve(call: Call) -> Json:
    return fresh(call, call.in_path("balance_transaction").body)


def index(call: Call) -> Json:
    """With `payout`: the entries that it paid out, its own among them."""
    wanted = listing.equal(call, "currency", "source", "type")
    paid_out = _paid_out(call)
    page = listing.page(
        call,
        "balance_transaction",
        "/v1/balance_transactions",
        lambda body: wanted(body) and (paid_out is None or body["id"] in paid_out),
    )
    for body in page["data"]:
        fresh(call, body)
    return page


def _paid_out(call: Call) -> set[str] | None:
    if "payout" not in call.params:
        return None
    payout = call.find("payout", call.params["payout"], "payout")
    return {payout.body["balance_transaction"], *payout.private["entries"]}
