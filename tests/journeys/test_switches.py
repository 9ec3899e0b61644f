"""What nobody outside Twilio knows: the core of all journeys on every setting of every switch."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest

from phonepay.standins.twilio import Switches
from tests.journeys.phone import SILENCE, Phone
from tests.journeys.shop import NO_FUNDS, VISA, Shop

pytestmark = pytest.mark.long

# What the switches that are no list of words can be set to, beside what they are set to by default.
_OTHERS: dict[str, list[Any]] = {
    "profile_id": ["cus_somebody"],
    "hidden_from": ["anonymous", "+7378742833", ""],
    "network_seconds": [0.0, 1.5],
    "processing_seconds": [0.0, 8.0],
    "audio_seconds": [1.0],
}


def settings_of(name: str, hint: Any) -> list[Any]:
    if name in _OTHERS:
        return _OTHERS[name]
    return [True, False] if hint is bool else list(get_args(hint))


def every_setting() -> list[dict[str, Any]]:
    """Each switch at each of its settings, the others at their defaults."""
    hints = get_type_hints(Switches)
    default = Switches()
    return [
        {field.name: setting}
        for field in fields(Switches)
        for setting in settings_of(field.name, hints[field.name])
        if setting != getattr(default, field.name)
    ]


SETTINGS = every_setting()
on_every_setting = pytest.mark.parametrize("switches", [{}, *SETTINGS], ids=str)
MakesPhones = Callable[..., Phone]


def test_every_switch_is_turned() -> None:
    assert {name for setting in SETTINGS for name in setting} == {field.name for field in fields(Switches)}


@on_every_setting
def test_a_card_is_declined_and_another_pays(phone_with: MakesPhones, shop: Shop, switches: dict[str, Any]) -> None:
    shop.line("caller-with-order", overage="ask")
    caller = phone_with(**switches).dial()
    caller.then("1043#", "42*50#", "1", "1")
    declined = finish(caller.pay_with(NO_FUNDS), caller, "You have not been charged.")
    assert "there is not enough money available" in declined
    caller.press("1")
    assert "You have paid forty-two dollars and fifty cents." in finish(caller.pay_with(VISA), caller, "You have paid")
    assert (shop.statuses, shop.booked) == (["succeeded"], [("sale", 4250)])
    assert (shop.payment.card_last4, shop.payment.card_brand) == ("4242", "visa")


def finish(heard: str, caller: Any, until: str) -> str:
    """A field that ends only after silence keeps the caller waiting once more."""
    for _ in range(4):
        if until in heard or caller.ended:
            break
        heard += " " + caller.wait()
    return heard


@on_every_setting
def test_no_card_comes_in_all_attempts(phone_with: MakesPhones, shop: Shop, switches: dict[str, Any]) -> None:
    shop.line("fixed")
    caller = phone_with(**switches).dial()
    caller.press("1")
    heard = [caller.wait() for _ in range(3)]
    if switches == {"max_attempts_counts": "retries"}:
        heard.append(caller.wait())
    assert heard[-1].startswith("We could not read the card. You have not been charged.")
    assert caller.press("2") == "All right. You have not been charged. Goodbye."


@on_every_setting
def test_the_star_stops(phone_with: MakesPhones, shop: Shop, switches: dict[str, Any]) -> None:
    shop.line("fixed")
    caller = phone_with(**switches).dial()
    assert caller.then("1", "4242*").startswith("Card entry stopped. You have not been charged.")


@on_every_setting
def test_hanging_up_in_the_card_charges_nothing(phone_with: MakesPhones, shop: Shop, switches: dict[str, Any]) -> None:
    shop.line("fixed")
    caller = phone_with(**switches).dial()
    caller.then("1", "4242")
    caller.hang_up()
    shop.work(minutes=3)
    assert (shop.statuses, shop.bank.charges) == (["abandoned"], [])
    assert (shop.call.ended, shop.call.told) == ("hung_up", "")


@on_every_setting
def test_hanging_up_while_the_connector_works(phone_with: MakesPhones, shop: Shop, switches: dict[str, Any]) -> None:
    shop.line("fixed")
    caller = phone_with(**switches).dial()
    caller.call.at("payment-processing").hang_up(after_seconds=1.1)
    caller.then("1", VISA)
    if not caller.ended:
        caller.hang_up()
    shop.work(minutes=3)
    assert shop.statuses in (["abandoned"], ["succeeded"])
    assert shop.books_agree()


@on_every_setting
def test_a_card_number_keyed_too_soon_pays_nothing(
    phone_with: MakesPhones, shop: Shop, switches: dict[str, Any]
) -> None:
    shop.line()
    shop.order()
    caller = phone_with(**switches).dial()
    caller.press("1042#")
    heard = caller.press("4111111111111111", per_second=5)
    assert heard.count("That sounded like a card number.") <= 1
    assert shop.payments == []
    assert caller.press("1").endswith("Enter your card number.")


@on_every_setting
def test_nobody_answers(phone_with: MakesPhones, shop: Shop, switches: dict[str, Any]) -> None:
    shop.line()
    caller = phone_with(**switches).dial()
    assert caller.then("0#", SILENCE).startswith("Sorry, nobody could take your call. You have not been charged.")


@on_every_setting
def test_hanging_up_while_it_rings(phone_with: MakesPhones, shop: Shop, switches: dict[str, Any]) -> None:
    shop.line()
    caller = phone_with(**switches).dial(hidden=True)
    caller.press("0#")
    caller.hang_up(after=5)
    assert (shop.call.ended, shop.call.phone) == ("hung_up", "")
