"""The four system behaviors, word for word as a caller hears them, until the card is approved."""

import pytest

from tests.journeys.bank import LIVE_KEY, TEST_KEY
from tests.journeys.phone import Phone
from tests.journeys.shop import LIVE_VISA, Shop, said

HELLO = "Hello, this is Harbor Garage. You can pay by card on this call. To talk to a person, press 0."
ORDER_NUMBER = "Enter your order number, then press the pound key."
AMOUNT = "Enter the amount in dollars, then press the pound key. For forty-two fifty, enter 4 2 star 5 0."
INTRO = (
    "We take Visa, Mastercard, American Express and Discover. "
    "Nobody at Harbor Garage can see or hear your card number. To stop, press star. Enter your card number."
)
CARD = (
    "Enter the expiration date: two digits for the month, two for the year. "
    "Enter the three-digit code on the back of the card. "
    "Enter your five-digit billing zip code. "
    "Thank you. One moment while we ask your bank."
)


def paid(shop: Shop) -> str:
    """All that is heard after the card number."""
    return (
        f"{CARD} Thank you. You have paid forty-two dollars and fifty cents. "
        f"Your confirmation number is {shop.confirmation}. "
        "To hear that again, press 9. Otherwise, you can hang up. Goodbye."
    )


@pytest.fixture(autouse=True)
def _real_money(shop: Shop) -> None:
    shop.use_key(LIVE_KEY)


def test_fixed_amount_with_order_number(phone: Phone, shop: Shop) -> None:
    shop.line("fixed-with-order")
    shop.order("1042", 4250)
    assert phone.tell("1042#", "1", LIVE_VISA) == [
        f"{HELLO} {ORDER_NUMBER}",
        "Order 1, 0, 4, 2: forty-two dollars and fifty cents. To pay, press 1. To enter another number, press 2.",
        INTRO,
        paid(shop),
    ]
    assert (shop.the_order().status, shop.booked) == ("paid", [("sale", 4250)])
    assert shop.books_agree()


def test_a_known_order_is_paid_with_its_own_amount(phone: Phone, shop: Shop) -> None:
    shop.line("fixed-with-order", fixed_amount=9900)
    shop.order("1042", 4250)
    heard = phone.tell("1042#", "1", LIVE_VISA)
    assert heard[1].startswith("Order 1, 0, 4, 2: forty-two dollars and fifty cents.")
    assert heard[3] == paid(shop)
    assert shop.bank.money == 4250


def test_fixed_amount_no_order_number(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    assert phone.tell("1", LIVE_VISA) == [
        f"{HELLO} The amount is forty-two dollars and fifty cents. To pay, press 1. If not, you can hang up.",
        INTRO,
        paid(shop),
    ]
    order = shop.payment.order
    assert order is not None and order.is_new_from_call
    assert (order.number, order.status) == (shop.payment.confirmation, "paid")
    assert shop.books_agree()


def test_callers_amount_with_order_number_not_on_the_list(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    assert phone.tell("1043#", "42*50#", "1", LIVE_VISA) == [
        f"{HELLO} {ORDER_NUMBER}",
        f"Order 1, 0, 4, 3 is not on our list, but you can pay for it. {AMOUNT}",
        (
            "That is forty-two dollars and fifty cents for order 1, 0, 4, 3. "
            "To pay, press 1. To change the amount, press 2. To change the number, press 3."
        ),
        INTRO,
        paid(shop),
    ]
    order = shop.the_order("1043")
    assert (order.status, order.amount, order.is_new_from_call) == ("paid", 4250, True)
    assert shop.books_agree()


def test_callers_amount_with_an_order_on_the_list_is_word_for_word_behavior_one(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    shop.order("1042", 4250)
    assert phone.tell("1042#", "1", LIVE_VISA) == [
        f"{HELLO} {ORDER_NUMBER}",
        "Order 1, 0, 4, 2: forty-two dollars and fifty cents. To pay, press 1. To enter another number, press 2.",
        INTRO,
        paid(shop),
    ]


def test_fixed_amount_with_a_number_not_on_the_list(phone: Phone, shop: Shop) -> None:
    shop.line("fixed-with-order")
    heard = phone.tell("1043#", "1", LIVE_VISA)
    assert heard[1] == (
        "Order 1, 0, 4, 3 is not on our list. To pay forty-two dollars and fifty cents for it, press 1. "
        "To enter another number, press 2."
    )
    assert heard[3] == paid(shop)
    assert shop.the_order("1043").is_new_from_call
    assert shop.books_agree()


def test_callers_amount_no_order_number(phone: Phone, shop: Shop) -> None:
    shop.line("caller")
    assert phone.tell("42*50#", "1", LIVE_VISA) == [
        f"{HELLO} {AMOUNT}",
        "You are paying forty-two dollars and fifty cents. To pay, press 1. To change it, press 2.",
        INTRO,
        paid(shop),
    ]
    assert shop.books_agree()


def test_the_outcome_can_be_heard_three_times_more(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    first = caller.then("1", LIVE_VISA).removeprefix(f"{CARD} ")
    assert [caller.press("9"), caller.press("9")] == [first, first]
    assert caller.press("9") == first.partition(" To hear")[0] + " Goodbye."
    assert caller.ended == "product"


def test_on_a_test_line_it_is_said_that_no_real_money_is_taken(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    shop.use_key(TEST_KEY)
    assert phone.dial().heard.startswith("This is a test line. No real money is taken. Hello, this is Harbor Garage.")


def test_the_confirmation_number_is_six_digits_not_beginning_with_zero(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    phone.tell("1", LIVE_VISA)
    number = shop.payment.confirmation or ""
    assert len(number) == 6 and number.isdigit() and number[0] != "0"
    assert shop.bank.charges[0]["metadata"]["payment"] == str(shop.payment.id)
    assert shop.confirmation == said(number)
