"""Stripe's test cards: what each number and each `pm_card_…` name does when it is used.

Source: docs.stripe.com/testing and docs.stripe.com/declines/codes. Numbers are used to find the behavior and the
fingerprint, and are kept nowhere.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Decline:
    """How a refused charge is told: `code` and `decline_code` of the error, its words, and the charge's outcome."""

    code: str
    decline_code: str | None
    message: str
    advice: str | None = None
    blocked: bool = False

    @property
    def reason(self) -> str:
        return "highest_risk_level" if self.blocked else (self.decline_code or self.code)


DECLINES = {
    "generic_decline": Decline("card_declined", "generic_decline", "Your card was declined.", "try_again_later"),
    "insufficient_funds": Decline(
        "card_declined", "insufficient_funds", "Your card has insufficient funds.", "try_again_later"
    ),
    "lost_card": Decline("card_declined", "lost_card", "Your card was declined.", "do_not_try_again"),
    "stolen_card": Decline("card_declined", "stolen_card", "Your card was declined.", "do_not_try_again"),
    "expired_card": Decline("expired_card", None, "Your card has expired.", "confirm_card_data"),
    "incorrect_cvc": Decline("incorrect_cvc", None, "Your card's security code is incorrect.", "confirm_card_data"),
    "incorrect_zip": Decline(
        "incorrect_zip", None, "The zip code you provided failed validation.", "confirm_card_data"
    ),
    "processing_error": Decline(
        "processing_error",
        None,
        "An error occurred while processing your card. Try again in a little bit.",
        "try_again_later",
    ),
    "incorrect_number": Decline("incorrect_number", None, "Your card number is incorrect.", "confirm_card_data"),
    "fraudulent": Decline("card_declined", "fraudulent", "Your card was declined.", "do_not_try_again", blocked=True),
    "velocity": Decline(
        "card_declined",
        "card_velocity_exceeded",
        "Your card was declined for making repeated attempts too frequently.",
        "try_again_later",
    ),
    "authentication_required": Decline(
        "authentication_required",
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
        None,
    ),
    "test_mode_live_card": Decline(
        "card_declined",
        "test_mode_live_card",
        "Your card was declined. It is not one of the test cards, and this is test mode.",
        None,
    ),
    "live_mode_test_card": Decline(
        "card_declined",
        "live_mode_test_card",
        "Your card was declined. It is one of the test cards, and this is live mode.",
        None,
    ),
}


@dataclass(frozen=True)
class Card:
    """One kind of card: `behavior` names what happens (see intents.py, refunds.py), `checks` what verification says."""

    behavior: str = "ok"
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    zip_check: str | None = None
    line1_check: str | None = None
    cvc_check: str | None = None


_VISA = Card()
_DEBIT = Card(funding="debit")

BY_NUMBER = {
    "4242424242424242": _VISA,
    "4000056655665556": _DEBIT,
    "4000000000000077": _VISA,
    "4000003720000278": _VISA,
    "4000000000000093": _VISA,
    "5555555555554444": Card(brand="mastercard"),
    "2223003122003222": Card(brand="mastercard"),
    "5200828282828210": Card(brand="mastercard", funding="debit"),
    "5105105105105100": Card(brand="mastercard", funding="prepaid"),
    "378282246310005": Card(brand="amex"),
    "371449635398431": Card(brand="amex"),
    "6011111111111117": Card(brand="discover"),
    "6011000990139424": Card(brand="discover"),
    "6011981111111113": Card(brand="discover", funding="debit"),
    "3056930009020004": Card(brand="diners"),
    "36227206271667": Card(brand="diners"),
    "3566002020360505": Card(brand="jcb"),
    "6200000000000005": Card(brand="unionpay", country="CN"),
    "4000000000000002": Card("generic_decline"),
    "4000000000009995": Card("insufficient_funds"),
    "4000000000009987": Card("lost_card"),
    "4000000000009979": Card("stolen_card"),
    "4000000000000069": Card("expired_card"),
    "4000000000000127": Card("incorrect_cvc", cvc_check="fail"),
    "4000000000000119": Card("processing_error"),
    "4000000000006975": Card("velocity"),
    "4100000000000019": Card("fraudulent"),
    "4000000000004954": Card("fraudulent"),
    "4000000000000341": Card("declines_when_attached"),
    "4000000000000010": Card("incorrect_zip", zip_check="fail", line1_check="fail"),
    "4000000000000036": Card("incorrect_zip", zip_check="fail"),
    "4000000000000028": Card(line1_check="fail"),
    "4000000000000044": Card(zip_check="unavailable", line1_check="unavailable"),
    "4000000000000101": Card(cvc_check="fail"),
    "4000002500003155": Card("authenticate"),
    "4000002760003184": Card("authenticate"),
    "4000003800000446": Card("authenticate_unless_saved"),
    "4000008260003178": Card("authenticate_then_insufficient_funds"),
    "4000000000005126": Card("refund_fails_later"),
    "4000000000007726": Card("refund_succeeds_later"),
    "4000000000000259": Card("disputed"),
    "4000000000002685": Card("disputed_not_received"),
    "4000000000001976": Card("inquired"),
    "4000000000005423": Card("warned_of_fraud"),
}

# The names that need no number: test helpers of the real API, each use of which makes a payment method of its own.
BY_NAME = {
    "visa": "4242424242424242",
    "visa_debit": "4000056655665556",
    "mastercard": "5555555555554444",
    "mastercard_debit": "5200828282828210",
    "mastercard_prepaid": "5105105105105100",
    "amex": "378282246310005",
    "discover": "6011111111111117",
    "diners": "3056930009020004",
    "jcb": "3566002020360505",
    "unionpay": "6200000000000005",
    "us": "4242424242424242",
    "bypassPending": "4000000000000077",
    "domesticPricing": "4000000000000093",
    "chargeDeclined": "4000000000000002",
    "visa_chargeDeclined": "4000000000000002",
    "chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedLostCard": "4000000000009987",
    "visa_chargeDeclinedStolenCard": "4000000000009979",
    "chargeDeclinedExpiredCard": "4000000000000069",
    "chargeDeclinedIncorrectCvc": "4000000000000127",
    "chargeDeclinedProcessingError": "4000000000000119",
    "visa_chargeDeclinedVelocityLimitExceeded": "4000000000006975",
    "chargeDeclinedFraudulent": "4100000000000019",
    "radarBlock": "4100000000000019",
    "chargeCustomerFail": "4000000000000341",
    "avsFail": "4000000000000010",
    "avsLine1Fail": "4000000000000028",
    "avsZipFail": "4000000000000036",
    "avsUnchecked": "4000000000000044",
    "cvcCheckFail": "4000000000000101",
    "authenticationRequired": "4000002500003155",
    "authenticationRequiredOnSetup": "4000002500003155",
    "authenticationRequiredSetupForOffSession": "4000003800000446",
    "authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
    "threeDSecureRequired": "4000002760003184",
    "refundFail": "4000000000005126",
    "pendingRefund": "4000000000007726",
    "createDispute": "4000000000000259",
    "createDisputeProductNotReceived": "4000000000002685",
    "createDisputeInquiry": "4000000000001976",
    "createIssuerFraudRecord": "4000000000005423",
}

# A range of ours that is declined in both modes: Stripe has few such numbers, and whoever tries out stolen cards has
# thousands, each with a fingerprint of its own.
DECLINED_RANGE = "40009900"

PREFIXES = (
    ("34", "amex"),
    ("37", "amex"),
    ("4", "visa"),
    ("35", "jcb"),
    ("30", "diners"),
    ("36", "diners"),
    ("38", "diners"),
)


def by_number(number: str, livemode: bool) -> Card:
    """What a number does in this mode: in test mode only test cards work, in live mode none of them does."""
    if number.startswith(DECLINED_RANGE):
        return Card("generic_decline")
    known = BY_NUMBER.get(number)
    if livemode:
        return Card("live_mode_test_card") if known else _unknown(number)
    return known or replace(_unknown(number), behavior="test_mode_live_card")


def _unknown(number: str) -> Card:
    for prefix, brand in PREFIXES:
        if number.startswith(prefix):
            return Card(brand=brand)
    if number.startswith(("6011", "64", "65")):
        return Card(brand="discover")
    if "51" <= number[:2] <= "55" or "2221" <= number[:4] <= "2720":
        return Card(brand="mastercard")
    return Card(brand="unknown", funding="unknown")


def passes_luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812-1."""
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
        return False
    doubled = [int(digit) * 2 for digit in number[-2::-2]]
    return (sum(int(digit) for digit in number[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0
