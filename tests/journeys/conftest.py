"""A journey: the product behind its own server, Stripe's and Twilio's stand-ins, and one clock for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from phonepay.payments import pool, stripe_gateway
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio import Switches
from tests.journeys.bank import Bank
from tests.journeys.clock import Clock, standing_still
from tests.journeys.judge import judge
from tests.journeys.phone import Phone
from tests.journeys.product import Statements, counting, serving
from tests.journeys.shop import Shop

assert stripe_gateway, "the package takes half a second to import, and no call should wait for it"


@pytest.fixture(scope="session")
def product() -> Iterator[str]:
    """The address of the running product."""
    with serving() as address:
        yield address


@pytest.fixture
def clock() -> Iterator[Clock]:
    with standing_still() as clock:
        yield clock


@pytest.fixture
def bank(clock: Clock) -> Iterator[Bank]:
    with StripeStandIn() as standin:
        yield Bank(standin)


@pytest.fixture
def shop(transactional_db: None, bank: Bank, clock: Clock, settings: Settings) -> Iterator[Shop]:
    """Harbor Garage, before it has a line."""
    yield Shop(bank, clock, settings)
    bank.let_go()
    pool.wait_until_idle()


@pytest.fixture
def phone_with(product: str, shop: Shop, bank: Bank, clock: Clock) -> Iterator[Callable[..., Phone]]:
    """Makes a telephone with Twilio's unknowns decided in a certain way; its calls are judged as the test ends."""
    phones: list[Phone] = []

    def make(**switches: Any) -> Phone:
        phones.append(Phone(product, bank, clock, Switches(**switches)))
        return phones[-1]

    yield make
    bank.let_go()
    for caller in [caller for phone in phones for caller in phone.calls]:
        judge(caller, bank)


@pytest.fixture
def phone(phone_with: Callable[..., Phone]) -> Phone:
    return phone_with()


@pytest.fixture
def statements() -> Iterator[Statements]:
    with counting() as counted:
        yield counted
