"""One attempt to pay an intent: whether it may be made at all, what the card does, and what is left behind.

Source: docs.stripe.com/payments/paymentintents/lifecycle, docs.stripe.com/payments/payment-intents/moto,
docs.stripe.com/payments/save-card-without-authentication.
"""

import copy

from phonepay.standins.stripe import charges, disputes, methods, warnings
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.cards import DECLINES, Decline
from phonepay.standins.stripe.errors import ApiError, Json, invalid, unknown_param
from phonepay.standins.stripe.store import Record

REDIRECTS = (
    "This PaymentIntent takes the Dashboard's payment methods, some of which redirect the payer: pass a return_url,"
    " allow only types that do not redirect, or set automatic_payment_methods[allow_redirects] to never."
)


def unexpected_state(intent: Json, message: str) -> ApiError:
    return ApiError(400, message, code="payment_intent_unexpected_state", payment_intent=copy.deepcopy(intent))


def usable_method(call: Call, intent: Record, identity: str | None) -> Record | None:
    """The payment method of an id, where this intent may use it. Raises 400 for one that is missing, spent, or
    another customer's."""
    if identity is None:
        return None
    record = methods.find(call, identity, "payment_method")
    if record.private["used_up"]:
        raise ApiError(400, methods.USED_UP, param="payment_method")
    owner, payer = record.body["customer"], intent.body["customer"]
    if owner is not None and owner != payer:
        which = "another customer" if payer else "a customer, who must be given with it"
        raise ApiError(400, f"The provided PaymentMethod is attached to {which}.", param="payment_method")
    return record


def checked_options(call: Call, params: Json, intent: Json) -> Json:
    """The intent's `payment_method_options` after this request. Raises 400 for moto where the account has none."""
    if "payment_method_options" not in params:
        return dict(intent["payment_method_options"])
    given = dict((params["payment_method_options"] or {}).get("card", {}))
    if "moto" in given:
        if not call.scope.setting("moto", False):
            raise unknown_param("payment_method_options[card][moto]")
        usage = params.get("setup_future_usage", intent["setup_future_usage"])
        if given.pop("moto") and usage == "on_session":
            raise invalid(
                "moto can be true only when setup_future_usage is off_session or not set.",
                "payment_method_options[card][moto]",
            )
    if "stored_credential_usage" in given and params.get("setup_future_usage", intent["setup_future_usage"]):
        raise invalid(
            "stored_credential_usage cannot be used together with setup_future_usage.",
            "payment_method_options[card][stored_credential_usage]",
        )
    kept = {"installments": None, "mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
    return {"card": {**kept, **intent["payment_method_options"].get("card", {}), **given}}


def check_ready(call: Call, intent: Record, method: Record | None) -> None:
    """What Stripe asks before it tries the card."""
    if method is None:
        raise unexpected_state(
            intent.body,
            "You cannot confirm this PaymentIntent because it's missing a payment method: confirm with one.",
        )
    customer = intent.body["customer"]
    if customer is not None:
        call.customer(customer, "customer")
    automatic = intent.body["automatic_payment_methods"]
    listed = call.params.get("allowed_payment_method_types")
    if automatic and automatic["allow_redirects"] == "always" and not listed and not call.params.get("return_url"):
        raise ApiError(400, REDIRECTS, param="return_url", validation=True)
    if call.params.get("off_session") and call.params.get("setup_future_usage") == "on_session":
        raise invalid("off_session cannot be used together with setup_future_usage=on_session.", "off_session")


def run(call: Call, intent: Record) -> None:
    """Try the intent's card. Raises 402 for a decline, after everything that it leaves behind is written."""
    body = intent.body
    method = methods.find(call, body["payment_method"], "payment_method")
    body["last_payment_error"] = None
    call.scope.touch("payment_intent", body["id"])
    verdict = _judge(call, method, body)
    if verdict == "authenticate":
        body.update(status="requires_action", next_action=_next_action(call, body))
        call.emit("payment_intent.requires_action", body)
    elif isinstance(verdict, Decline):
        _fail(call, body, method, verdict)
    elif call.scope.setting("next_intent_processes"):
        call.scope.remove("setting", "next_intent_processes")
        _process(call, body, method)
    else:
        _succeed(call, body, method)


def _judge(call: Call, method: Record, intent: Json) -> "Decline | str | None":
    """None: the charge goes through. A Decline: it does not. "authenticate": the payer would have to act."""
    behavior = method.private["behavior"]
    if behavior == "declines_when_attached":
        return DECLINES["generic_decline"] if method.body["customer"] else None
    if behavior in DECLINES:
        return DECLINES[behavior]
    params = call.params
    options = (params.get("payment_method_options") or {}).get("card", {})
    off_session = params.get("off_session", False)
    asked = intent["payment_method_options"].get("card", {}).get("request_three_d_secure", "automatic") != "automatic"
    needs = behavior.startswith("authenticate") or asked
    if behavior == "authenticate_unless_saved" and off_session and method.body["customer"]:
        needs = False
    if behavior == "authenticate_then_insufficient_funds" and (off_session or options.get("moto")):
        return DECLINES["insufficient_funds"]
    if not needs or options.get("moto"):
        return None
    if off_session or params.get("error_on_requires_action"):
        return DECLINES["authentication_required"]
    return "authenticate"


def _next_action(call: Call, intent: Json) -> Json:
    url = call.params.get("return_url")
    if url:
        page = f"https://hooks.stripe.com/3d_secure_2/hosted?payment_intent={intent['id']}"
        return {"type": "redirect_to_url", "redirect_to_url": {"return_url": url, "url": page}}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}


def _fail(call: Call, intent: Json, method: Record, decline: Decline) -> None:
    charge = charges.attempt(call, intent, method.body, decline)
    error = methods.card_error(decline, charge=charge["id"]).error
    intent.update(status="requires_payment_method", payment_method=None, latest_charge=charge["id"], next_action=None)
    intent["last_payment_error"] = {**error, "payment_method": copy.deepcopy(method.body)}
    call.emit("payment_intent.payment_failed", intent)
    shown = copy.deepcopy(intent)
    raise methods.card_error(
        decline, charge=charge["id"], payment_intent=shown, payment_method=copy.deepcopy(method.body)
    )


def _process(call: Call, intent: Json, method: Record) -> None:
    """The bank takes its time: the charge is pending, and how it ends comes later."""
    _use_up(call, intent, method)
    charge = charges.pending(call, intent, method.body)
    intent.update(status="processing", latest_charge=charge["id"], next_action=None)
    call.emit("payment_intent.processing", intent)


def settle(call: Call, intent: Record, decline: Decline | None) -> None:
    """The end of an intent that was processing: it succeeded, or the card was refused."""
    body = intent.body
    if body["status"] != "processing":
        raise ValueError(f"payment intent {body['id']} is {body['status']}, not processing")
    charge = call.find("charge", body["latest_charge"]).body
    method = call.find("payment_method", body["payment_method"])
    call.scope.touch("payment_intent", body["id"])
    charges.settle(call, charge, decline)
    if decline is None:
        _received(call, body, charge, method)
        return
    body.update(status="requires_payment_method", payment_method=None)
    error = methods.card_error(decline, charge=charge["id"]).error
    body["last_payment_error"] = {**error, "payment_method": copy.deepcopy(method.body)}
    call.emit("payment_intent.payment_failed", body)


def _succeed(call: Call, intent: Json, method: Record) -> None:
    _use_up(call, intent, method)
    charge = charges.attempt(call, intent, method.body, None)
    _received(call, intent, charge, method)


def _received(call: Call, intent: Json, charge: Json, method: Record) -> None:
    intent.update(status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"], next_action=None)
    call.emit("payment_intent.succeeded", intent)
    behavior = method.private["behavior"]
    record = call.find("charge", charge["id"])
    if behavior in disputes.BY_CARD:
        status, reason = disputes.BY_CARD[behavior]
        disputes.open_one(call, record, reason=reason, status=status)
    elif behavior == "warned_of_fraud":
        warnings.warn(call, record)


def _use_up(call: Call, intent: Json, method: Record) -> None:
    saving = intent["setup_future_usage"] and intent["customer"]
    if method.body["customer"] is None:
        if saving:
            methods.attach_to(call, method, intent["customer"])
        else:
            # Meant for the future but nobody's yet: it can be attached still, and used only then.
            method.private.update(used_up=True, savable=bool(intent["setup_future_usage"]))
            call.scope.touch("payment_method", method.body["id"])
