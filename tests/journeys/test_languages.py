"""Calls in Spanish, in two languages, and in the words of other places."""

import pytest

from tests.journeys.bank import LIVE_KEY
from tests.journeys.phone import SILENCE, Act, Phone
from tests.journeys.shop import LIVE_VISA, VISA, Shop

HOLA = (
    "Hola, habla con Harbor Garage. En esta llamada puede pagar con tarjeta. Para hablar con una persona, oprima el 0."
)
IMPORTE = (
    "Marque el importe en dólares y luego la tecla numeral. Para cuarenta y dos cincuenta, marque 4 2 asterisco 5 0."
)
INTRO = (
    "Aceptamos Visa, Mastercard, American Express y Discover. "
    "Nadie en Harbor Garage puede ver ni oír el número de su tarjeta. Para detenerse, oprima asterisco. "
    "Marque el número de su tarjeta."
)
TARJETA = (
    "Marque la fecha de vencimiento: dos números para el mes y dos para el año. "
    "Marque el código de tres números del reverso de la tarjeta. "
    "Marque los cinco números de su código postal. "
    "Gracias. Un momento, estamos consultando a su banco."
)
CUARENTA_Y_DOS = "cuarenta y dos dólares con cincuenta centavos"


def pagado(shop: Shop) -> str:
    return (
        f"{TARJETA} Gracias. Ha pagado {CUARENTA_Y_DOS}. Su número de confirmación es {shop.confirmation}. "
        "Para oírlo otra vez, oprima el 9. Si no, puede colgar. Adiós."
    )


SPANISH: dict[str, tuple[list[Act], list[str]]] = {
    "fixed-with-order": (
        ["1042#", "1"],
        [
            f"{HOLA} Marque su número de pedido y luego la tecla numeral.",
            f"Número 1, 0, 4, 2: {CUARENTA_Y_DOS}. Para pagar, oprima el 1. Para marcar otro número, oprima el 2.",
        ],
    ),
    "fixed": (
        ["1"],
        [f"{HOLA} El importe es {CUARENTA_Y_DOS}. Para pagar, oprima el 1. Si no, puede colgar."],
    ),
    "caller-with-order": (
        ["1043#", "42*50#", "1"],
        [
            f"{HOLA} Marque su número de pedido y luego la tecla numeral.",
            f"El número 1, 0, 4, 3 no está en nuestra lista, pero puede pagarlo. {IMPORTE}",
            (
                f"Son {CUARENTA_Y_DOS} por el número 1, 0, 4, 3. Para pagar, oprima el 1. "
                "Para cambiar el importe, oprima el 2. Para cambiar el número, oprima el 3."
            ),
        ],
    ),
    "caller": (
        ["42*50#", "1"],
        [
            f"{HOLA} {IMPORTE}",
            f"Va a pagar {CUARENTA_Y_DOS}. Para pagar, oprima el 1. Para cambiarlo, oprima el 2.",
        ],
    ),
}


@pytest.mark.parametrize("behavior", SPANISH)
def test_the_four_behaviors_in_spanish(phone: Phone, shop: Shop, behavior: str) -> None:
    shop.use_key(LIVE_KEY)
    shop.line(behavior, locales=["es-US"])
    shop.order()
    acts, words = SPANISH[behavior]
    assert phone.tell(*acts, LIVE_VISA) == [*words, INTRO, pagado(shop)]


def test_a_line_of_two_languages(phone: Phone, shop: Shop) -> None:
    shop.line(locales=["en-US", "es-US"])
    caller = phone.dial()
    assert caller.heard == "For English, press 1. Para español, oprima el 2."
    assert [heard.language for heard in caller.call.heard] == ["en-US", "es-US"]
    assert caller.press("2") == (
        f"Esta es una línea de prueba. No se cobra dinero real. {HOLA} "
        "Marque su número de pedido y luego la tecla numeral."
    )
    assert "Ha pagado" in caller.then("1043#", "1", VISA)


@pytest.mark.parametrize("answer", ["1", "7", SILENCE])
def test_silence_or_another_key_chooses_the_first_language(phone: Phone, shop: Shop, answer: Act) -> None:
    shop.line(locales=["en-US", "es-US"])
    assert phone.tell(answer)[-1].endswith("Enter your order number, then press the pound key.")


def test_each_prompt_is_in_the_voice_of_its_language(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", locales=["es-MX"], voices={"es-MX": "Polly.Mia-Neural"})
    caller = phone.dial()
    caller.then("1", VISA)
    assert {(heard.voice, heard.language) for heard in caller.call.heard} == {("Polly.Mia-Neural", "es-MX")}


def test_owners_own_words(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", words={"en-US": {"welcome": "Ahoy, this is {shop}."}})
    assert "Ahoy, this is Harbor Garage." in phone.dial().heard


def test_in_britain_the_postcode_is_not_asked_for(phone: Phone, shop: Shop) -> None:
    shop.line("caller", locales=["en-GB"], currency="gbp")
    caller = phone.dial()
    assert "Enter the amount in pounds, then press the hash key." in caller.heard
    heard = caller.then("42*50#", "1", VISA)
    assert "Enter the expiry date: two digits for the month, two for the year." in heard
    assert "postcode" not in heard
    assert "You have paid forty-two pounds and fifty pence." in heard
    assert shop.bank.charges[0]["currency"] == "gbp"


def test_in_mexico(phone: Phone, shop: Shop) -> None:
    shop.line("caller", locales=["es-MX"], currency="mxn", floor=1000)
    caller = phone.dial()
    assert "Marque el importe en pesos y luego la tecla gato." in caller.heard
    assert "Ha pagado cuarenta y dos pesos con cincuenta centavos." in caller.then("42*50#", "1", VISA)


def test_in_spain(phone: Phone, shop: Shop) -> None:
    shop.line("caller", locales=["es-ES"], currency="eur")
    caller = phone.dial()
    assert "Marque el importe en euros y luego la almohadilla." in caller.heard
    assert "Para pagar, pulse el 1." in caller.press("42*50#")
    heard = caller.then("1", VISA)
    assert "Marque la fecha de caducidad" in heard
    assert "Ha pagado cuarenta y dos euros con cincuenta céntimos." in heard


def test_yen_have_no_cents(phone: Phone, shop: Shop) -> None:
    shop.line("caller", currency="jpy", ceiling=500000)
    heard = phone.tell("4250#", "1", VISA)
    assert heard[0].endswith("Enter the amount in yen, then press the pound key.")
    assert heard[1].startswith("You are paying four thousand two hundred fifty yen.")
    assert (shop.bank.money, shop.payment.currency) == (4250, "jpy")


def test_dinars_have_three_decimals_and_the_last_is_naught(phone: Phone, shop: Shop) -> None:
    shop.line("caller", currency="kwd")
    caller = phone.dial()
    assert caller.press("4*255#").startswith("Sorry, we could not read that amount.")
    caller.then("4*250#", "1", VISA)
    assert (shop.bank.money, shop.payment.amount) == (4250, 4250)


def test_a_decline_in_spanish(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", locales=["es-US"])
    caller = phone.dial()
    caller.press("1")
    assert caller.press("*") == (
        "Se detuvo la entrada de la tarjeta. No se le ha cobrado nada. "
        "Para marcar una tarjeta, oprima el 1. Para terminar, oprima el 2."
    )
    assert caller.press("2") == "De acuerdo. No se le ha cobrado nada. Adiós."
