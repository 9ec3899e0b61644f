"""The card: other cards after a decline, the star, cards that cannot be read, and a connector that refuses."""

from typing import Any

import pytest

from phonepay.merchant.models import Line
from phonepay.standins.twilio import Connector
from tests.journeys.phone import SILENCE, Caller, Phone
from tests.journeys.shop import (
    AMEX,
    BUSY_BANK,
    DINERS,
    DISCOVER,
    EXPIRED,
    GENERIC,
    NO_FUNDS,
    STOLEN,
    TOO_OFTEN,
    VISA,
    WANTS_A_WORD,
    WRONG_CODE,
    WRONG_POSTAL,
    Card,
    Shop,
)

OTHER_CARD = "You have not been charged. To try another card, press 1. To stop here, press 2."
SAME_CARD = "You have not been charged. To enter a card again, press 1. To stop here, press 2."
AGAIN = "We take Visa, Mastercard, American Express and Discover. To stop, press star. Enter your card number."
STOPPED = "Card entry stopped. You have not been charged. To enter a card, press 1. To stop here, press 2."
UNREAD = "We could not read the card. You have not been charged. To try once more, press 1. To stop here, press 2."


def at_the_card(phone: Phone, shop: Shop, **line: Any) -> Caller:
    shop.line("fixed", **line)
    caller = phone.dial()
    caller.press("1")
    return caller


def after_the_bank(words: str) -> str:
    """What follows the wait."""
    return words.partition("One moment while we ask your bank. ")[2]


def test_declined_twice_then_paid(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    assert after_the_bank(caller.pay_with(NO_FUNDS)) == (
        f"Your bank says there is not enough money available on this card. {OTHER_CARD}"
    )
    assert caller.press("1") == AGAIN
    assert after_the_bank(caller.pay_with(WRONG_CODE)) == f"The security code did not match. {SAME_CARD}"
    assert caller.press("1") == AGAIN
    assert after_the_bank(caller.pay_with(VISA)) == (
        f"Thank you. You have paid forty-two dollars and fifty cents. Your confirmation number is {shop.confirmation}. "
        "To hear that again, press 9. Otherwise, you can hang up. Goodbye."
    )
    assert (shop.statuses, shop.booked) == (["succeeded"], [("sale", 4250)])
    assert [attempt.result for attempt in shop.payment.attempts.order_by("number")] == ["declined", "declined"]
    assert len(shop.bank.intents) == 1


def test_declined_a_third_time(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop, person_number="")
    caller.then(NO_FUNDS, "1", NO_FUNDS, "1")
    assert after_the_bank(caller.pay_with(GENERIC)) == (
        "Your bank said no to this payment. You have not been charged. We cannot try more cards on this call. "
        "For help, call Harbor Garage at five five five, zero one, four two. Goodbye."
    )
    assert shop.call.ended == "declined"
    shop.work()
    assert [intent["status"] for intent in shop.bank.intents] == ["canceled"]


def test_declined_a_third_time_with_a_person(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    caller.then(NO_FUNDS, "1", NO_FUNDS, "1")
    assert after_the_bank(caller.pay_with(GENERIC)) == (
        "Your bank said no to this payment. You have not been charged. We cannot try more cards on this call. "
        "One moment, we are connecting you to a person."
    )


def test_stopping_after_a_decline(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    assert caller.then(NO_FUNDS, "2") == "All right. You have not been charged. Goodbye."
    shop.work()
    assert [intent["status"] for intent in shop.bank.intents] == ["canceled"]


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (GENERIC, f"Your bank said no to this payment. {OTHER_CARD}"),
        (STOLEN, f"Your bank said no to this payment. {OTHER_CARD}"),
        (EXPIRED, f"That card has expired. {OTHER_CARD}"),
        (TOO_OFTEN, f"This card has reached its limit for now. {OTHER_CARD}"),
        (WRONG_POSTAL, f"The zip code did not match. {SAME_CARD}"),
        (BUSY_BANK, f"Your bank cannot be reached right now. {SAME_CARD}"),
        (
            WANTS_A_WORD,
            f"Your bank wants to confirm this payment with you, and that cannot be done by phone. {OTHER_CARD}",
        ),
    ],
    ids=["generic", "stolen", "expired", "limit", "postal", "later", "confirm"],
)
def test_why_the_bank_said_no(phone: Phone, shop: Shop, card: Card, reason: str) -> None:
    assert after_the_bank(at_the_card(phone, shop).pay_with(card)) == reason
    assert shop.booked == []


def test_another_card_after_the_bank_wanted_to_confirm(phone: Phone, shop: Shop) -> None:
    assert "You have paid" in at_the_card(phone, shop).then(WANTS_A_WORD, "1", VISA)
    assert shop.booked == [("sale", 4250)]


def test_star_while_keying_the_card(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    assert caller.press("4242*") == STOPPED
    assert caller.press("2") == "All right. You have not been charged. Goodbye."
    shop.work()
    assert (shop.statuses, [intent["status"] for intent in shop.bank.intents]) == (["abandoned"], ["canceled"])


def test_star_and_then_a_card_after_all(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    assert caller.then("*", "1") == AGAIN
    assert "You have paid" in caller.pay_with(VISA)


def test_star_and_then_a_person(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    assert caller.then("*", "0") == "One moment, we are connecting you to a person."
    assert "You have not been charged." in caller.wait()


def test_no_card_in_three_attempts(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    assert caller.wait() == "We did not get the whole number. Please enter your card number again."
    caller.wait()
    assert caller.wait() == UNREAD
    assert caller.press("1") == AGAIN
    assert "You have paid" in caller.pay_with(VISA)


def test_no_card_in_three_times_three_attempts(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop, person_number="")
    for _ in range(2):
        assert caller.then(SILENCE, SILENCE, SILENCE, "1") == AGAIN
    assert caller.then(SILENCE, SILENCE, SILENCE).startswith("You have not been charged. We cannot try more cards")
    assert shop.call.ended == "unread"


def test_each_field_has_its_own_words_when_it_is_wrong(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    assert caller.press("4242424242424241") == "That card number does not look right. Please enter it again."
    assert caller.press("4242424242424242").startswith("Enter the expiration date:")
    assert caller.press("1320") == ("That date does not look right. For March 2030, enter 0 3 3 0. Please enter yours.")
    assert caller.press("0330") == "Enter the three-digit code on the back of the card."
    assert caller.wait() == "We did not get the code. It is three digits, on the back of the card. Please enter it."
    assert caller.press("123") == "Enter your five-digit billing zip code."
    assert caller.wait() == "We did not get the zip code. Please enter its five digits."
    assert "You have paid" in caller.press("94110")


def test_discover_is_taken(phone: Phone, shop: Shop) -> None:
    assert "You have paid" in at_the_card(phone, shop).pay_with(DISCOVER)
    assert (shop.payment.card_brand, shop.payment.card_last4) == ("discover", "1117")


def test_american_express_has_its_code_on_the_front(phone: Phone, shop: Shop) -> None:
    heard = at_the_card(phone, shop).pay_with(AMEX)
    assert "Enter the four-digit code on the front of the card." in heard
    assert "You have paid" in heard


def test_a_kind_of_card_that_is_not_taken(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    assert caller.press(DINERS.number) == (
        "We cannot take that kind of card. We take Visa, Mastercard, American Express and Discover. "
        "Please enter another card number."
    )


def test_a_line_of_its_own_cards(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop, cards=["visa", "mastercard"])
    assert caller.heard.startswith("We take Visa and Mastercard.")
    assert caller.press(DISCOVER.number).startswith("We cannot take that kind of card. We take Visa and Mastercard.")


def test_a_line_that_does_not_ask_for_the_zip_code(phone: Phone, shop: Shop) -> None:
    heard = at_the_card(phone, shop, asks_postal_code=False).pay_with(VISA)
    assert "zip code" not in heard
    assert "You have paid" in heard


@pytest.mark.parametrize(("line", "account", "channel"), [(True, True, "moto"), (False, False, "usual")])
def test_a_moto_line_says_so_to_the_bank(phone: Phone, shop: Shop, line: bool, account: bool, channel: str) -> None:
    shop.bank.account.moto = account
    assert "You have paid" in at_the_card(phone, shop, moto=line).pay_with(VISA)
    sent = [each for each in shop.bank.standin.requests if each.path.endswith("/confirm")]
    assert len(sent) == 1
    assert shop.payment.moto is (channel == "moto")


def test_a_moto_line_on_an_account_without_it_charges_nothing(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop, moto=True)
    assert after_the_bank(caller.pay_with(VISA)) == (
        "Sorry, something went wrong on our side. You have not been charged. To talk to a person, press 0."
    )
    assert caller.wait() == "Goodbye."
    assert shop.payment.status == "failed"


def test_our_own_fault_without_a_person(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop, moto=True, person_number="")
    assert after_the_bank(caller.pay_with(VISA)) == (
        "Sorry, something went wrong on our side. You have not been charged. "
        "Please call again in a few minutes. Goodbye."
    )


ERROR_PAY = (
    "Sorry, we cannot reach the card service. You have not been charged. Please call again in a few minutes. Goodbye."
)


def test_a_connector_that_is_not_there(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", connector="Another")
    assert phone.dial().press("1").endswith(ERROR_PAY)
    assert shop.call.ended == "unreachable"
    shop.work()
    assert shop.statuses == ["abandoned"]


def test_a_connector_that_cannot_reach_its_bank(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    phone.telephone.connectors["Default"] = Connector("http://127.0.0.1:1", shop.bank.key)
    caller = phone.dial("+15550188")
    phone.telephone.connectors["Default"] = Connector("http://127.0.0.1:1", shop.bank.key)
    caller.call.conversation.connectors["Default"] = Connector("http://127.0.0.1:1", shop.bank.key)
    assert caller.then("1", VISA).endswith(ERROR_PAY)


def test_a_connector_that_does_not_like_the_card(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    shop.bank.standin.faults.fail("POST", "/v1/payment_methods", status=402)
    heard = caller.pay_with(VISA)
    assert heard.endswith((UNREAD, ERROR_PAY))


def test_a_connector_of_another_account_charges_nothing(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.call.conversation.connectors["Default"] = Connector(shop.bank.url, "sk_test_somebodyelsesaccount")
    assert "Sorry, something went wrong on our side. You have not been charged." in caller.then("1", VISA)
    assert shop.payment.status == "failed"


def test_a_card_is_asked_for_with_the_connector_of_that_moment(phone: Phone, shop: Shop) -> None:
    """Key and connector change together, also while a caller speaks: the card is charged with the key of then."""
    shop.line("fixed")
    caller = phone.dial()
    Line.objects.update(connector="Stripe_Two")
    connectors = caller.call.conversation.connectors
    connectors["Stripe_Two"] = connectors.pop("Default")
    assert "You have paid" in caller.then("1", VISA)
    assert (shop.payment.status, shop.payment.connector) == ("succeeded", "Stripe_Two")


def test_a_connector_that_makes_other_tokens_charges_nothing(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    attempt = shop.payment.attempt
    answer = phone.forge(caller, f"/twilio/pay/{attempt}", Result="success", PaymentToken="tok_visa")
    assert ERROR_PAY in answer
    assert shop.bank.charges == []
    caller.hang_up()
