"""The four behaviors, word for word, with everything found right and the card approved."""

import pytest

from phonepay.ivr.events import ChargeStarted, Settled
from phonepay.ivr.replies import Pay
from phonepay.ivr.script import Script
from tests.ivr.call import SHOP, Call, line

GREETING = "Hello, this is Harbor Garage. You can pay by card on this call. To talk to a person, press 0. "
ASK_ORDER = "Enter your order number, then press the pound key."
ASK_AMOUNT = "Enter the amount in dollars, then press the pound key. For forty-two fifty, enter 4 2 star 5 0."
INTRO = (
    "We take Visa, Mastercard, American Express and Discover. Nobody at Harbor Garage can see or hear your card number. "
    "To stop, press star."
)
CARD_FIELDS = {
    "card.number": "Enter your card number.",
    "card.expiry": "Enter the expiration date: two digits for the month, two for the year.",
    "card.code": "Enter the three-digit code on the back of the card.",
    "card.postal": "Enter your five-digit billing zip code.",
    "card.processing": "Thank you.",
}
PAID = (
    "Thank you. You have paid forty-two dollars and fifty cents. Your confirmation number is 4, 0, 7. 2, 1, 9. "
    "To hear that again, press 9. Otherwise, you can hang up. Goodbye."
)

GREETING_ES = (
    "Hola, habla con Harbor Garage. En esta llamada puede pagar con tarjeta. Para hablar con una persona, oprima el 0. "
)


def pay_from_the_card_on(call: Call) -> None:
    """The part that all four have in common, after the 1 that agrees."""
    assert call.keys("1") == INTRO
    assert CARD_FIELDS.items() <= call.in_pay.items()
    assert call.hear(ChargeStarted()) == "One moment while we ask your bank."
    assert call.hear(Settled("paid", "", "407219", call.state.amount)) == PAID
    assert call.ended == "paid"


def test_1_a_fixed_amount_with_an_order_number_on_the_list() -> None:
    call = Call(line("fixed-with-order"))
    assert call.start() == GREETING + ASK_ORDER
    assert call.keys("1042") == (
        "Order 1, 0, 4, 2: forty-two dollars and fifty cents. To pay, press 1. To enter another number, press 2."
    )
    pay_from_the_card_on(call)


def test_2_a_fixed_amount_without_order_number() -> None:
    call = Call(line("fixed"))
    assert call.start() == GREETING + (
        "The amount is forty-two dollars and fifty cents. To pay, press 1. If not, you can hang up."
    )
    pay_from_the_card_on(call)


def test_3_the_callers_amount_with_a_number_that_is_not_on_the_list() -> None:
    call = Call(line("caller-with-order"))
    assert call.start() == GREETING + ASK_ORDER
    assert call.keys("1043") == f"Order 1, 0, 4, 3 is not on our list, but you can pay for it. {ASK_AMOUNT}"
    assert call.keys("42*50") == (
        "That is forty-two dollars and fifty cents for order 1, 0, 4, 3. To pay, press 1. "
        "To change the amount, press 2. To change the number, press 3."
    )
    pay_from_the_card_on(call)


def test_4_the_callers_amount_without_order_number() -> None:
    call = Call(line("caller"))
    assert call.start() == GREETING + ASK_AMOUNT
    assert call.keys("42*50") == (
        "You are paying forty-two dollars and fifty cents. To pay, press 1. To change it, press 2."
    )
    pay_from_the_card_on(call)


def test_an_order_on_the_list_makes_the_callers_amount_sound_like_the_fixed_one() -> None:
    fixed, callers = Call(line("fixed-with-order")), Call(line("caller-with-order"))
    assert (fixed.start(), fixed.keys("1042")) == (callers.start(), callers.keys("1042"))


def test_an_order_on_the_list_has_its_own_amount_whatever_the_line_takes() -> None:
    call = Call(
        line("fixed-with-order"), {"1042": SHOP["1042"].__class__("payable", "1042", 9900, None, SHOP["1042"].now)}
    )
    call.start()
    assert call.keys("1042").startswith("Order 1, 0, 4, 2: ninety-nine dollars. To pay")


def test_a_number_that_is_not_on_the_list_is_said_to_be_new_at_a_fixed_amount() -> None:
    call = Call(line("fixed-with-order"))
    call.start()
    assert call.keys("1043") == (
        "Order 1, 0, 4, 3 is not on our list. To pay forty-two dollars and fifty cents for it, press 1. "
        "To enter another number, press 2."
    )
    pay_from_the_card_on(call)


def spanish(behavior: str) -> Script:
    return line(behavior, locales=("es-US",))


@pytest.mark.parametrize(
    ("behavior", "number", "turns"),
    [
        (
            "fixed-with-order",
            "1042",
            [
                "Marque su número de pedido y luego la tecla numeral.",
                "Número 1, 0, 4, 2: cuarenta y dos dólares con cincuenta centavos. Para pagar, oprima el 1. "
                "Para marcar otro número, oprima el 2.",
            ],
        ),
        (
            "caller-with-order",
            "1043",
            [
                "Marque su número de pedido y luego la tecla numeral.",
                "El número 1, 0, 4, 3 no está en nuestra lista, pero puede pagarlo. Marque el importe en dólares y luego "
                "la tecla numeral. Para cuarenta y dos cincuenta, marque 4 2 asterisco 5 0.",
                "Son cuarenta y dos dólares con cincuenta centavos por el número 1, 0, 4, 3. Para pagar, oprima el 1. "
                "Para cambiar el importe, oprima el 2. Para cambiar el número, oprima el 3.",
            ],
        ),
        (
            "caller",
            "42*50",
            [
                "Marque el importe en dólares y luego la tecla numeral. Para cuarenta y dos cincuenta, marque "
                "4 2 asterisco 5 0.",
                "Va a pagar cuarenta y dos dólares con cincuenta centavos. Para pagar, oprima el 1. "
                "Para cambiarlo, oprima el 2.",
            ],
        ),
        (
            "fixed",
            "",
            [
                "El importe es cuarenta y dos dólares con cincuenta centavos. Para pagar, oprima el 1. "
                "Si no, puede colgar.",
            ],
        ),
    ],
)
def test_each_behavior_in_spanish(behavior: str, number: str, turns: list[str]) -> None:
    call = Call(spanish(behavior))
    assert call.start() == GREETING_ES + turns[0]
    for keys, heard in zip([number, "42*50"], turns[1:], strict=False):
        assert call.keys(keys) == heard
    assert call.keys("1") == (
        "Aceptamos Visa, Mastercard, American Express y Discover. Nadie en Harbor Garage puede ver ni oír el número de su "
        "tarjeta. Para detenerse, oprima asterisco."
    )
    assert isinstance(call.reply, Pay)
    assert call.reply.language == "es-MX"
    assert call.hear(ChargeStarted()) == "Un momento, estamos consultando a su banco."
    assert call.hear(Settled("paid", "", "407219", 4250)) == (
        "Gracias. Ha pagado cuarenta y dos dólares con cincuenta centavos. Su número de confirmación es 4, 0, 7. 2, 1, 9. "
        "Para oírlo otra vez, oprima el 9. Si no, puede colgar. Adiós."
    )


def test_the_behavior_is_two_facts_with_four_names() -> None:
    names = [line(name).behavior.name for name in ("fixed-with-order", "fixed", "caller-with-order", "caller")]
    assert names == ["fixed-with-order", "fixed", "caller-with-order", "caller"]
