"""Stripe behind the Gateway protocol: the only file that imports the stripe package.

Sources: docs.stripe.com/api (PaymentIntents, Refunds, Customers), docs.stripe.com/api/idempotent_requests.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from time import perf_counter
from typing import Any, TypeVar

import stripe
from django.db import connection

from phonepay import measuring
from phonepay.configuration.reporting import span
from phonepay.measuring.operations import operation_of
from phonepay.payments import hold, pacing
from phonepay.payments.gateway import (
    BadSignature,
    ChargeState,
    Declined,
    DisputeState,
    EventFacts,
    EventPage,
    FraudWarning,
    Intent,
    RefundState,
    Refused,
    StillRunning,
    Unanswered,
    Wanted,
    is_live,
)
from phonepay.payments.stripe_lists import StripeLists
from phonepay.payments.stripe_setup import StripeSetup
from phonepay.payments.stripe_shapes import (
    charge_of,
    dispute_of,
    event_of,
    fingerprint_of,
    id_of,
    intent_of,
    intent_params,
    refund_of,
    warning_of,
)

# The one that stripe 16.1 is typed for; pinned, so that an account's default never matters.
API_VERSION = "2026-10-28.endive"
TIMEOUT = (3.05, 8.0)  # seconds to connect, and to wait for bytes: both below Twilio's 15
RATE_LIMIT_WAITS = (0.3, 0.9)  # seconds before the second and the third try

T = TypeVar("T")

stripe.enable_telemetry = False  # it would write an id to the home directory


class PacedClient(stripe.RequestsClient):
    """Lets each request wait at the gate of this process, a repeated one too, and measures how long Stripe took."""

    def __init__(self, pace: pacing.Pace | None, **facts: Any) -> None:
        super().__init__(**facts)
        self._pace = pace

    def request(self, method: str, url: str, *args: Any, **facts: Any) -> Any:
        if self._pace is not None:
            self._pace.take()
        began, status = perf_counter(), None
        try:
            with span("stripe", operation=operation_of(method, url)):
                answer = super().request(method, url, *args, **facts)
            status = answer[1]
            return answer
        finally:
            measuring.stripe_answered(method, url, status, perf_counter() - began)


class StripeGateway:
    def __init__(self, key: str, base: str = "") -> None:
        self.livemode = is_live(key)
        self._account: str | None = None
        addresses: Any = {"api": base} if base else None
        self._client = stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses=addresses,
            max_network_retries=0,  # what is safe to repeat is decided here, where the money is known
            http_client=PacedClient(pacing.gate(livemode=self.livemode, base=base), timeout=TIMEOUT),
        ).v1
        self.lists = StripeLists(self._client, ask=_call)
        self.setup = StripeSetup(self._client, ask=_call)

    def account(self) -> str:
        """`acct_…` of the key, or "" where a restricted key may not ask or Stripe did not answer.

        Raises Refused for a key that Stripe does not know.
        """
        if self._account is None:
            try:
                self._account = _call(self._client.accounts.retrieve_current).id
            except Refused as error:
                if error.status == HTTPStatus.UNAUTHORIZED:
                    raise
                if error.status != HTTPStatus.FORBIDDEN:
                    return ""
                self._account = ""
            except (Unanswered, StillRunning):
                return ""
        return self._account

    def create_customer(self, *, key: str, phone: str, metadata: Mapping[str, str]) -> str:
        params: Any = {"metadata": dict(metadata)}
        if phone:
            params["phone"] = phone
        return _call(lambda: self._client.customers.create(params, {"idempotency_key": key})).id

    def delete_customer(self, customer_id: str) -> None:
        try:
            _call(lambda: self._client.customers.delete(customer_id))
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise

    def detach_card(self, payment_method: str) -> None:
        """Take a card off its customer: it cannot be charged again. Done already, or gone, is done."""
        try:
            _call(lambda: self._client.payment_methods.detach(payment_method))
        except Refused as error:
            if error.status not in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
                raise

    def create_intent(self, wanted: Wanted, *, key: str) -> Intent:
        params = intent_params(wanted)
        return intent_of(_call(lambda: self._client.payment_intents.create(params, {"idempotency_key": key})).to_dict())

    def confirm_intent(
        self, intent_id: str, *, payment_method: str, moto: bool, off_session: bool, key: str, cleared: bool = False
    ) -> Intent:
        """Charge the card. `off_session`: the customer is not there, and agreed to it before.

        `cleared`: the claim's own statement has just seen that no hold is on; else it is asked here. Raises Held.
        """
        if not cleared:
            hold.refuse_while_held()
        params: Any = {
            "payment_method": payment_method,
            "error_on_requires_action": True,
            "expand": ["payment_method"],  # for the card's fingerprint
        }
        if off_session:
            params["off_session"] = True
        if moto:
            params["payment_method_options"] = {"card": {"moto": True}}
        options: Any = {"idempotency_key": key}
        return _charged(
            intent_of(_call(lambda: self._client.payment_intents.confirm(intent_id, params, options)).to_dict())
        )

    def retrieve_intent(self, intent_id: str) -> Intent:
        return intent_of(_call(lambda: self._client.payment_intents.retrieve(intent_id)).to_dict())

    def cancel_intent(self, intent_id: str) -> Intent:
        """Cancel, or read what it is where it cannot be cancelled any more: the answer's status tells."""
        try:
            return intent_of(_call(lambda: self._client.payment_intents.cancel(intent_id)).to_dict())
        except Refused as error:
            if error.code != "payment_intent_unexpected_state":
                raise
            return self.retrieve_intent(intent_id)

    def create_refund(
        self, *, charge_id: str, amount: int, reason: str, metadata: Mapping[str, str], key: str
    ) -> RefundState:
        hold.refuse_while_held()
        params: Any = {"charge": charge_id, "amount": amount, "metadata": dict(metadata)}
        if reason in ("duplicate", "fraudulent", "requested_by_customer"):
            params["reason"] = reason
        return refund_of(_call(lambda: self._client.refunds.create(params, {"idempotency_key": key})).to_dict())

    def retrieve_refund(self, refund_id: str) -> RefundState:
        return refund_of(_call(lambda: self._client.refunds.retrieve(refund_id)).to_dict())

    def retrieve_charge(self, charge_id: str) -> ChargeState:
        return charge_of(_call(lambda: self._client.charges.retrieve(charge_id)).to_dict())

    def retrieve_dispute(self, dispute_id: str) -> DisputeState:
        return dispute_of(_call(lambda: self._client.disputes.retrieve(dispute_id)).to_dict())

    def retrieve_warning(self, warning_id: str) -> FraudWarning:
        return warning_of(_call(lambda: self._client.radar.early_fraud_warnings.retrieve(warning_id)).to_dict())

    def fingerprint(self, payment_method: str) -> str:
        """Of the card, before it is charged; "" where it has none."""
        return fingerprint_of(_call(lambda: self._client.payment_methods.retrieve(payment_method)).to_dict())

    def keeps_card(self, payment_method: str, customer_id: str) -> bool:
        """Whether the card is still on the customer, so that it can be charged again."""
        try:
            shape = _call(lambda: self._client.payment_methods.retrieve(payment_method)).to_dict()
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return False
        return id_of(shape.get("customer")) == customer_id

    def events_since(self, since: int, *, types: Sequence[str], after: str = "") -> EventPage:
        """A hundred events created at `since` (Unix seconds) or later, the newest first; `after` is the last one read.

        Stripe keeps events for 30 days.
        """
        params: Any = {"created": {"gte": since}, "types": list(types), "limit": 100}
        if after:
            params["starting_after"] = after
        page = _call(lambda: self._client.events.list(params))
        return EventPage([event_of(each.to_dict()) for each in page.data], page.has_more)

    def refunds_of(self, *, charge_id: str) -> list[RefundState]:
        page = _call(lambda: self._client.refunds.list({"charge": charge_id, "limit": 100}))
        return [refund_of(refund.to_dict()) for refund in page.data]


def read_signed_event(payload: bytes, signature: str, secrets: Sequence[str]) -> EventFacts:
    """Verify and read a webhook, signed within the last five minutes. Raises BadSignature, for another shape too."""
    for secret in secrets:
        try:
            return event_of(stripe.Webhook.construct_event(payload, signature, secret).to_dict())
        except (stripe.SignatureVerificationError, ValueError):
            continue
        except (AttributeError, KeyError, TypeError, RecursionError) as error:
            raise BadSignature("signed with our secret, but no event") from error
    raise BadSignature("no secret of ours signed this")


def _call(request: Callable[[], T]) -> T:
    """Send one request and say in our own words what came back; a full house (429) is asked again twice."""
    if connection.in_atomic_block:
        raise RuntimeError(
            "Stripe is never asked inside a transaction: a lock would be held while the network is waited for"
        )
    for wait in (*RATE_LIMIT_WAITS, None):
        try:
            return request()
        except stripe.RateLimitError as error:
            if wait is None:
                raise _full_house(error) from error
            threading.Event().wait(wait)
        except stripe.CardError as error:
            raise _declined(error) from error
        except stripe.APIConnectionError as error:
            raise Unanswered(type(error).__name__) from error
        except stripe.StripeError as error:
            raise _without_card(error) from error
    raise AssertionError("unreachable: the last wait is None")


def _full_house(error: stripe.RateLimitError) -> Refused | StillRunning:
    """429 for good. A lock that was not to be had is another request at work on the same object, and proves nothing."""
    if error.code == "lock_timeout":
        return StillRunning(error.code)
    try:
        retry_after = float((error.headers or {}).get("Retry-After", 0))
    except ValueError:  # a date, which Stripe does not send
        retry_after = 0.0
    return Refused(str(error), status=HTTPStatus.TOO_MANY_REQUESTS, code=error.code or "", retry_after=retry_after)


def _without_card(error: stripe.StripeError) -> Refused | StillRunning | Unanswered:
    status = error.http_status or 0
    if status == HTTPStatus.CONFLICT:
        return StillRunning(error.code or "in use")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(error.user_message or str(error), status=status, code=error.code or "")
    return Unanswered(f"{type(error).__name__} {status}", status=status)


def _declined(error: stripe.CardError) -> Declined:
    body: Any = error.json_body or {}
    details: dict[str, Any] = body.get("error", {})
    return Declined(
        details.get("decline_code") or error.code or "generic_decline",
        payment_method=id_of(details.get("payment_method")),
        charge_id=id_of(details.get("charge")),
        fingerprint=fingerprint_of(details.get("payment_method")),
    )


def _charged(intent: Intent) -> Intent:
    """The answer to a confirm: went through, or one of the errors."""
    if intent.succeeded:
        return intent
    if intent.status == "requires_action":
        raise Declined("authentication_required", payment_method=intent.payment_method, fingerprint=intent.fingerprint)
    if intent.status == "requires_payment_method":
        code, method = intent.error_code or "generic_decline", intent.error_payment_method
        raise Declined(code, payment_method=method, fingerprint=intent.fingerprint)
    raise Unanswered(intent.status)
