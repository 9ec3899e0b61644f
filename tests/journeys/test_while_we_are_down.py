"""Our server is gone for a while: Twilio speaks the bin it keeps for us, comes back once, and the money stays true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from phonepay.standins.twilio.bins import Bins
from phonepay.standins.twilio.transport import Answer, ConnectFailed, HttpTransport, Outgoing, ReadFailed
from phonepay.telephony.addresses import Addresses
from phonepay.telephony.fallback import hosted
from tests.journeys.phone import PUBLIC, Caller, Phone
from tests.journeys.shop import VISA, Shop

BIN = "https://handler.twilio.com/twiml/EH0123456789abcdef0123456789abcdef"
SORRY = (
    "Sorry, something went wrong on our side. If you had already entered your card, please do not pay again until "
    "Harbor Garage has checked. Please stay on the line: we will try to go on."
)
GOODBYE = (
    "Sorry, something went wrong on our side. If you had already entered your card, please do not pay again until "
    "Harbor Garage has checked. If not, please call again in a few minutes. Goodbye."
)


class Server(HttpTransport):
    """Our server, which can be gone (nobody listens) or silent (the answers do not come)."""

    trouble = ""

    def send(self, outgoing: Outgoing, connect_seconds: float, read_seconds: float) -> Answer:
        if self.trouble == "gone":
            raise ConnectFailed("nobody listens")
        answer = super().send(outgoing, connect_seconds, read_seconds)
        if self.trouble == "silent":
            raise ReadFailed("no answer came", timed_out=True)
        return answer


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def down(phone_with: Callable[..., Phone], server: Server) -> Callable[..., Phone]:
    """A telephone whose line has the bin as its fallback."""

    def make(locale: str = "en-US", bin_address: str = BIN, **switches: Any) -> Phone:
        phone = phone_with(**switches)
        text = hosted(addresses=Addresses(PUBLIC), locale=locale, shop="Harbor Garage", bin_address=bin_address)
        phone.telephone.fallback_url = BIN
        phone.telephone.transport = Bins({BIN: text}, server)
        return phone

    return make


@pytest.fixture
def phone(down: Callable[..., Phone]) -> Phone:
    return down()


def becomes(server: Server, trouble: str, caller: Caller, *, words: str = "", request: str = "") -> None:
    caller.call.at(words=words, request=request)._then(lambda: setattr(server, "trouble", trouble))


def is_back_after_the_words(server: Server, caller: Caller) -> None:
    becomes(server, "", caller, words="we will try to go on")


def at_the_card(phone: Phone, shop: Shop) -> Caller:
    shop.line("fixed")
    caller = phone.dial()
    caller.press("1")
    return caller


@pytest.mark.parametrize("trouble", ["gone", "silent"])
def test_gone_for_the_first_request_and_back(phone: Phone, shop: Shop, server: Server, trouble: str) -> None:
    shop.line("fixed")
    server.trouble = trouble
    caller = Caller(phone.telephone.prepare())
    phone.calls.append(caller)
    is_back_after_the_words(server, caller)
    caller.call.start()
    assert SORRY in caller.heard and "Hello, this is Harbor Garage." in caller.heard.partition(SORRY)[2]
    assert "You have paid" in caller.then("1", VISA)
    assert len(shop.bank.charges) == 1


@pytest.mark.parametrize("trouble", ["gone", "silent"])
def test_gone_for_the_first_request_and_for_good(phone: Phone, shop: Shop, server: Server, trouble: str) -> None:
    shop.line("fixed")
    server.trouble = trouble
    caller = phone.dial()
    assert caller.heard == f"{SORRY} {GOODBYE}"
    assert (caller.ended, shop.payments) == ("product", [])


@pytest.mark.parametrize("trouble", ["gone", "silent"])
def test_at_a_question_the_call_goes_on_where_it_was(phone: Phone, shop: Shop, server: Server, trouble: str) -> None:
    shop.line()
    shop.order()
    caller = phone.dial()
    becomes(server, trouble, caller, request="/input/1")
    is_back_after_the_words(server, caller)
    again = caller.press("1042#").partition(SORRY)[2]
    if trouble == "gone":  # the keys never came: the question is asked again
        assert again.endswith("Enter your order number, then press the pound key.")
        again = caller.press("1042#")
    assert "forty-two dollars and fifty cents. To pay, press 1." in again
    assert "You have paid" in caller.then("1", VISA)
    assert len(shop.bank.charges) == 1


def test_while_the_card_is_keyed_and_its_result_never_came(phone: Phone, shop: Shop, server: Server) -> None:
    caller = at_the_card(phone, shop)
    becomes(server, "gone", caller, request="/pay/")
    is_back_after_the_words(server, caller)
    heard = caller.pay_with(VISA).partition(SORRY)[2]
    assert heard.startswith(" We could not read the card. You have not been charged. To try once more, press 1.")
    assert shop.bank.charges == []
    assert "You have paid" in caller.then("1", VISA)
    assert len(shop.bank.charges) == 1


def test_the_lost_result_of_a_card_that_comes_after_all_changes_nothing(
    phone: Phone, shop: Shop, server: Server
) -> None:
    caller = at_the_card(phone, shop)
    becomes(server, "gone", caller, request="/pay/")
    is_back_after_the_words(server, caller)
    caller.pay_with(VISA)
    late = caller.request("/pay/")
    caller.forged = True
    assert "We could not read the card" in phone.send(late.path, **late.params).body.decode()
    assert shop.bank.charges == []
    caller.hang_up()


def test_the_charge_had_begun_and_the_answer_was_lost(phone: Phone, shop: Shop, server: Server) -> None:
    caller = at_the_card(phone, shop)
    becomes(server, "silent", caller, request="/pay/")
    is_back_after_the_words(server, caller)
    assert "You have paid forty-two dollars and fifty cents." in caller.pay_with(VISA).partition(SORRY)[2]
    assert (len(shop.bank.charges), shop.call.told) == (1, "paid")


@pytest.mark.parametrize("trouble", ["gone", "silent"])
def test_while_the_bank_is_asked_the_outcome_is_told_afterwards(
    phone: Phone, shop: Shop, server: Server, trouble: str
) -> None:
    caller = at_the_card(phone, shop)
    shop.bank.hold()
    becomes(server, trouble, caller, request="/waiting/")
    is_back_after_the_words(server, caller)
    caller.call.at(words="we will try to go on")._then(shop.bank.let_go)
    assert "You have paid" in caller.pay_with(VISA).partition(SORRY)[2]
    assert (len(shop.bank.charges), shop.call.told) == (1, "paid")


@pytest.mark.parametrize("where", ["/pay/", "/waiting/"])
@pytest.mark.parametrize("trouble", ["gone", "silent"])
def test_gone_for_good_with_a_card_keyed(phone: Phone, shop: Shop, server: Server, trouble: str, where: str) -> None:
    caller = at_the_card(phone, shop)
    becomes(server, trouble, caller, request=where)
    assert caller.pay_with(VISA).endswith(f"{SORRY} {GOODBYE}")
    server.trouble = ""
    caller.forged = trouble == "silent"  # the product has told what nobody heard
    shop.work(minutes=20)
    charged = (where, trouble) != ("/pay/", "gone")
    assert shop.statuses == (["succeeded"] if charged else ["abandoned"])
    assert len(shop.bank.charges) == int(charged)


def test_a_call_that_ended_is_told_its_end_again(phone: Phone, shop: Shop, server: Server) -> None:
    shop.line("fixed")
    caller = phone.dial()
    becomes(server, "silent", caller, request="/input/1")
    is_back_after_the_words(server, caller)
    assert caller.press("2").partition(SORRY)[2] == " All right. You have not been charged. Goodbye."


def test_down_twice_in_one_call(phone: Phone, shop: Shop, server: Server) -> None:
    shop.line("fixed")
    caller = phone.dial()
    for _ in range(2):
        becomes(server, "gone", caller, request="/input/1")
        is_back_after_the_words(server, caller)
        assert SORRY in caller.press("1") and not caller.ended
    assert "You have paid" in caller.then("1", VISA)


def test_without_its_own_address_the_bin_tries_until_the_caller_hangs_up(
    down: Callable[..., Phone], shop: Shop, server: Server
) -> None:
    phone = down(bin_address="")
    shop.line("fixed")
    server.trouble = "gone"
    caller = Caller(phone.telephone.prepare())
    phone.calls.append(caller)

    def hang_up_the_next_time() -> None:
        caller.call.at(words="we will try to go on").hang_up(after_seconds=3)

    caller.call.at(words="we will try to go on")._then(hang_up_the_next_time)
    caller.call.start()
    assert caller.heard.count("Sorry, something went wrong on our side.") == 2
    assert caller.ended == "caller"


def test_there_is_no_long_silence_while_we_are_gone(phone: Phone, shop: Shop, server: Server) -> None:
    caller = at_the_card(phone, shop)
    becomes(server, "silent", caller, request="/pay/")
    caller.pay_with(VISA)
    caller.forged = True  # the product has told what nobody heard
    heard = caller.call.heard
    ends = [each.at + each.seconds for each in heard]
    assert max(after.at - end for end, after in zip(ends, heard[1:], strict=False)) < 26


def test_it_speaks_the_language_of_the_line(down: Callable[..., Phone], shop: Shop, server: Server) -> None:
    phone = down(locale="es-MX")
    shop.line("fixed", locales=["es-MX"])
    server.trouble = "gone"
    assert "no pague otra vez hasta que Harbor Garage lo revise. No cuelgue" in phone.dial().heard
