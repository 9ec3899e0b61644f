"""The objects as the API shows them, with every field that Stripe's own example of each carries."""

import copy
from typing import Any

from phonepay.standins.stripe.cards import Card, Decline
from phonepay.standins.stripe.errors import Json

API_VERSION = "2026-10-28.endive"


def address(given: Json | None = None) -> Json:
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    return {name: (given or {}).get(name) for name in names}


def billing_details(given: Json | None = None) -> Json:
    given = given or {}
    plain = {name: given.get(name) for name in ("email", "name", "phone", "tax_id")}
    return {"address": address(given.get("address")), **plain}


def customer(identity: str, created: int, livemode: bool) -> Json:
    return {
        "id": identity, "object": "customer", "address": None, "balance": 0, "created": created, "currency": None,
        "default_source": None, "delinquent": False, "description": None, "discount": None, "email": None,
        "invoice_prefix": identity[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None,
        },
        "livemode": livemode, "metadata": {}, "name": None, "next_invoice_sequence": 1, "phone": None,
        "preferred_locales": [], "shipping": None, "tax_exempt": "none", "test_clock": None,
    }  # fmt: skip


def checks(card: Card, cvc_given: bool, address_given: Json | None) -> Json:
    """What verification said: only what was given is checked."""
    given = address_given or {}
    return {
        "address_line1_check": (card.line1_check or "pass") if given.get("line1") else None,
        "address_postal_code_check": (card.zip_check or "pass") if given.get("postal_code") else None,
        "cvc_check": (card.cvc_check or "pass") if cvc_given else None,
    }


def payment_method(identity: str, created: int, *, livemode: bool, card: Json) -> Json:
    return {
        "id": identity, "object": "payment_method", "allow_redisplay": "unspecified",
        "billing_details": billing_details(), "card": card, "created": created, "customer": None,
        "customer_account": None, "livemode": livemode, "metadata": {}, "type": "card",
    }  # fmt: skip


def card_face(card: Card, last4: str, fingerprint: str, *, expiry: tuple[int, int], checks: Json) -> Json:
    """`expiry` is month and year."""
    return {
        "brand": card.brand, "checks": checks, "country": card.country, "display_brand": card.brand,
        "exp_month": expiry[0], "exp_year": expiry[1], "fingerprint": fingerprint, "funding": card.funding,
        "generated_from": None, "last4": last4, "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated", "three_d_secure_usage": {"supported": True}, "wallet": None,
    }  # fmt: skip


def payment_intent(identity: str, secret: str, created: int, *, livemode: bool, amount: int, currency: str) -> Json:
    return {
        "id": identity, "object": "payment_intent", "amount": amount, "amount_capturable": 0,
        "amount_details": {"tip": {}}, "amount_received": 0, "application": None, "application_fee_amount": None,
        "automatic_payment_methods": None, "canceled_at": None, "cancellation_reason": None,
        "capture_method": "automatic_async", "client_secret": secret, "confirmation_method": "automatic",
        "created": created, "currency": currency, "customer": None, "customer_account": None, "description": None,
        "excluded_payment_method_types": None, "last_payment_error": None, "latest_charge": None,
        "livemode": livemode, "managed_payments": {"enabled": False}, "metadata": {}, "next_action": None,
        "on_behalf_of": None, "payment_method": None, "payment_method_configuration_details": None,
        "payment_method_options": {}, "payment_method_types": ["card"], "processing": None, "receipt_email": None,
        "review": None, "setup_future_usage": None, "shipping": None, "source": None, "statement_descriptor": None,
        "statement_descriptor_suffix": None, "status": "requires_payment_method", "transfer_data": None,
        "transfer_group": None,
    }  # fmt: skip


def charge(identity: str, created: int, intent: Json, method: Json) -> Json:
    """A charge of an intent's whole amount, not yet decided."""
    return {
        "id": identity, "object": "charge", "amount": intent["amount"], "amount_captured": 0, "amount_refunded": 0,
        "application": None, "application_fee": None, "application_fee_amount": None, "balance_transaction": None,
        "billing_details": copy.deepcopy(method["billing_details"]), "calculated_statement_descriptor": None,
        "captured": False,
        "created": created, "currency": intent["currency"], "customer": intent["customer"],
        "description": intent["description"], "disputed": False, "failure_balance_transaction": None,
        "failure_code": None, "failure_message": None, "fraud_details": {}, "livemode": intent["livemode"],
        "metadata": dict(intent["metadata"]), "on_behalf_of": None, "outcome": None, "paid": False,
        "payment_intent": intent["id"], "payment_method": method["id"],
        "payment_method_details": _details(intent["amount"], method), "receipt_email": intent["receipt_email"],
        "receipt_number": None, "receipt_url": None, "refunded": False, "review": None, "shipping": None,
        "source": None, "source_transfer": None, "statement_descriptor": None,
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"], "status": "pending",
        "transfer_data": None, "transfer_group": None,
    }  # fmt: skip


def _details(amount: int, method: Json) -> Json:
    face = method["card"]
    same = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "regulated_status",
    )
    return {
        "type": "card",
        "card": {
            **copy.deepcopy({name: face[name] for name in same}),
            "amount_authorized": None, "authorization_code": None, "extended_authorization": {"status": "disabled"},
            "incremental_authorization": {"status": "unavailable"}, "installments": None, "mandate": None,
            "multicapture": {"status": "unavailable"}, "network": face["brand"], "network_token": {"used": False},
            "network_transaction_id": None, "transaction_link_id": None,
            "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
            "three_d_secure": None, "wallet": None,
        },
    }  # fmt: skip


def outcome(decline: Decline | None) -> Json:
    """Why a charge was let through or not. Source: docs.stripe.com/api/charges/object (outcome)."""
    if decline is None:
        return _outcome("authorized", "approved_by_network", None, "Payment complete.", None)
    if decline.blocked:
        return _outcome("blocked", "not_sent_to_network", decline.reason, "Blocked as too risky.", decline.advice)
    return _outcome("issuer_declined", "declined_by_network", decline.reason, "The bank declined.", decline.advice)


def _outcome(kind: str, network: str, reason: str | None, seller: str, advice: str | None) -> Json:
    code = None if kind == "authorized" or network == "not_sent_to_network" else "05"
    return {
        "advice_code": advice, "network_advice_code": None, "network_decline_code": code, "network_status": network,
        "reason": reason, "seller_message": seller, "type": kind,
    }  # fmt: skip


def refund(identity: str, created: int, of: Json, amount: int) -> Json:
    return {
        "id": identity, "object": "refund", "amount": amount, "balance_transaction": None, "charge": of["id"],
        "created": created, "currency": of["currency"], "customer": None, "customer_account": None,
        "destination_details": {"card": {"type": "refund"}, "type": "card"}, "metadata": {},
        "payment_intent": of["payment_intent"], "payment_method": None, "reason": None, "receipt_number": None,
        "source_transfer_reversal": None, "status": "succeeded", "transfer_reversal": None,
    }  # fmt: skip


def balance_transaction(
    identity: str, created: int, kind: str, *, category: str, amount: int, currency: str, fee: int, fee_name: str,
    source: str | None, rate: float | None, description: str | None,
) -> Json:  # fmt: skip
    """One entry of the balance, with what it is about as its `source`."""
    fees: list[Json] = []
    if fee:
        told = {"application": None, "description": fee_name, "type": "stripe_fee"}
        fees.append({"amount": fee, "currency": currency, **told})
    return {
        "id": identity, "object": "balance_transaction", "amount": amount, "available_on": created + 2 * 86400,
        "balance_type": "payments", "created": created, "currency": currency, "description": description,
        "exchange_rate": rate, "fee": fee, "fee_details": fees, "net": amount - fee, "reporting_category": category,
        "source": source, "status": "pending", "type": kind,
    }  # fmt: skip


def dispute(identity: str, created: int, *, charge: Json, amount: int, reason: str, status: str, due_by: int) -> Json:
    card = charge["payment_method_details"]["card"]
    kind = "inquiry" if status.startswith("warning_") else "chargeback"
    code = "10.4" if reason == "fraudulent" else "13.1"
    return {
        "id": identity, "object": "dispute", "amount": amount, "balance_transactions": [], "charge": charge["id"],
        "created": created, "currency": charge["currency"], "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": due_by, "enhanced_eligibility": {}, "has_evidence": False, "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": True, "livemode": charge["livemode"], "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": card["brand"], "case_type": kind, "network": card["network"], "network_reason_code": code,
            },
            "type": "card",
        },
        "reason": reason, "status": status,
    }  # fmt: skip


EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def early_fraud_warning(identity: str, created: int, *, charge: Json, fraud_type: str, actionable: bool) -> Json:
    return {
        "id": identity, "object": "radar.early_fraud_warning", "actionable": actionable, "charge": charge["id"],
        "created": created, "fraud_type": fraud_type, "livemode": charge["livemode"],
        "payment_intent": charge["payment_intent"],
    }  # fmt: skip


def payout(identity: str, created: int, *, livemode: bool, amount: int, currency: str, arrives: int) -> Json:
    return {
        "id": identity, "object": "payout", "amount": amount, "application_fee": None, "application_fee_amount": None,
        "arrival_date": arrives, "automatic": True, "balance_transaction": None, "created": created,
        "currency": currency, "description": "STRIPE PAYOUT", "destination": "ba_1StandInBankAccount000",
        "failure_balance_transaction": None, "failure_code": None, "failure_message": None, "livemode": livemode,
        "metadata": {}, "method": "standard", "original_payout": None, "payout_method": None,
        "reconciliation_status": "completed", "reversed_by": None, "source_type": "card",
        "statement_descriptor": None, "status": "in_transit", "trace_id": None, "type": "bank_account",
    }  # fmt: skip


def event(identity: str, created: int, kind: str, *, livemode: bool, snapshot: Json, request: Json) -> Json:
    return {
        "id": identity, "object": "event", "api_version": API_VERSION, "created": created,
        "data": {"object": snapshot}, "livemode": livemode, "pending_webhooks": 0, "request": request, "type": kind,
    }  # fmt: skip


def webhook_endpoint(identity: str, created: int, livemode: bool, url: str, events: list[str]) -> Json:
    return {
        "id": identity, "object": "webhook_endpoint", "api_version": None, "application": None, "created": created,
        "description": None, "enabled_events": events, "livemode": livemode, "metadata": {}, "status": "enabled",
        "url": url,
    }  # fmt: skip


def listing(url: str, data: list[Json], has_more: bool) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
