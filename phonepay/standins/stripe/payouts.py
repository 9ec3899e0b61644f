"""Payouts to the account's bank: made by the stand-in's handles, as Stripe's schedule would; read and listed.

Source: docs.stripe.com/api/payouts.
"""

from phonepay.standins.stripe import balance, listing, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import Json

ARRIVES_AFTER = 2 * 86400


def pay_out(call: Call, currency: str) -> Json:
    """Everything of this currency that is available and was not paid out. Raises ValueError where that is nothing."""
    before = {entry for record in call.scope.all("payout") for entry in _entries(record.private, record.body)}
    entries = [
        balance.fresh(call, record.body)
        for record in call.scope.all("balance_transaction")
        if record.body["currency"] == currency and record.body["id"] not in before
    ]
    entries = [one for one in entries if one["status"] == "available" and one["type"] != "payout_failure"]
    amount = sum(one["net"] for one in entries)
    if amount <= 0:
        raise ValueError(f"no {currency} is available to be paid out")
    body = shapes.payout(
        call.new_id("payout"), call.now, livemode=call.scope.livemode, amount=amount, currency=currency,
        arrives=call.now + ARRIVES_AFTER,
    )  # fmt: skip
    entry = balance.book(call, "payout", -amount, currency=currency, source=body["id"], about="STRIPE PAYOUT")
    body["balance_transaction"] = entry["id"]
    call.scope.add("payout", body, {"entries": [one["id"] for one in entries]})
    call.emit("payout.created", body)
    return body


def _entries(private: Json, body: Json) -> list[str]:
    if body["status"] == "failed":
        return [body["balance_transaction"]]
    return [body["balance_transaction"], *private["entries"]]


def settle(call: Call, identity: str, status: str) -> Json:
    """The bank's word: paid or failed. A failed one gives its amount back to the balance."""
    body = call.find("payout", identity).body
    if status not in ("paid", "failed") or body["status"] == "failed":
        raise ValueError(f"payout {identity} is {body['status']} and does not become {status}")
    body["status"] = status
    if status == "failed":
        back = balance.book(call, "payout_failure", body["amount"], currency=body["currency"], source=identity)
        body.update(
            failure_balance_transaction=back["id"],
            failure_code="account_closed",
            failure_message="The bank account has been closed.",
        )
    call.scope.touch("payout", identity)
    if status == "paid":
        call.emit("payout.paid", body)
    else:
        call.emit("payout.failed", body)
    return body


def retrieve(call: Call) -> Json:
    return call.in_path("payout").body


def index(call: Call) -> Json:
    fits = listing.equal(call, "destination", "status")
    return listing.page(
        call, "payout", "/v1/payouts", lambda body: fits(body) and listing.bounded(call, body, "arrival_date")
    )
