"""Early fraud warnings: the bank says that a charge may be fraud, before any dispute. No money moves.

Source: docs.stripe.com/api/radar/early_fraud_warnings, docs.stripe.com/testing#disputes.
"""

from phonepay.standins.stripe import listing, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import Json
from phonepay.standins.stripe.store import Record

KIND = "radar.early_fraud_warning"
TYPES = (
    "card_never_received", "fraudulent_card_application", "made_with_counterfeit_card", "made_with_lost_card",
    "made_with_stolen_card", "misc", "unauthorized_use_of_card",
)  # fmt: skip


def warn(call: Call, charge: Record, fraud_type: str = "made_with_stolen_card") -> Json:
    """Raises ValueError for a charge that did not succeed, and for a type that Stripe does not know."""
    if fraud_type not in TYPES or charge.body["status"] != "succeeded":
        raise ValueError(f"no warning of {fraud_type} about {charge.body['id']}, which {charge.body['status']}")
    body = shapes.early_fraud_warning(
        call.new_id(KIND), call.now, charge=charge.body, fraud_type=fraud_type, actionable=_actionable(charge.body)
    )
    call.scope.add(KIND, body)
    call.emit("radar.early_fraud_warning.created", body)
    return body


def _actionable(charge: Json) -> bool:
    return not charge["disputed"] and not charge["refunded"]


def look_again(call: Call, charge: Json) -> None:
    """After a refund or a dispute there is nothing left to be done about a warning."""
    for record in call.scope.all(KIND):
        body = record.body
        if body["charge"] == charge["id"] and body["actionable"] != _actionable(charge):
            body["actionable"] = _actionable(charge)
            call.scope.touch(KIND, body["id"])
            call.emit("radar.early_fraud_warning.updated", body)


def retrieve(call: Call) -> Json:
    return call.in_path(KIND).body


def index(call: Call) -> Json:
    wanted = listing.equal(call, "charge", "payment_intent")
    return listing.page(call, KIND, "/v1/radar/early_fraud_warnings", wanted)
