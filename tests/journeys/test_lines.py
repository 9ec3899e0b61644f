"""The line: paused, switched over during a call, called by a number that is none, with facts of its own to say."""

from phonepay.calls.models import Call
from phonepay.events.actors import SYSTEM
from phonepay.merchant.lines import pause_line, set_line
from tests.journeys.phone import SILENCE, Phone
from tests.journeys.shop import LINE, VISA, Shop


def test_a_paused_line(phone: Phone, shop: Shop) -> None:
    pause_line(line=shop.line(), by=SYSTEM, now=shop.clock.now)
    assert phone.dial().heard == (
        "Card payments are not available on this line right now. You have not been charged. "
        "Please call again later. Goodbye."
    )
    assert shop.call.ended == "line_paused"


def test_a_number_that_is_no_line_is_rejected(phone: Phone, shop: Shop) -> None:
    shop.line()
    caller = phone.dial(to="+15550199")
    assert (caller.ended, caller.call.heard) == ("rejected", [])
    assert not Call.objects.exists()


def test_the_line_of_any_number_answers_where_no_other_does(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", phone_number="", fixed_amount=1000)
    shop.line("fixed", fixed_amount=2000)
    assert "The amount is ten dollars." in phone.dial(to="+15550199").heard
    assert "The amount is twenty dollars." in phone.dial(to=LINE).heard


def test_a_call_under_way_ends_as_it_began(phone: Phone, shop: Shop) -> None:
    line = shop.line("fixed")
    caller = phone.dial()
    changes = {"behavior": "caller-with-order", "currency": "eur", "locales": "es-ES", "paused": True}
    set_line(merchant=shop.merchant, phone_number=line.phone_number, changes=changes, by=SYSTEM, now=shop.clock.now)
    assert "You have paid forty-two dollars and fifty cents." in caller.then("1", VISA)
    assert (shop.payment.behavior, shop.payment.currency) == ("fixed", "usd")
    assert "Ahora mismo no se puede pagar con tarjeta en esta línea." in phone.dial().heard


def test_what_the_statement_will_show_is_an_option_of_the_line(phone: Phone, shop: Shop) -> None:
    shop.line(says_statement=True, statement_prefix="HARBOR")
    shop.order()
    heard = phone.tell("1042#", "1", VISA)[-1]
    assert "Your card statement will show HARBOR." in heard


def test_an_invoice_is_called_an_invoice(phone: Phone, shop: Shop) -> None:
    shop.line(order_noun="invoice")
    shop.order()
    heard = phone.tell("1042#")
    assert heard[0].endswith("Enter your invoice number, then press the pound key.")
    assert heard[1].startswith("Invoice 1, 0, 4, 2:")


def test_a_line_outside_the_hours_of_its_person_offers_none(phone: Phone, shop: Shop) -> None:
    shop.line(person_hours={"1": [["09:00", "17:00"]]})  # Tuesdays; this is a Monday
    caller = phone.dial()
    assert "press 0" not in caller.heard
    assert caller.then(SILENCE, SILENCE, SILENCE).endswith("Please call again when you are ready. Goodbye.")


def test_a_line_of_more_patience(phone: Phone, shop: Shop) -> None:
    shop.line(entry_seconds=12)
    caller = phone.dial()
    caller.wait()
    heard = caller.call.heard
    assert heard[-2].at - (heard[-3].at + heard[-3].seconds) >= 12


def test_an_order_in_the_currency_of_another_line(phone: Phone, shop: Shop) -> None:
    shop.line("fixed-with-order", currency="usd")
    shop.order("1042", 4250, currency="eur")
    heard = phone.tell("1042#", "1", VISA)
    assert heard[1].startswith("Order 1, 0, 4, 2: forty-two euros and fifty cents.")
    assert "You have paid forty-two euros and fifty cents." in heard[-1]
    assert [(charge["amount"], charge["currency"]) for charge in shop.bank.charges] == [(4250, "eur")]
