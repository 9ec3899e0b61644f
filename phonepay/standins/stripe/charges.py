"""Charges: made by the attempts of payment intents, read, annotated, listed; and what they do to the balance."""

from phonepay.standins.stripe import listing, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.cards import Decline
from phonepay.standins.stripe.errors import Json
from phonepay.standins.stripe.params import merge_metadata

DEFAULT_PREFIX = "PHONE SHOP"


def attempt(call: Call, intent: Json, method: Json, decline: Decline | None) -> Json:
    """The charge of one attempt: succeeded and on the balance, or failed. Its event is written."""
    body = shapes.charge(call.new_id("charge"), call.now, intent, method)
    body["outcome"] = shapes.outcome(decline)
    body["calculated_statement_descriptor"] = descriptor(call, intent["statement_descriptor_suffix"])
    body["payment_method_details"]["card"]["amount_authorized"] = None if decline else intent["amount"]
    if decline is None:
        body.update(status="succeeded", paid=True, captured=True, amount_captured=intent["amount"])
        body["balance_transaction"] = book(call, "charge", intent["amount"], fee(intent["amount"]), body)
        body["receipt_url"] = f"https://pay.stripe.com/receipts/payment/{body['id']}"
    else:
        body.update(status="failed", failure_code=decline.code, failure_message=decline.message)
    call.scope.add("charge", body)
    call.emit("charge.failed" if decline else "charge.succeeded", body)
    return body


def fee(amount: int) -> int:
    """Stripe's list price for cards, in minor units: 2.9 % rounded to the nearest, and 30."""
    return (amount * 29 + 500) // 1000 + 30


def book(call: Call, kind: str, amount: int, cost: int, source: Json) -> str:
    """One entry of the balance; returns its id."""
    entry = shapes.balance_transaction(
        call.new_id("balance_transaction"), call.now, kind, amount=amount, fee=cost, source=source
    )
    call.scope.add("balance_transaction", entry)
    return str(entry["id"])


def descriptor_prefix(call: Call) -> str:
    return str(call.scope.setting("statement_descriptor_prefix", DEFAULT_PREFIX))


def descriptor(call: Call, suffix: str | None) -> str:
    """What the payer's statement shows, at most 22 characters."""
    prefix = descriptor_prefix(call)
    return f"{prefix}* {suffix}" if suffix else prefix


def retrieve(call: Call) -> Json:
    return call.in_path("charge").body


def update(call: Call) -> Json:
    body = call.in_path("charge").body
    for name in ("description", "receipt_email"):
        if name in call.params:
            body[name] = call.params[name]
    if "metadata" in call.params:
        body["metadata"] = merge_metadata(body["metadata"], call.params["metadata"])
    call.scope.touch("charge", body["id"])
    call.emit("charge.updated", body)
    return body


def index(call: Call) -> Json:
    return listing.page(call, "charge", "/v1/charges", listing.equal(call, "customer", "payment_intent"))


def balance_entry(call: Call) -> Json:
    return call.in_path("balance_transaction").body


def balance_index(call: Call) -> Json:
    wanted = listing.equal(call, "currency", "source", "type")
    return listing.page(call, "balance_transaction", "/v1/balance_transactions", wanted)
