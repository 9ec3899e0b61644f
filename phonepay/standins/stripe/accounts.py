"""The account that a key belongs to, as `GET /v1/account` shows it."""

from phonepay.standins.stripe import charges, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import ApiError, Json

OPENED = 1_700_000_000


def own(call: Call) -> Json:
    return _account(call)


def by_id(call: Call) -> Json:
    """Only the caller's own: the stand-in has no connected accounts."""
    if call.path_ids[0] != call.scope.account_id:
        raise ApiError(
            403, f"The provided key does not have access to account '{call.path_ids[0]}'.", code="account_invalid"
        )
    return _account(call)


def _account(call: Call) -> Json:
    identity = call.scope.account_id
    nothing_due: Json = {
        "alternatives": [], "current_deadline": None, "currently_due": [], "disabled_reason": None, "errors": [],
        "eventually_due": [], "past_due": [], "pending_verification": [],
    }  # fmt: skip
    return {
        "id": identity, "object": "account", "business_profile": _profile(), "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"}, "charges_enabled": True,
        "controller": {"type": "account"}, "country": "US", "created": OPENED, "default_currency": "usd",
        "details_submitted": True, "email": "owner@example.com",
        "external_accounts": shapes.listing(f"/v1/accounts/{identity}/external_accounts", [], False),
        "future_requirements": nothing_due, "metadata": {}, "payouts_enabled": True, "requirements": nothing_due,
        "settings": _settings(charges.descriptor_prefix(call)),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None}, "type": "standard",
    }  # fmt: skip


def _profile() -> Json:
    return {
        "annual_revenue": None, "estimated_worker_count": None, "mcc": "5999",
        "minority_owned_business_designation": None, "name": "Phone Shop", "product_description": None,
        "support_address": None, "support_email": None, "support_phone": None, "support_url": None, "url": None,
    }  # fmt: skip


def _settings(prefix: str) -> Json:
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {
            "decline_on": {"avs_failure": True, "cvc_failure": True},
            "statement_descriptor_prefix": prefix, "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": "Phone Shop", "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": None},
        "payments": {
            "statement_descriptor": prefix, "statement_descriptor_kana": None, "statement_descriptor_kanji": None,
            "statement_descriptor_prefix_kana": None, "statement_descriptor_prefix_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": True, "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": None,
        },
        "sepa_debit_payments": {},
    }  # fmt: skip
