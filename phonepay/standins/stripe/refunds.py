"""Refunds of charges: partial, several, pending, failing later. Source: docs.stripe.com/refunds."""

from phonepay.standins.stripe import balance, disputes, listing, shapes, warnings
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import ApiError, Json, invalid, missing_param
from phonepay.standins.stripe.params import merge_metadata
from phonepay.standins.stripe.store import Record

# How long the two asynchronous test cards take, in seconds of the stand-in's clock.
SETTLES_AFTER = 60
LATER = {
    "refund_fails_later": ("succeeded", "failed"),
    "refund_succeeds_later": ("pending", "succeeded"),
}
FINAL = ("failed", "canceled")


def create(call: Call) -> Json:
    charge = _charge_of(call).body
    amount = _checked_amount(charge, call.params.get("amount"), disputes.lost(call, charge))
    body = shapes.refund(call.new_id("refund"), call.now, charge, amount)
    body["reason"] = call.params.get("reason")
    if "metadata" in call.params:
        body["metadata"] = merge_metadata({}, call.params["metadata"])
    private = _course(call, body, charge)
    if body["status"] == "succeeded":
        _book(call, body)
    call.scope.add("refund", body, private)
    _count(call, charge, amount)
    if body["reason"] == "fraudulent":
        charge["fraud_details"] = {"user_report": "fraudulent"}
    call.emit("refund.created", body)
    call.emit("charge.refunded", charge)
    if charge["refunded"]:
        disputes.end_inquiries(call, charge)
        warnings.look_again(call, charge)
    return body


def _book(call: Call, body: Json) -> None:
    entry = balance.book(call, "refund", -body["amount"], currency=body["currency"], source=body["id"])
    body["balance_transaction"] = entry["id"]


def _charge_of(call: Call) -> Record:
    charge, intent = call.params.get("charge"), call.params.get("payment_intent")
    if charge and intent:
        raise invalid("Give the charge or the payment_intent, not both.", "charge", "parameters_exclusive")
    if charge:
        record = call.find("charge", charge, "charge")
    elif intent:
        latest = call.find("payment_intent", intent, "payment_intent").body["latest_charge"]
        if latest is None:
            raise ApiError(
                400,
                f"This PaymentIntent ({intent}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        record = call.find("charge", latest, "charge")
    else:
        raise missing_param("charge")
    if record.body["status"] != "succeeded":
        raise ApiError(
            400, f"Charge {record.body['id']} did not succeed and cannot be refunded.", code="charge_not_refundable"
        )
    if disputes.blocks_refund(call, record.body):
        raise ApiError(
            400,
            f"Charge {record.body['id']} has been charged back: it cannot be refunded.",
            code="charge_disputed",
        )
    return record


def _checked_amount(charge: Json, wanted: int | None, lost: int) -> int:
    left = int(charge["amount"] - charge["amount_refunded"]) - lost
    if left <= 0:
        raise ApiError(400, f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if wanted is not None and wanted > left:
        what = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        raise ApiError(
            400, f"Refund amount ({wanted}) is greater than {what} ({left}), in the smallest unit.", param="amount"
        )
    return left if wanted is None else wanted


def _course(call: Call, body: Json, charge: Json) -> Json:
    """How this refund goes: as ordered for the next one, as its test card has it, or at once."""
    ordered = call.scope.setting("next_refund")
    if ordered:
        call.scope.remove("setting", "next_refund")
        body["status"] = ordered["status"]
        for name in ("pending_reason", "failure_reason"):
            if ordered.get(name):
                body[name] = ordered[name]
        return {}
    method = call.scope.get("payment_method", charge["payment_method"])
    later = LATER.get(method.private["behavior"]) if method else None
    if later is None:
        return {}
    body["status"] = later[0]
    if later[0] == "pending":
        body["pending_reason"] = "processing"
    return {"settles_at": call.now + SETTLES_AFTER, "settles_as": later[1]}


def _count(call: Call, charge: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.scope.touch("charge", charge["id"])


def settle(call: Call, record: Record, status: str, failure_reason: str | None = None) -> None:
    """The bank's later word on a refund. A failed or cancelled one gives its amount back to the charge."""
    body = record.body
    if body["status"] in FINAL:
        raise ValueError(f"refund {body['id']} is {body['status']} already")
    body["status"] = status
    body.pop("pending_reason", None)
    charge = call.find("charge", body["charge"]).body
    record.private = {}
    if status == "succeeded" and body["balance_transaction"] is None:
        _book(call, body)
    if status in FINAL:
        _count(call, charge, -body["amount"])
        warnings.look_again(call, charge)
    if status == "failed":
        body["failure_reason"] = failure_reason or "expired_or_canceled_card"
        if body["balance_transaction"]:
            back = balance.book(call, "refund_failure", body["amount"], currency=body["currency"], source=body["id"])
            body["failure_balance_transaction"] = back["id"]
    call.scope.touch("refund", body["id"])
    call.emit("refund.updated", body)
    call.emit("charge.refund.updated", body)
    if status == "failed":
        call.emit("refund.failed", body)


def fail_disputed(call: Call, charge: str) -> None:
    """What was still on its way when the bank took the money fails."""
    blocked = disputes.blocks_refund(call, call.find("charge", charge).body)
    for record in call.scope.all("refund"):
        waits = record.body["status"] in ("pending", "requires_action")
        if waits and record.body["charge"] == charge and blocked:
            settle(call, record, "failed", "charge_for_pending_refund_disputed")


def due(call: Call) -> list[Record]:
    """The refunds whose later word has come by the clock."""
    return [record for record in call.scope.all("refund") if record.private.get("settles_at", call.now + 1) <= call.now]


def retrieve(call: Call) -> Json:
    return call.in_path("refund").body


def update(call: Call) -> Json:
    body = call.in_path("refund").body
    if "metadata" in call.params:
        body["metadata"] = merge_metadata(body["metadata"], call.params["metadata"])
    call.scope.touch("refund", body["id"])
    call.emit("refund.updated", body)
    return body


def cancel(call: Call) -> Json:
    """Only a refund that waits for the payer can be cancelled; refunds to cards do not, unless ordered so."""
    record = call.in_path("refund")
    if record.body["status"] != "requires_action":
        raise ApiError(
            400, f"Refund {record.body['id']} has the status {record.body['status']} and cannot be canceled."
        )
    settle(call, record, "canceled")
    return record.body


def index(call: Call) -> Json:
    return listing.page(call, "refund", "/v1/refunds", listing.equal(call, "charge", "payment_intent"))
