"""Which parameters each call takes: those that are played, and (`beyond`) those that Stripe knows and this does not.

A test holds every table to the typed parameters of the `stripe` package, in both directions.
"""

from phonepay.standins.stripe.params import (
    Boolean,
    Choice,
    Hash,
    Integer,
    Kind,
    Listed,
    Metadata,
    Moment,
    OffSession,
    Text,
)

EXPAND = Listed(Text())
TEXT = Text(unset=True)
ID = Text(255)

ADDRESS = Hash(dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), TEXT), unset=True)
BILLING = Hash({"address": ADDRESS, "email": TEXT, "name": TEXT, "phone": TEXT}, beyond=("tax_id",))

PAGE: dict[str, Kind] = {"ending_before": ID, "expand": EXPAND, "limit": Integer(1, 100), "starting_after": ID}

# The other ways to pay that a payment method or an intent can be of: this stand-in plays cards.
_OTHERS = (
    "acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie"
    " bizum blik boleto cashapp crypto customer_balance eps fpx giropay grabpay ideal interac_present kakao_pay"
    " klarna konbini kr_card link mb_way mobilepay multibanco naver_pay nz_bank_account oxxo p24 pay_by_bank"
    " payco paynow paypal paypay payto pix promptpay revolut_pay samsung_pay satispay scalapay sepa_debit"
    " sequra sofort sunbit swish twint upi us_bank_account wechat_pay zip"
)
OTHER_METHODS = tuple(_OTHERS.split())
OTHER_TYPES = (*(name for name in OTHER_METHODS if name != "interac_present"), "custom")

CARD_OPTIONS = Hash(
    {
        "moto": Boolean(),
        "request_three_d_secure": Choice("automatic", "any", "challenge"),
        "stored_credential_usage": Choice("installment", "recurring", "unscheduled"),
    },
    beyond=(
        "capture_method", "cvc_token", "installments", "mandate_options", "network", "request_extended_authorization",
        "request_incremental_authorization", "request_multicapture", "request_overcapture", "require_cvc_recollection",
        "setup_credential_usage", "setup_future_usage", "statement_descriptor_suffix_kana",
        "statement_descriptor_suffix_kanji", "three_d_secure",
    ),
)  # fmt: skip

INTENT_OPTIONS = Hash(
    {"card": CARD_OPTIONS},
    beyond=(*OTHER_METHODS, "card_present"),
    unset=True,
)
AUTOMATIC = Hash({"allow_redirects": Choice("always", "never"), "enabled": Boolean()}, required=("enabled",))

_INTENT_SHARED: dict[str, Kind] = {
    "allowed_payment_method_types": Listed(Text()),
    "capture_method": Choice("automatic", "automatic_async", beyond=("manual",)),
    "excluded_payment_method_types": Listed(Text()),
    "expand": EXPAND,
    "payment_method": ID,
    "payment_method_options": INTENT_OPTIONS,
    "receipt_email": TEXT,
    "setup_future_usage": Choice("off_session", "on_session", unset=True),
}
_INTENT_SHARED_BEYOND = ("amount_details", "hooks", "payment_details", "payment_method_data", "shipping")
_INTENT_DETAILS: dict[str, Kind] = {
    "currency": Text(3),
    "customer": ID,
    "description": Text(1000, unset=True),
    "metadata": Metadata(),
    "statement_descriptor": Text(22, unset=True),
    "statement_descriptor_suffix": Text(22, unset=True),
}
_INTENT_DETAILS_BEYOND = (
    "application_fee_amount", "customer_account", "payment_method_configuration", "transfer_data", "transfer_group",
)  # fmt: skip
_CONFIRMING: dict[str, Kind] = {
    "error_on_requires_action": Boolean(),
    "off_session": OffSession(),
    "return_url": Text(),
}
_CONFIRMING_BEYOND = ("confirmation_token", "mandate", "mandate_data", "radar_options", "use_stripe_sdk")

# Gone from the API since version 2026-09-30.endive, still taken from callers of an older version.
LEGACY_TYPES = "payment_method_types"

INTENT_CREATE = Hash(
    {
        **_INTENT_SHARED,
        **_INTENT_DETAILS,
        **_CONFIRMING,
        "amount": Integer(0),
        "automatic_payment_methods": AUTOMATIC,
        "confirm": Boolean(),
        "confirmation_method": Choice("automatic", beyond=("manual",)),
    },
    required=("amount", "currency"),
    beyond=(*_INTENT_SHARED_BEYOND, *_INTENT_DETAILS_BEYOND, *_CONFIRMING_BEYOND, "on_behalf_of"),
)
INTENT_CONFIRM = Hash(
    {**_INTENT_SHARED, **_CONFIRMING, "amount_to_confirm": Integer(0)},
    beyond=(*_INTENT_SHARED_BEYOND, *_CONFIRMING_BEYOND),
)
INTENT_UPDATE = Hash(
    {**_INTENT_SHARED, **_INTENT_DETAILS, "amount": Integer(0)},
    beyond=(*_INTENT_SHARED_BEYOND, *_INTENT_DETAILS_BEYOND),
)
INTENT_CANCEL = Hash(
    {
        "cancellation_reason": Choice("abandoned", "duplicate", "fraudulent", "requested_by_customer"),
        "expand": EXPAND,
    }
)
INTENT_RETRIEVE = Hash({"client_secret": Text(), "expand": EXPAND})
INTENT_LIST = Hash({**PAGE, "created": Moment(), "customer": ID}, beyond=("customer_account",))

RETRIEVE = Hash({"expand": EXPAND})
NOTHING = Hash({})

_CUSTOMER: dict[str, Kind] = {
    "address": ADDRESS,
    "description": TEXT,
    "email": Text(512, unset=True),
    "expand": EXPAND,
    "metadata": Metadata(),
    "name": Text(256, unset=True),
    "phone": Text(20, unset=True),
    "preferred_locales": Listed(Text()),
}
_CUSTOMER_BEYOND = (
    "balance", "business_name", "cash_balance", "individual_name", "invoice_prefix", "invoice_settings",
    "next_invoice_sequence", "shipping", "source", "tax", "tax_exempt", "validate",
)  # fmt: skip
CUSTOMER_CREATE = Hash({**_CUSTOMER, "payment_method": ID}, beyond=(*_CUSTOMER_BEYOND, "tax_id_data", "test_clock"))
CUSTOMER_UPDATE = Hash(_CUSTOMER, beyond=(*_CUSTOMER_BEYOND, "default_source"))
CUSTOMER_LIST = Hash({**PAGE, "created": Moment(), "email": Text(512)}, beyond=("test_clock",))

CARD = Hash(
    {
        "cvc": Text(4),
        "exp_month": Integer(),
        "exp_year": Integer(),
        "number": Text(30),
        "token": Text(255),
    },
    beyond=("networks",),
)
METHOD_CREATE = Hash(
    {
        "allow_redisplay": Choice("always", "limited", "unspecified"),
        "billing_details": BILLING,
        "card": CARD,
        "expand": EXPAND,
        "metadata": Metadata(),
        "type": Choice("card", beyond=OTHER_TYPES),
    },
    required=("type",),
    beyond=(*OTHER_METHODS, "custom", "customer", "payment_method", "radar_options"),
)
METHOD_UPDATE = Hash(
    {
        "allow_redisplay": Choice("always", "limited", "unspecified"),
        "billing_details": BILLING,
        "expand": EXPAND,
        "metadata": Metadata(),
    },
    beyond=("card", "us_bank_account"),
)
METHOD_ATTACH = Hash({"customer": ID, "expand": EXPAND}, required=("customer",), beyond=("customer_account",))
METHOD_LIST = Hash(
    {**PAGE, "customer": ID, "type": Choice("card", beyond=OTHER_TYPES)},
    beyond=("allow_redisplay", "customer_account"),
)
CUSTOMER_METHOD_LIST = Hash({**PAGE, "type": Choice("card", beyond=OTHER_TYPES)}, beyond=("allow_redisplay",))

CHARGE_LIST = Hash({**PAGE, "created": Moment(), "customer": ID, "payment_intent": ID}, beyond=("transfer_group",))
CHARGE_UPDATE = Hash(
    {"description": TEXT, "expand": EXPAND, "metadata": Metadata(), "receipt_email": TEXT},
    beyond=("customer", "fraud_details", "shipping", "transfer_group"),
)

REFUND_CREATE = Hash(
    {
        "amount": Integer(1),
        "charge": ID,
        "expand": EXPAND,
        "metadata": Metadata(),
        "payment_intent": ID,
        "reason": Choice("duplicate", "fraudulent", "requested_by_customer"),
    },
    beyond=("currency", "customer", "instructions_email", "origin", "refund_application_fee", "reverse_transfer"),
)
REFUND_UPDATE = Hash({"expand": EXPAND, "metadata": Metadata()})
REFUND_LIST = Hash({**PAGE, "charge": ID, "created": Moment(), "payment_intent": ID})

EVENT_LIST = Hash({**PAGE, "created": Moment(), "delivery_success": Boolean(), "type": Text(), "types": Listed(Text())})

ENDPOINT_CREATE = Hash(
    {
        "api_version": Text(40),
        "description": TEXT,
        "enabled_events": Listed(Text()),
        "expand": EXPAND,
        "metadata": Metadata(),
        "url": Text(),
    },
    required=("enabled_events", "url"),
    beyond=("connect",),
)
ENDPOINT_UPDATE = Hash(
    {
        "description": TEXT,
        "disabled": Boolean(),
        "enabled_events": Listed(Text()),
        "expand": EXPAND,
        "metadata": Metadata(),
        "url": Text(),
    }
)
ENDPOINT_LIST = Hash(PAGE)

BALANCE_LIST = Hash({**PAGE, "created": Moment(), "currency": Text(3), "payout": ID, "source": ID, "type": Text()})

# Disputes and early fraud warnings are found in the same ways.
DISPUTE_LIST = Hash({**PAGE, "charge": ID, "created": Moment(), "payment_intent": ID})
PAYOUT_LIST = Hash(
    {
        **PAGE,
        "arrival_date": Moment(),
        "created": Moment(),
        "destination": ID,
        "status": Text(),
    }
)
