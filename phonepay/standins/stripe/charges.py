"""Charges: made by the attempts of payment intents, read, annotated, listed."""

from phonepay.standins.stripe import balance, listing, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.cards import Decline
from phonepay.standins.stripe.errors import Json
from phonepay.standins.stripe.params import merge_metadata

DEFAULT_PREFIX = "PHONE SHOP"


def pending(call: Call, intent: Json, method: Json) -> Json:
    """The charge of an attempt that is not decided yet."""
    body = shapes.charge(call.new_id("charge"), call.now, intent, method)
    body["calculated_statement_descriptor"] = descriptor(call, intent["statement_descriptor_suffix"])
    call.scope.add("charge", body)
    return body


def attempt(call: Call, intent: Json, method: Json, decline: Decline | None) -> Json:
    """The charge of one attempt: succeeded and on the balance, or failed. Its event is written."""
    body = pending(call, intent, method)
    settle(call, body, decline)
    return body


def settle(call: Call, body: Json, decline: Decline | None) -> None:
    body["outcome"] = shapes.outcome(decline)
    body["payment_method_details"]["card"]["amount_authorized"] = None if decline else body["amount"]
    if decline is None:
        _succeed(call, body)
    else:
        body.update(status="failed", failure_code=decline.code, failure_message=decline.message)
    call.scope.touch("charge", body["id"])
    call.emit("charge.failed" if decline else "charge.succeeded", body)


def _succeed(call: Call, body: Json) -> None:
    """The money came: the charge is on the balance, less Stripe's fee."""
    amount = body["amount"]
    body.update(status="succeeded", paid=True, captured=True, amount_captured=amount)
    entry = balance.book(
        call, "charge", amount, currency=body["currency"], source=body["id"], fee=balance.processing_fee(amount)
    )
    body["balance_transaction"] = entry["id"]
    body["receipt_url"] = f"https://pay.stripe.com/receipts/payment/{body['id']}"


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
