"""Payment methods: cards, by number, by token or by the name of a test card; attached, detached, listed."""

import time
from typing import Any

from phonepay.standins.stripe import cards, listing, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.cards import DECLINES, Card
from phonepay.standins.stripe.errors import ApiError, Json, invalid, missing_param
from phonepay.standins.stripe.params import merge_metadata
from phonepay.standins.stripe.store import Record

USED_UP = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a"
    " connected account without Customer attachment, or was detached from a Customer. It may not be used again."
    " To use a PaymentMethod multiple times, you must attach it to a Customer first."
)
NAME_PREFIX = "pm_card_"
TOKEN_PREFIX = "tok_"  # noqa: S105 -- the prefix of Stripe's public test tokens


def card_error(decline: cards.Decline, param: str | None = None, **extra: Any) -> ApiError:
    """402: what the card's bank, or Stripe in its place, refused. Source: docs.stripe.com/error-codes."""
    return ApiError(
        402,
        decline.message,
        kind="card_error",
        code=decline.code,
        param=param,
        decline_code=decline.decline_code,
        advice_code=decline.advice,
        **extra,
    )


def create(call: Call) -> Json:
    given = call.params.get("card")
    if given is None:
        raise missing_param("card")
    if "token" in given:
        record = _from_token(call, given)
    else:
        record = _from_number(call, given)
    record.body["allow_redisplay"] = call.params.get("allow_redisplay", "unspecified")
    if "metadata" in call.params:
        record.body["metadata"] = merge_metadata({}, call.params["metadata"])
    return record.body


def _from_token(call: Call, given: Json) -> Record:
    name = given["token"]
    if len(given) > 1:
        raise invalid("A card is given by its token or by its number, not by both.", "card", "parameters_exclusive")
    number = cards.BY_NAME.get(name.removeprefix(TOKEN_PREFIX)) if name.startswith(TOKEN_PREFIX) else None
    if number is None or call.scope.livemode:
        raise ApiError(400, f"No such token: '{name}'", code="resource_missing", param="card[token]")
    return _named(call, number)


def _from_number(call: Call, given: Json) -> Record:
    for name in ("number", "exp_month", "exp_year"):
        if name not in given:
            raise missing_param(f"card[{name}]")
    number = given["number"].replace(" ", "").replace("-", "")
    if not cards.passes_luhn(number):
        raise card_error(DECLINES["incorrect_number"], param="number")
    card = cards.by_number(number, call.scope.livemode)
    year = _check_expiry(call, given["exp_month"], given["exp_year"])
    cvc = given.get("cvc")
    if cvc is not None and not (cvc.isdigit() and len(cvc) == (4 if card.brand == "amex" else 3)):
        raise card_error(cards.Decline("invalid_cvc", None, "Your card's security code is invalid."), param="cvc")
    if card.behavior in ("test_mode_live_card", "live_mode_test_card"):
        raise card_error(DECLINES[card.behavior])
    return _store(call, card, number, month=given["exp_month"], year=year, cvc=cvc is not None)


def _check_expiry(call: Call, month: int, year: int) -> int:
    year = year + 2000 if 0 <= year < 100 else year
    today = time.gmtime(call.now)
    if not 1 <= month <= 12:
        raise card_error(
            cards.Decline("invalid_expiry_month", None, "Your card's expiration month is invalid."), param="exp_month"
        )
    if (year, month) < (today.tm_year, today.tm_mon) or year > today.tm_year + 50:
        raise card_error(
            cards.Decline("invalid_expiry_year", None, "Your card's expiration year is invalid."), param="exp_year"
        )
    return year


def _named(call: Call, number: str) -> Record:
    year = time.gmtime(call.now).tm_year + 1
    return _store(call, cards.BY_NUMBER[number], number, month=12, year=year, cvc=True)


def _store(call: Call, card: Card, number: str, *, month: int, year: int, cvc: bool) -> Record:
    billing = call.params.get("billing_details")
    checked = shapes.checks(card, cvc, (billing or {}).get("address"))
    face = shapes.card_face(card, number[-4:], call.scope.fingerprint(number), expiry=(month, year), checks=checked)
    body = shapes.payment_method(call.new_id("payment_method"), call.now, livemode=call.scope.livemode, card=face)
    body["billing_details"] = shapes.billing_details(billing)
    return call.scope.add("payment_method", body, {"behavior": card.behavior, "used_up": False})


def anybodys(call: Call) -> Record:
    """A good card of somebody's, in either mode: for payments that others make on the same account."""
    return _named(call, cards.BY_NAME["visa"])


def find(call: Call, identity: str, param: str | None = None) -> Record:
    """The payment method of an id; the name of a test card gives a new one, in test mode only."""
    number = cards.BY_NAME.get(identity.removeprefix(NAME_PREFIX)) if identity.startswith(NAME_PREFIX) else None
    if number is not None and not call.scope.livemode:
        return _named(call, number)
    return call.find("payment_method", identity, param)


def retrieve(call: Call) -> Json:
    return find(call, call.path_ids[0]).body


def update(call: Call) -> Json:
    """Only what is said of the card's owner can change here."""
    body = call.in_path("payment_method").body
    if "allow_redisplay" in call.params:
        body["allow_redisplay"] = call.params["allow_redisplay"]
    if "billing_details" in call.params:
        old, new = body["billing_details"], call.params["billing_details"]
        address = shapes.address({**old["address"], **(new.get("address") or {})})
        body["billing_details"] = {**old, **new, "address": address}
    if "metadata" in call.params:
        body["metadata"] = merge_metadata(body["metadata"], call.params["metadata"])
    call.scope.touch("payment_method", body["id"])
    call.emit("payment_method.updated", body)
    return body


def check_attachable(call: Call, record: Record, customer: str) -> None:
    """Raises 400 for a card that is spent or another customer's, 402 for one that its bank refuses on the check."""
    if record.private["used_up"] and not record.private.get("savable"):
        raise ApiError(400, USED_UP, param="payment_method")
    if record.body["customer"] not in (None, customer):
        raise ApiError(
            400, "The payment method you provided has already been attached to a customer.", param="payment_method"
        )
    decline = DECLINES.get(record.private["behavior"])
    if decline is not None:
        raise card_error(decline)


def attach_to(call: Call, record: Record, customer: str) -> None:
    if record.body["customer"] == customer:
        return
    record.body["customer"] = customer
    record.private.update(used_up=False, savable=False)
    call.scope.touch("payment_method", record.body["id"])
    call.emit("payment_method.attached", record.body)


def attach(call: Call) -> Json:
    record = find(call, call.path_ids[0])
    customer = call.customer(call.params["customer"], "customer").body["id"]
    check_attachable(call, record, customer)
    attach_to(call, record, customer)
    return record.body


def detach_from(call: Call, record: Record) -> None:
    record.body["customer"] = None
    record.private.update(used_up=True, savable=False)
    call.scope.touch("payment_method", record.body["id"])
    call.emit("payment_method.detached", record.body)


def detach(call: Call) -> Json:
    record = call.in_path("payment_method")
    if record.body["customer"] is None:
        raise ApiError(
            400,
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )
    detach_from(call, record)
    return record.body


def index(call: Call) -> Json:
    """Of one customer, as the list without a customer is of no use to a merchant of cards."""
    customer = call.params.get("customer")
    if customer:
        call.customer(customer, "customer")
    return _page(call, customer, "/v1/payment_methods")


def index_of_customer(call: Call) -> Json:
    customer = call.customer(call.path_ids[0]).body["id"]
    return _page(call, customer, f"/v1/customers/{customer}/payment_methods")


def _page(call: Call, customer: str | None, url: str) -> Json:
    return listing.page(
        call, "payment_method", url, lambda body: body["customer"] == customer if customer else bool(body["customer"])
    )
