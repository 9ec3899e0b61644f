"""Somebody tries out cards by telephone, over HTTP as Twilio would; a second fact is asked before anything is told."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from phonepay.calls.models import Call
from phonepay.orders.models import Order
from phonepay.payments import pool
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step
from tests.journeys.phone import Phone
from tests.journeys.product import Statements
from tests.journeys.shop import EXPIRED, GENERIC, NO_FUNDS, STOLEN, TOO_OFTEN, VISA, WRONG_CODE, Shop

TESTER, CUSTOMER = "+12065550101", "+12065550102"


def test_five_stolen_cards_are_all_that_one_caller_tries(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", person_number="")
    first = phone.tell("1", GENERIC, "1", NO_FUNDS, "1", STOLEN, from_=TESTER)
    assert "there is not enough money" in first[4] and "said no to this payment" in first[6]
    second = phone.tell("1", EXPIRED, "1", TOO_OFTEN, from_=TESTER)
    assert "Your bank said no to this payment" in second[2]
    assert "We cannot try more cards on this call" in second[4]
    assert "We cannot take a card payment from this phone right now" in phone.tell(from_=TESTER)[0]
    assert "You have paid" in phone.tell("1", VISA, from_=CUSTOMER)[-1]
    assert Measure.objects.get(step=Step.REFUSED).why == "cards"


def test_another_secret_key_lets_no_tester_back_in(phone: Phone, shop: Shop, settings: Settings) -> None:
    shop.line("fixed", person_number="")
    for card in (GENERIC, NO_FUNDS, STOLEN, EXPIRED, TOO_OFTEN):
        phone.tell("1", card, from_=TESTER)
    settings.SECRET_KEY = "another key of the tests, long enough to be one"
    assert "We cannot take a card payment from this phone right now" in phone.tell(from_=TESTER)[0]


def test_a_refused_call_costs_two_statements(phone: Phone, shop: Shop, statements: Statements) -> None:
    shop.line("fixed", person_number="")
    for card in (GENERIC, NO_FUNDS, STOLEN, EXPIRED, TOO_OFTEN):
        phone.tell("1", card, from_=TESTER)
    pool.wait_until_idle()
    before = len(statements)
    phone.tell(from_=TESTER)
    assert len(statements) - before <= 4, str(statements)  # two of them the status callback's


def test_one_customer_with_a_wrong_code_is_served_to_the_end(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", person_number="")
    phone.tell("1", WRONG_CODE, "1", WRONG_CODE, "1", WRONG_CODE, from_=CUSTOMER)
    assert "You have paid" in phone.tell("1", VISA, from_=CUSTOMER)[-1]


@pytest.mark.parametrize("number", ["1042#", "9999#"])
def test_a_second_fact_is_asked_of_every_number(phone: Phone, shop: Shop, number: str) -> None:
    shop.line("fixed-with-order", second_fact="postal", person_number="")
    shop.order()
    assert phone.tell(number)[1] == "Enter your zip code, as Harbor Garage has it, then press the pound key."


def test_who_knows_the_second_fact_pays_and_it_is_in_no_row(phone: Phone, shop: Shop) -> None:
    shop.line("fixed-with-order", second_fact="postal", person_number="")
    shop.order()
    Order.objects.update(customer_postal="60614")
    heard = phone.tell("1042#", "60615#", "1042#", "60614#", "1", VISA)
    assert "Those two numbers do not match" in heard[2]
    assert "forty-two dollars" not in " ".join(heard[:4])
    assert "Order 1, 0, 4, 2: forty-two dollars and fifty cents" in heard[4]
    assert "You have paid" in heard[-1]
    row = str(Call.objects.values("turns", "state", "script").get())
    assert "60614" not in row and "60615" not in row


@pytest.mark.parametrize(("passes", "heard"), [(True, "Order 1, 0, 4, 2"), (False, "Those two numbers do not match")])
def test_an_order_without_the_fact_is_as_the_owner_has_it(phone: Phone, shop: Shop, passes: bool, heard: str) -> None:
    shop.line("fixed-with-order", second_fact="phone", second_fact_passes=passes, person_number="")
    shop.order()
    assert heard in phone.tell("1042#", "0142#")[2]
