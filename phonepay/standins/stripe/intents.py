"""Payment intents: made, changed, cancelled, read, listed. How one is confirmed is in attempts.py.

Source: docs.stripe.com/api/payment_intents and docs.stripe.com/payments/paymentintents/lifecycle.
"""

from phonepay.standins.stripe import attempts, currencies, descriptors, ids, listing, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import ApiError, Json, invalid
from phonepay.standins.stripe.params import merge_metadata
from phonepay.standins.stripe.store import Record

CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")
CHANGEABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CONFIRM_ONLY = ("error_on_requires_action", "off_session", "return_url")


def create(call: Call) -> Json:
    params = call.params
    currency = currencies.check_currency(params["currency"])
    confirm = params.get("confirm", False)
    if not confirm:
        _refuse_confirm_only(params)
    currencies.check_amount(params["amount"], currency)
    identity = call.new_id("payment_intent")
    secret = f"{identity}_secret_{ids.token(25)}"
    body = shapes.payment_intent(
        identity, secret, call.now, livemode=call.scope.livemode, amount=params["amount"], currency=currency
    )
    _choose_types(body, params)
    _change(call, body, params)
    record = Record(body, {}, 0)
    method = attempts.usable_method(call, record, params.get("payment_method"))
    if confirm:
        attempts.check_ready(call, record, method)
    record = call.scope.add("payment_intent", body)
    if method is not None:
        body.update(payment_method=method.body["id"], status="requires_confirmation")
    call.emit("payment_intent.created", body)
    if confirm:
        attempts.run(call, record)
    return body


def _refuse_confirm_only(params: Json) -> None:
    for name in CONFIRM_ONLY:
        if params.get(name):
            raise invalid(f"{name} can only be used together with confirm=true.", name)
    if (params.get("payment_method_options") or {}).get("card", {}).get("moto"):
        raise invalid("moto can only be set at confirmation.", "payment_method_options[card][moto]")


def _choose_types(body: Json, params: Json) -> None:
    """Which ways to pay the intent takes; without a word on it, those of the dashboard, redirects included."""
    allowed = params.get("allowed_payment_method_types") or params.get("payment_method_types")
    automatic = params.get("automatic_payment_methods")
    if allowed and automatic:
        raise invalid(
            "allowed_payment_method_types and automatic_payment_methods cannot be used together.",
            "automatic_payment_methods",
            "parameters_exclusive",
        )
    if allowed and params.get("excluded_payment_method_types"):
        raise invalid(
            "allowed_payment_method_types and excluded_payment_method_types cannot be used together.",
            "excluded_payment_method_types",
            "parameters_exclusive",
        )
    if allowed:
        if "card" not in allowed:
            raise invalid("This stand-in plays cards only: allow card.", "allowed_payment_method_types")
        body.update(payment_method_types=list(allowed), automatic_payment_methods=None)
    else:
        redirects = (automatic or {}).get("allow_redirects", "always")
        if automatic and not automatic["enabled"]:
            raise invalid(
                "Automatic payment methods cannot be off without a list of types.", "automatic_payment_methods"
            )
        body["automatic_payment_methods"] = {"allow_redirects": redirects, "enabled": True}
        body["payment_method_types"] = ["card"] if redirects == "never" else ["card", "link"]


def _change(call: Call, body: Json, params: Json) -> None:
    """Take over what was given. Everything is checked before the first field changes."""
    if "card" in body["payment_method_types"] and params.get("statement_descriptor"):
        raise invalid(
            "statement_descriptor is not supported for cards: pass statement_descriptor_suffix instead.",
            "statement_descriptor",
        )
    excluded = params.get("excluded_payment_method_types")
    if excluded and "card" in excluded:
        raise invalid("This stand-in plays cards only: card cannot be excluded.", "excluded_payment_method_types")
    descriptors.check_suffix(call, params.get("statement_descriptor_suffix"))
    if "customer" in params:
        call.customer(params["customer"], "customer")
    options = attempts.checked_options(call, params, body)
    metadata = merge_metadata(body["metadata"], params["metadata"]) if "metadata" in params else body["metadata"]
    for name in ("customer", "description", "receipt_email", "setup_future_usage", "statement_descriptor_suffix"):
        if name in params:
            body[name] = params[name]
    if "capture_method" in params:
        body["capture_method"] = params["capture_method"]
    if excluded is not None:
        body["excluded_payment_method_types"] = excluded or None
    body["payment_method_options"] = options
    body["metadata"] = metadata


def retrieve(call: Call) -> Json:
    body = call.in_path("payment_intent").body
    secret = call.params.get("client_secret")
    if secret is not None and secret != body["client_secret"]:
        raise ApiError(400, "The client_secret provided does not match this PaymentIntent.", param="client_secret")
    return body


def update(call: Call) -> Json:
    record = call.in_path("payment_intent")
    body, params = record.body, call.params
    frozen = [name for name in params if name not in ("description", "metadata", "receipt_email", "expand")]
    if frozen and body["status"] not in CHANGEABLE:
        raise attempts.unexpected_state(body, f"its {frozen[0]} can only be updated in {', '.join(CHANGEABLE)}")
    currency = currencies.check_currency(params["currency"]) if "currency" in params else body["currency"]
    amount = params["amount"] if "amount" in params else body["amount"]
    currencies.check_amount(amount, currency)
    new_customer = params.get("customer", body["customer"])
    trial = Record({**body, "customer": new_customer}, record.private, record.seq)
    method = attempts.usable_method(call, trial, params.get("payment_method"))
    if params.get("allowed_payment_method_types"):
        _choose_types(body, params)
    _change(call, body, params)
    body.update(amount=amount, currency=currency)
    if method is not None:
        body.update(payment_method=method.body["id"], status="requires_confirmation", next_action=None)
    call.scope.touch("payment_intent", body["id"])
    return body


def confirm(call: Call) -> Json:
    record = call.in_path("payment_intent")
    body, params = record.body, call.params
    if body["status"] not in CHANGEABLE:
        raise attempts.unexpected_state(body, _why_not_confirmable(body["status"]))
    expected = params.get("amount_to_confirm")
    if expected is not None and expected != body["amount"]:
        raise ApiError(
            400,
            "The amount to confirm is not the amount of the PaymentIntent.",
            code="payment_intent_invalid_parameter",
            param="amount_to_confirm",
        )
    method = attempts.usable_method(call, record, params.get("payment_method") or body["payment_method"])
    attempts.check_ready(call, record, method)
    if params.get("allowed_payment_method_types"):
        _choose_types(body, params)
    _change(call, body, params)
    if method is not None:
        body.update(payment_method=method.body["id"], status="requires_confirmation", next_action=None)
    attempts.run(call, record)
    return body


def _why_not_confirmable(status: str) -> str:
    if status == "succeeded":
        return (
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
        )
    return f"You cannot confirm this PaymentIntent because it has a status of {status}."


def cancel(call: Call) -> Json:
    body = call.in_path("payment_intent").body
    # One that is processing can be cancelled "in rare cases" only: this stand-in plays the others.
    if body["status"] not in CANCELABLE:
        raise attempts.unexpected_state(
            body,
            f"You cannot cancel this PaymentIntent because it has a status of {body['status']}."
            f" Only a PaymentIntent with one of the following statuses may be canceled: {', '.join(CANCELABLE)}.",
        )
    reason = call.params.get("cancellation_reason")
    body.update(status="canceled", canceled_at=call.now, cancellation_reason=reason, next_action=None)
    call.scope.touch("payment_intent", body["id"])
    call.emit("payment_intent.canceled", body)
    return body


def index(call: Call) -> Json:
    return listing.page(call, "payment_intent", "/v1/payment_intents", listing.equal(call, "customer"))
