"""What a request to Stripe is called in a label: its address without ids, so that there are few of them."""

from __future__ import annotations

from urllib.parse import urlsplit

# Whatever else stands in an address is an id (docs.stripe.com/api).
WORDS = frozenset(
    {
        "account",
        "accounts",
        "balance",
        "balance_transactions",
        "cancel",
        "capture",
        "charges",
        "confirm",
        "customers",
        "detach",
        "disputes",
        "early_fraud_warnings",
        "events",
        "files",
        "payment_intents",
        "payment_methods",
        "payouts",
        "radar",
        "refunds",
        "search",
        "setup_intents",
        "tokens",
        "webhook_endpoints",
    }
)


def operation_of(method: str, url: str) -> str:
    """`POST payment_intents/*/confirm` of `https://api.stripe.com/v1/payment_intents/pi_1/confirm`."""
    parts = [part for part in urlsplit(url).path.split("/") if part and part not in {"v1", "v2"}]
    return f"{method.upper()} {'/'.join(part if part in WORDS else '*' for part in parts)}"
