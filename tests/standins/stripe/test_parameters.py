"""The tables of parameters, held to the typed parameters of the real package in both directions."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe
from stripe._request_options import RequestOptions

import phonepay.standins.stripe
from phonepay.standins.stripe import parameters, routes
from phonepay.standins.stripe.params import Choice, Hash
from tests.standins.stripe import shop

# Which typed parameters of the package each route's table is the twin of.
TWINS = {
    "GET /v1/account": "account_retrieve_current",
    "GET /v1/accounts/{id}": "account_retrieve",
    "POST /v1/customers": "customer_create",
    "GET /v1/customers": "customer_list",
    "GET /v1/customers/{id}": "customer_retrieve",
    "POST /v1/customers/{id}": "customer_update",
    "DELETE /v1/customers/{id}": "customer_delete",
    "GET /v1/customers/{id}/payment_methods": "customer_payment_method_list",
    "POST /v1/payment_methods": "payment_method_create",
    "GET /v1/payment_methods": "payment_method_list",
    "GET /v1/payment_methods/{id}": "payment_method_retrieve",
    "POST /v1/payment_methods/{id}": "payment_method_update",
    "POST /v1/payment_methods/{id}/attach": "payment_method_attach",
    "POST /v1/payment_methods/{id}/detach": "payment_method_detach",
    "POST /v1/payment_intents": "payment_intent_create",
    "GET /v1/payment_intents": "payment_intent_list",
    "GET /v1/payment_intents/{id}": "payment_intent_retrieve",
    "POST /v1/payment_intents/{id}": "payment_intent_update",
    "POST /v1/payment_intents/{id}/confirm": "payment_intent_confirm",
    "POST /v1/payment_intents/{id}/cancel": "payment_intent_cancel",
    "GET /v1/charges": "charge_list",
    "GET /v1/charges/{id}": "charge_retrieve",
    "POST /v1/charges/{id}": "charge_update",
    "POST /v1/refunds": "refund_create",
    "GET /v1/refunds": "refund_list",
    "GET /v1/refunds/{id}": "refund_retrieve",
    "POST /v1/refunds/{id}": "refund_update",
    "POST /v1/refunds/{id}/cancel": "refund_cancel",
    "GET /v1/balance_transactions": "balance_transaction_list",
    "GET /v1/balance_transactions/{id}": "balance_transaction_retrieve",
    "GET /v1/disputes": "dispute_list",
    "GET /v1/disputes/{id}": "dispute_retrieve",
    "GET /v1/radar/early_fraud_warnings": "radar.early_fraud_warning_list",
    "GET /v1/radar/early_fraud_warnings/{id}": "radar.early_fraud_warning_retrieve",
    "GET /v1/payouts": "payout_list",
    "GET /v1/payouts/{id}": "payout_retrieve",
    "GET /v1/events": "event_list",
    "GET /v1/events/{id}": "event_retrieve",
    "POST /v1/webhook_endpoints": "webhook_endpoint_create",
    "GET /v1/webhook_endpoints": "webhook_endpoint_list",
    "GET /v1/webhook_endpoints/{id}": "webhook_endpoint_retrieve",
    "POST /v1/webhook_endpoints/{id}": "webhook_endpoint_update",
    "DELETE /v1/webhook_endpoints/{id}": "webhook_endpoint_delete",
}
# Below a parameter: the class of the package that types it.
NESTED = [
    (parameters.CARD, "payment_method_create", "Card"),
    (parameters.BILLING, "payment_method_create", "BillingDetails"),
    (parameters.ADDRESS, "payment_method_create", "BillingDetailsAddress"),
    (parameters.ADDRESS, "customer_create", "Address"),
    (parameters.AUTOMATIC, "payment_intent_create", "AutomaticPaymentMethods"),
    (parameters.INTENT_OPTIONS, "payment_intent_create", "PaymentMethodOptions"),
    (parameters.INTENT_OPTIONS, "payment_intent_confirm", "PaymentMethodOptions"),
    (parameters.CARD_OPTIONS, "payment_intent_create", "PaymentMethodOptionsCard"),
    (parameters.CARD_OPTIONS, "payment_intent_confirm", "PaymentMethodOptionsCard"),
    (parameters.CARD_OPTIONS, "payment_intent_update", "PaymentMethodOptionsCard"),
]
# Codes that the package's own list of a payment's errors does not hold. Source: docs.stripe.com/changelog/endive.
CODES_BEYOND = {"payment_method_types_no_longer_supported"}


def typed(call: str, below: str = "") -> Any:
    room, _, call = call.rpartition(".")
    module = importlib.import_module(f"stripe.params{'.' + room if room else ''}._{call}_params")
    return getattr(module, "".join(word.title() for word in call.split("_")) + "Params" + below)


def names(twin: Any) -> set[str]:
    return set(twin.__annotations__) - set(RequestOptions.__annotations__)


def tables() -> Iterator[tuple[str, Hash, Any]]:
    for route in routes.ROUTES:
        name = f"{route.method} {route.path}"
        yield name, route.parameters, typed(TWINS[name])
    for table, call, below in NESTED:
        yield f"{call} {below}", table, typed(call, below)


TABLES = list(tables())


@pytest.mark.parametrize(("table", "twin"), [one[1:] for one in TABLES], ids=[one[0] for one in TABLES])
def test_a_table_knows_the_parameters_of_the_package_and_no_other(table: Hash, twin: Any) -> None:
    assert set(table.known) == names(twin)


@pytest.mark.parametrize(("table", "twin"), [one[1:] for one in TABLES], ids=[one[0] for one in TABLES])
def test_a_table_requires_what_the_package_requires(table: Hash, twin: Any) -> None:
    assert names(twin) & twin.__required_keys__ <= set(table.required)


@pytest.mark.parametrize(("table", "twin"), [one[1:] for one in TABLES], ids=[one[0] for one in TABLES])
def test_a_choice_has_the_words_of_the_package(table: Hash, twin: Any) -> None:
    for name, kind in table.fields.items():
        if isinstance(kind, Choice):
            (literal,) = re.findall(r"Literal\[('\w[^\]]*)\]", str(twin.__annotations__[name]).replace('"', "'"))
            assert set(kind.words + kind.beyond) == set(re.findall(r"\w+", literal)), name


def constants(node: ast.expr | None) -> set[str]:
    return (
        {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if node
        else set()
    )


def calls(function: str) -> Iterator[ast.Call]:
    for file in Path(str(phonepay.standins.stripe.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == function:
                yield node


def literals(source: Path) -> set[str]:
    return set(re.findall(r'^\s+"([\w.*]+)",$', source.read_text(), re.MULTILINE))


PACKAGE = Path(str(stripe.__file__)).parent


def test_every_event_that_is_written_is_one_of_the_package() -> None:
    written = {name for call in calls("emit") for name in constants(call.args[0])}
    assert "payment_intent.succeeded" in written
    assert written <= literals(PACKAGE / "params/_webhook_endpoint_create_params.py")


def test_every_code_of_an_error_is_one_of_the_package() -> None:
    told = {name for call in calls("Decline") for name in constants(call.args[0])}
    told |= {name for call in calls("invalid") if len(call.args) > 2 for name in constants(call.args[2])}
    for function in ("ApiError", "invalid"):
        told |= {
            code
            for call in calls(function)
            for word in call.keywords
            if word.arg == "code"
            for code in constants(word.value)
        }
    assert {"card_declined", "resource_missing", "parameter_unknown", "charge_already_refunded"} <= told
    assert told <= literals(PACKAGE / "_payment_intent.py") | CODES_BEYOND


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        ({"currency": "usd"}, "parameter_missing", "amount"),
        ({"amount": 4250}, "parameter_missing", "currency"),
        ({"amount": "4.25", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        ({"amount": "", "currency": "usd"}, "parameter_invalid_empty", "amount"),
        ({"amount": 4250, "currency": "usd", "tip": 1}, "parameter_unknown", "tip"),
        ({"amount": 4250, "currency": "usd", "confirm": "yes"}, None, "confirm"),
        ({"amount": 4250, "currency": "usd", "customer": {"id": "x"}}, None, "customer"),
        ({"amount": 4250, "currency": "usd", "setup_future_usage": "always"}, None, "setup_future_usage"),
        ({"amount": 4250, "currency": "usd", "capture_method": "manual"}, None, "capture_method=manual"),
        ({"amount": 4250, "currency": "usd", "transfer_group": "a"}, None, "transfer_group"),
        (
            {"amount": 4250, "currency": "usd", "payment_method_options": {"card": {"tip": "1"}}},
            "parameter_unknown",
            "payment_method_options[card][tip]",
        ),
    ],
)
def test_a_wrong_parameter_is_named(
    client: stripe.StripeClient, given: dict[str, object], code: str | None, param: str
) -> None:
    error = shop.refused(client.v1.payment_intents.create, given)
    assert (error.http_status, error.code, error.param) == (400, code, param)


@pytest.mark.parametrize(
    "metadata",
    [{"k" * 41: "v"}, {"k": "v" * 501}, {f"k{number}": "v" for number in range(51)}],
)
def test_metadata_has_its_limits(client: stripe.StripeClient, metadata: dict[str, str]) -> None:
    assert shop.refused(client.v1.customers.create, {"metadata": metadata}).http_status == 400


def test_metadata_up_to_its_limits_is_kept(client: stripe.StripeClient) -> None:
    metadata = {f"{number:040}": "v" * 500 for number in range(50)}
    made = client.v1.customers.create({"metadata": metadata})
    assert made.metadata is not None and made.metadata.to_dict() == metadata
    assert shop.refused(client.v1.customers.update, made.id, {"metadata": {"one": "more"}}).http_status == 400
    emptied = client.v1.customers.update(made.id, {"metadata": ""})
    assert emptied.metadata is not None and emptied.metadata.to_dict() == {}
