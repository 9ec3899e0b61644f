"""Disputes: opened by the card's bank (a test card, or the stand-in's handles), answered elsewhere, won or lost.

An inquiry (`warning_…`) moves no money and leaves the charge refundable; any other dispute withdraws its amount and a
fee at once. Source: docs.stripe.com/disputes/how-disputes-work, docs.stripe.com/api/disputes/object,
docs.stripe.com/testing#disputes.
"""

from phonepay.standins.stripe import balance, listing, shapes, warnings
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import Json
from phonepay.standins.stripe.store import Record

REASONS = (
    "bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated", "debit_not_authorized",
    "duplicate", "fraudulent", "general", "incorrect_account_details", "insufficient_funds", "noncompliant",
    "product_not_received", "product_unacceptable", "subscription_canceled", "unrecognized",
)  # fmt: skip
# From each status, where the bank or an answer can take it.
COURSE = {
    "warning_needs_response": ("warning_under_review", "warning_closed", "needs_response"),
    "warning_under_review": ("warning_closed", "needs_response"),
    "needs_response": ("under_review", "won", "lost", "prevented", "charge_refunded"),
    "under_review": ("needs_response", "won", "lost", "charge_refunded"),
}
CLOSED = ("warning_closed", "won", "lost", "prevented", "charge_refunded")
GIVEN_BACK = ("won", "prevented")
ANSWER_WITHIN = 9 * 86400

# What a payment with each of the test cards leads to: status and reason.
BY_CARD = {
    "disputed": ("needs_response", "fraudulent"),
    "disputed_not_received": ("needs_response", "product_not_received"),
    "inquired": ("warning_needs_response", "fraudulent"),
}


def open_one(
    call: Call,
    charge: Record,
    *,
    reason: str = "fraudulent",
    status: str = "needs_response",
    amount: int | None = None,
    fee: int = balance.DISPUTE_FEE,
    due_by: int | None = None,
) -> Json:
    """A dispute of a charge that succeeded: `amount` is all that was not refunded, unless it is given.

    Raises ValueError for a charge that cannot be disputed so.
    """
    paid = charge.body
    if reason not in REASONS or status not in COURSE:
        raise ValueError(f"no dispute is {status} because of {reason}")
    left = paid["amount"] - paid["amount_refunded"]
    amount = left if amount is None else amount
    if paid["status"] != "succeeded" or not 0 < amount <= left:
        raise ValueError(f"charge {paid['id']} cannot be disputed for {amount}")
    if any(record.body["status"] not in CLOSED for record in _of(call, paid["id"])):
        raise ValueError(f"charge {paid['id']} is disputed already")
    body = shapes.dispute(
        call.new_id("dispute"), call.now, charge=paid, amount=amount, reason=reason, status=status,
        due_by=due_by or call.now + ANSWER_WITHIN,
    )  # fmt: skip
    record = call.scope.add("dispute", body, {"fee": fee})
    paid["disputed"] = True
    call.scope.touch("charge", paid["id"])
    call.emit("charge.dispute.created", body)
    if not _is_inquiry(body):
        _withdraw(call, record, paid)
    warnings.look_again(call, paid)
    return body


def _of(call: Call, charge: str) -> list[Record]:
    return [record for record in call.scope.all("dispute") if record.body["charge"] == charge]


def _is_inquiry(body: Json) -> bool:
    return str(body["status"]).startswith("warning_")


def _withdraw(call: Call, record: Record, charge: Json) -> None:
    body = record.body
    entry = balance.book(
        call, "dispute", -body["amount"], currency=body["currency"], source=body["id"], fee=record.private["fee"],
        about=f"Chargeback withdrawal for {charge['id']}",
    )  # fmt: skip
    body["balance_transactions"] = [*body["balance_transactions"], entry]
    body["is_charge_refundable"] = False
    call.scope.touch("dispute", body["id"])
    call.emit("charge.dispute.funds_withdrawn", body)


def move(call: Call, identity: str, status: str, *, fee_back: int = 0) -> Json:
    """What the bank, or an answer to it, made of a dispute. `fee_back`: how much of the fee a won one gives back.

    Raises ValueError for a step that no dispute takes.
    """
    record = call.find("dispute", identity)
    body = record.body
    if status not in COURSE.get(body["status"], ()):
        raise ValueError(f"dispute {identity} is {body['status']} and does not become {status}")
    was_inquiry = _is_inquiry(body)
    body["status"] = status
    charge = call.find("charge", body["charge"]).body
    if status in ("under_review", "warning_under_review"):
        body["evidence_details"].update(has_evidence=True, submission_count=1)
    call.scope.touch("dispute", identity)
    if status in CLOSED:
        _close(call, record, fee_back)
    else:
        call.emit("charge.dispute.updated", body)
    if was_inquiry and status == "needs_response":
        _withdraw(call, record, charge)
    return body


def _close(call: Call, record: Record, fee_back: int) -> None:
    body = record.body
    if body["status"] in GIVEN_BACK and body["balance_transactions"]:
        entry = balance.book(
            call, "dispute_reversal", body["amount"], currency=body["currency"], source=body["id"], fee=-fee_back,
            about=f"Chargeback reversal for {body['charge']}",
        )  # fmt: skip
        body["balance_transactions"] = [*body["balance_transactions"], entry]
        body["is_charge_refundable"] = True
        call.emit("charge.dispute.funds_reinstated", body)
    call.emit("charge.dispute.closed", body)


def end_inquiries(call: Call, charge: Json) -> None:
    """The charge was refunded whole: there is nothing left to ask about."""
    for record in _of(call, charge["id"]):
        if _is_inquiry(record.body) and record.body["status"] not in CLOSED:
            move(call, record.body["id"], "warning_closed")


def blocks_refund(call: Call, charge: Json) -> bool:
    """Whether the bank has all of the charge, or decides about it now."""
    if charge["amount"] - charge["amount_refunded"] <= lost(call, charge):
        return lost(call, charge) > 0
    return any(
        record.body["status"] not in CLOSED and not record.body["is_charge_refundable"]
        for record in _of(call, charge["id"])
    )


def lost(call: Call, charge: Json) -> int:
    """What went back to the cardholder by disputes."""
    return sum(record.body["amount"] for record in _of(call, charge["id"]) if record.body["status"] == "lost")


def retrieve(call: Call) -> Json:
    return call.in_path("dispute").body


def index(call: Call) -> Json:
    return listing.page(call, "dispute", "/v1/disputes", listing.equal(call, "charge", "payment_intent"))
