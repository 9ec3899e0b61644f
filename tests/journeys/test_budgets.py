"""What a paid call may cost: SQL statements, and requests that the caller waits for."""

from typing import Any

import pytest
from django.utils import timezone

from phonepay.events.actors import SYSTEM
from phonepay.merchant import credentials
from phonepay.merchant.credentials import keep
from tests.journeys.phone import TOKEN, Act, Phone
from tests.journeys.product import Statements
from tests.journeys.shop import VISA, Shop

STATEMENTS = 20  # per paid call, BEGIN and COMMIT apart, status callbacks apart

CALLS: dict[str, tuple[str, list[Act], int]] = {
    "fixed amount with order number": ("fixed-with-order", ["1042#", "1", VISA], 6),
    "fixed amount with a new number": ("fixed-with-order", ["1043#", "1", VISA], 6),
    "fixed amount": ("fixed", ["1", VISA], 5),
    "caller's amount with order number": ("caller-with-order", ["1042#", "1", VISA], 6),
    "caller's amount with a new number": ("caller-with-order", ["1043#", "42*50#", "1", VISA], 7),
    "caller's amount": ("caller", ["42*50#", "1", VISA], 6),
}
each_call = pytest.mark.parametrize("name", CALLS)


@each_call
@pytest.mark.parametrize("overage", ["off", "condition"])
def test_a_paid_call_makes_at_most_20_statements(
    phone: Phone, shop: Shop, statements: Statements, name: str, overage: str
) -> None:
    behavior, acts, _ = CALLS[name]
    shop.line(behavior, overage=overage)
    shop.order()
    shop.bank.hold_for_waits(1)
    before = len(statements)
    phone.tell(*acts)
    assert len(statements) - before <= STATEMENTS, str(statements)
    assert len(shop.bank.charges) == 1


def test_kept_keys_cost_a_call_no_statement(phone: Phone, shop: Shop, statements: Statements, settings: Any) -> None:
    shop.line("fixed")
    settings.PHONEPAY_STRIPE_SECRET_KEY, settings.PHONEPAY_TWILIO_AUTH_TOKENS = None, ()
    keep({"stripe_secret_key": shop.bank.key, "twilio_auth_token": TOKEN}, by=SYSTEM, now=timezone.now())
    credentials.refresh()  # as a thread of the web process does it every five seconds
    before, reads = len(statements), str(statements).count('FROM "merchant_credential"')
    phone.tell("1", VISA)
    assert len(shop.bank.charges) == 1
    assert str(statements).count('FROM "merchant_credential"') == reads
    assert len(statements) - before <= STATEMENTS


@each_call
def test_the_requests_of_a_call_with_one_wait(phone: Phone, shop: Shop, name: str) -> None:
    behavior, acts, most = CALLS[name]
    shop.line(behavior)
    shop.order()
    shop.bank.hold_for_waits(1)
    caller = phone.dial()
    caller.then(*acts)
    assert "You have paid" in caller.heard
    assert len(caller.waits) == 1
    assert len(caller.turns) == most


def test_a_bank_that_answers_at_once_costs_no_idle_wait(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.then("1", VISA)
    assert (len(caller.turns), caller.waits) == (4, [])


def test_waiting_asks_the_database_for_nothing_while_this_process_charges(
    phone: Phone, shop: Shop, statements: Statements
) -> None:
    shop.line("fixed")
    shop.bank.hold()
    caller = phone.dial()
    caller.call.at(words="Still waiting").hang_up()
    counted: list[int] = []
    caller.call.at(request="/waiting/")._then(lambda: counted.append(len(statements)))
    caller.call.at(words="Still waiting")._then(lambda: counted.append(len(statements)))
    caller.then("1", VISA)
    first, at_the_words = counted
    assert at_the_words - first <= 2, str(statements)  # the turn that says the words looks
    assert len(caller.waits) >= 3


def test_progress_inside_the_card_costs_nothing(phone: Phone, shop: Shop, statements: Statements) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.press("1")
    shop.bank.let_go()
    before = len(statements)
    caller.press("4242424242424242")
    caller.then("0330", "123")
    assert len(statements) == before, str(statements)
    assert sum(request.kind == "pay-status" for request in caller.call.requests) >= 4
