"""Which function answers which call, and with which parameters."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from phonepay.standins.stripe import (
    accounts,
    balance,
    charges,
    customers,
    disputes,
    endpoints,
    events,
    intents,
    methods,
    parameters,
    payouts,
    refunds,
    warnings,
)
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import ApiError, Json
from phonepay.standins.stripe.params import Hash


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    work: Callable[[Call], Json]
    parameters: Hash

    @property
    def kind(self) -> str:
        """The kind of object that it answers with, alone or in a list."""
        plural = "payment_methods" if self.path.endswith("/payment_methods") else self.path.split("/")[2]
        return warnings.KIND if plural == "radar" else plural.removesuffix("s")

    @property
    def listed(self) -> bool:
        return self.work.__name__.endswith("index") or self.work.__name__ == "index_of_customer"

    def match(self, path: str) -> tuple[str, ...] | None:
        found = re.fullmatch(re.sub(r"\{id\}", r"([^/]+)", self.path), path)
        return found.groups() if found else None


ROUTES = (
    Route("GET", "/v1/account", accounts.own, parameters.RETRIEVE),
    Route("GET", "/v1/accounts/{id}", accounts.by_id, parameters.RETRIEVE),
    Route("POST", "/v1/customers", customers.create, parameters.CUSTOMER_CREATE),
    Route("GET", "/v1/customers", customers.index, parameters.CUSTOMER_LIST),
    Route("GET", "/v1/customers/{id}", customers.retrieve, parameters.RETRIEVE),
    Route("POST", "/v1/customers/{id}", customers.update, parameters.CUSTOMER_UPDATE),
    Route("DELETE", "/v1/customers/{id}", customers.delete, parameters.NOTHING),
    Route("GET", "/v1/customers/{id}/payment_methods", methods.index_of_customer, parameters.CUSTOMER_METHOD_LIST),
    Route("POST", "/v1/payment_methods", methods.create, parameters.METHOD_CREATE),
    Route("GET", "/v1/payment_methods", methods.index, parameters.METHOD_LIST),
    Route("GET", "/v1/payment_methods/{id}", methods.retrieve, parameters.RETRIEVE),
    Route("POST", "/v1/payment_methods/{id}", methods.update, parameters.METHOD_UPDATE),
    Route("POST", "/v1/payment_methods/{id}/attach", methods.attach, parameters.METHOD_ATTACH),
    Route("POST", "/v1/payment_methods/{id}/detach", methods.detach, parameters.RETRIEVE),
    Route("POST", "/v1/payment_intents", intents.create, parameters.INTENT_CREATE),
    Route("GET", "/v1/payment_intents", intents.index, parameters.INTENT_LIST),
    Route("GET", "/v1/payment_intents/{id}", intents.retrieve, parameters.INTENT_RETRIEVE),
    Route("POST", "/v1/payment_intents/{id}", intents.update, parameters.INTENT_UPDATE),
    Route("POST", "/v1/payment_intents/{id}/confirm", intents.confirm, parameters.INTENT_CONFIRM),
    Route("POST", "/v1/payment_intents/{id}/cancel", intents.cancel, parameters.INTENT_CANCEL),
    Route("GET", "/v1/charges", charges.index, parameters.CHARGE_LIST),
    Route("GET", "/v1/charges/{id}", charges.retrieve, parameters.RETRIEVE),
    Route("POST", "/v1/charges/{id}", charges.update, parameters.CHARGE_UPDATE),
    Route("POST", "/v1/refunds", refunds.create, parameters.REFUND_CREATE),
    Route("GET", "/v1/refunds", refunds.index, parameters.REFUND_LIST),
    Route("GET", "/v1/refunds/{id}", refunds.retrieve, parameters.RETRIEVE),
    Route("POST", "/v1/refunds/{id}", refunds.update, parameters.REFUND_UPDATE),
    Route("POST", "/v1/refunds/{id}/cancel", refunds.cancel, parameters.RETRIEVE),
    Route("GET", "/v1/balance_transactions", balance.index, parameters.BALANCE_LIST),
    Route("GET", "/v1/balance_transactions/{id}", balance.retrieve, parameters.RETRIEVE),
    Route("GET", "/v1/disputes", disputes.index, parameters.DISPUTE_LIST),
    Route("GET", "/v1/disputes/{id}", disputes.retrieve, parameters.RETRIEVE),
    Route("GET", "/v1/radar/early_fraud_warnings", warnings.index, parameters.DISPUTE_LIST),
    Route("GET", "/v1/radar/early_fraud_warnings/{id}", warnings.retrieve, parameters.RETRIEVE),
    Route("GET", "/v1/payouts", payouts.index, parameters.PAYOUT_LIST),
    Route("GET", "/v1/payouts/{id}", payouts.retrieve, parameters.RETRIEVE),
    Route("GET", "/v1/events", events.index, parameters.EVENT_LIST),
    Route("GET", "/v1/events/{id}", events.retrieve, parameters.RETRIEVE),
    Route("POST", "/v1/webhook_endpoints", endpoints.create, parameters.ENDPOINT_CREATE),
    Route("GET", "/v1/webhook_endpoints", endpoints.index, parameters.ENDPOINT_LIST),
    Route("GET", "/v1/webhook_endpoints/{id}", endpoints.retrieve, parameters.RETRIEVE),
    Route("POST", "/v1/webhook_endpoints/{id}", endpoints.update, parameters.ENDPOINT_UPDATE),
    Route("DELETE", "/v1/webhook_endpoints/{id}", endpoints.delete, parameters.NOTHING),
)


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """The route of a request and the ids in its path. Raises 404 as Stripe does for an address it does not know."""
    for route in ROUTES:
        path_ids = route.match(path) if route.method == method else None
        if path_ids is not None:
            return route, path_ids
    raise ApiError(404, f"Unrecognized request URL ({method}: {path[:200]}).", validation=True)
