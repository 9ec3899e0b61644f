"""What the tests do as a shop would: the real client, cards, paid intents, requests at the same moment."""

import inspect
import threading
from collections.abc import Callable
from typing import Any

import stripe

from phonepay.standins.stripe import StripeStandIn

NOW = 1_800_000_000
KEY = "sk_test_shop"


def client(standin: StripeStandIn, key: str = KEY) -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": standin.url}, max_network_retries=0)


def card(client: stripe.StripeClient, number: str = "4242424242424242", **more: Any) -> str:
    face = {
        "number": number,
        "exp_month": 12,
        "exp_year": 2040,
        "cvc": "1234" if number.startswith(("34", "37")) else "123",
    }
    return client.v1.payment_methods.create({"type": "card", "card": {**face, **more}}).id


def intent(client: stripe.StripeClient, amount: int = 4250, **more: Any) -> stripe.PaymentIntent:
    given = {"amount": amount, "currency": "usd", "allowed_payment_method_types": ["card"], **more}
    return client.v1.payment_intents.create(given)


def paid(client: stripe.StripeClient, amount: int = 4250, method: str = "pm_card_visa", **more: Any) -> Any:
    return intent(client, amount, confirm=True, payment_method=method, **more)


def declined(do: Callable[..., Any], *args: Any, **more: Any) -> stripe.CardError:
    """The refusal of a card."""
    try:
        do(*args, **more)
    except stripe.CardError as error:
        return error
    raise AssertionError("the card was not refused")


def refused(do: Callable[..., Any], *args: Any, **more: Any) -> stripe.StripeError:
    """The refusal of a request."""
    try:
        do(*args, **more)
    except stripe.StripeError as error:
        return error
    raise AssertionError("the request was not refused")


def told(error: stripe.StripeError) -> dict[str, Any]:
    """The error as it came over the wire."""
    body = error.json_body
    assert isinstance(body, dict)
    return dict(body["error"])


class Running:
    """One call in a thread of its own: `result()` is what it gave back or raised."""

    def __init__(self, do: Callable[..., Any], *args: Any) -> None:
        self._outcome: Any = None
        self._thread = threading.Thread(target=self._run, args=(do, args), daemon=True)
        self._thread.start()

    def _run(self, do: Callable[..., Any], args: tuple[Any, ...]) -> None:
        try:
            self._outcome = do(*args)
        except Exception as error:  # noqa: BLE001 -- whatever it raised is the outcome
            self._outcome = error

    def result(self) -> Any:
        self._thread.join(timeout=20)
        assert not self._thread.is_alive(), "the call did not end"
        return self._outcome


def source(resource: type) -> str:
    """The package's own words about a resource."""
    return inspect.getsource(resource)
