"""A card number keyed anywhere but in <Pay> is kept nowhere: not in the database's bytes, a log, or TwiML."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.journeys.phone import SILENCE, Caller, Phone
from tests.journeys.shop import VISA, Shop
from tests.web.planting import kept_bytes, sweep

PLANTED = "4111111111111111"
HALVES = (PLANTED[:8], PLANTED[4:12], PLANTED[8:])


@pytest.fixture
def database() -> Callable[[], bytes]:
    """All that the database holds."""
    return kept_bytes


@contextmanager
def _nothing_is_kept(
    phone: Phone, database: Callable[[], bytes], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    sweep()
    with caplog.at_level("DEBUG"):
        yield
    written, logged = database(), capfd.readouterr()
    answered = "".join(turn.body for caller in phone.calls for turn in caller.call.requests)
    for part in HALVES:
        assert part.encode() not in written
        assert part not in logged.err + logged.out
        assert part not in answered


@pytest.fixture
def nothing_is_kept(
    phone: Phone,
    database: Callable[[], bytes],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[None]:
    with _nothing_is_kept(phone, database, capfd, caplog):
        yield


pytestmark = pytest.mark.usefixtures("nothing_is_kept")


def at_the_order(phone: Phone, shop: Shop) -> Caller:
    shop.line("caller-with-order", overage="ask")
    shop.order()
    return phone.dial()


def at_the_amount(phone: Phone, shop: Shop) -> Caller:
    shop.line("caller", overage="ask")
    return phone.dial()


def at_a_choice(phone: Phone, shop: Shop) -> Caller:
    caller = at_the_order(phone, shop)
    caller.press("1042#")
    return caller


def at_the_consent(phone: Phone, shop: Shop) -> Caller:
    caller = at_a_choice(phone, shop)
    caller.press("1")
    return caller


def at_a_retry(phone: Phone, shop: Shop) -> Caller:
    caller = at_the_consent(phone, shop)
    caller.then("2", "*")
    return caller


def at_the_language(phone: Phone, shop: Shop) -> Caller:
    shop.line(locales=["en-US", "es-US"])
    return phone.dial()


def at_the_outcome(phone: Phone, shop: Shop) -> Caller:
    caller = at_the_consent(phone, shop)
    caller.then("2", VISA)
    return caller


PLACES = [at_the_order, at_the_amount, at_a_choice, at_the_consent, at_a_retry, at_the_language, at_the_outcome]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
@pytest.mark.parametrize("pace", [5, 2, 0.7], ids=["five a second", "two a second", "slowly"])
def test_keyed_anywhere(phone: Phone, shop: Shop, place: Any, pace: float) -> None:
    caller = place(phone, shop)
    caller.press(PLANTED, per_second=pace)
    if not caller.ended and caller.call.state == "listening":
        caller.wait()
    caller.hang_up()
    assert shop.bank.account.payment_methods == [] or place is at_the_outcome


@pytest.mark.parametrize("place", [at_the_order, at_the_amount], ids=lambda place: place.__name__)
@pytest.mark.parametrize("at", [4, 8, 12])
def test_a_piece_that_is_ended_as_a_number_is_never_joined_to_the_rest(
    phone: Phone, shop: Shop, database: Callable[[], bytes], place: Any, at: int
) -> None:
    """Up to 12 keys and # are a number that the shop may have; what follows is another entry."""
    number = "5200828282828210"
    caller = place(phone, shop)
    caller.press(number[:at] + "#", per_second=5)
    if not caller.ended:
        caller.press(number[at:], per_second=5)
    if not caller.ended and caller.call.state == "listening":
        caller.wait()
    caller.hang_up()
    assert (number if at < 12 else number[:12]).encode() not in database()
    assert "8282" not in "".join(turn.get("keyed", "") for turn in shop.call.turns)


PARAMETERS = [
    "Digits", "FinishedOnKey", "Result", "PaymentToken", "PaymentCardNumber", "PaymentCardType", "PaymentError",
    "PayErrorCode", "ConnectorError", "DialCallStatus", "CallStatus", "CallDuration", "ProfileId", "SpeechResult",
    "CallerName", "FromCity", "ErrorUrl", "SecurityCode", "ExpirationDate", "PostalCode", "PaymentMethod",
]  # fmt: skip


@pytest.mark.database
def test_in_every_parameter_of_every_request(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    shop.order()
    caller = phone.dial()
    caller.then("1042#", "1")
    attempt = shop.payment.attempt
    for name in PARAMETERS:
        for path in (
            "voice",
            "input/1",
            "input/2",
            "input/3",
            f"pay/{attempt}/status",
            f"waiting/{attempt}/1",
            "status",
        ):
            phone.forge(caller, f"/twilio/{path}", To="+15550100", **{name: PLANTED})
    phone.forge(caller, f"/twilio/pay/{attempt}", **dict.fromkeys(PARAMETERS, PLANTED))
    assert shop.bank.charges == []


@pytest.mark.database
def test_beside_a_card_that_pays(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.press("1")
    success = {"Result": "success", "PaymentToken": "pm_card_visa"}
    planted = {name: PLANTED for name in PARAMETERS if name not in success}
    phone.forge(caller, f"/twilio/pay/{shop.payment.attempt}", **planted, **success)
    shop.bank.let_go()
    assert (shop.statuses, shop.payment.card_brand, shop.payment.card_last4) == (["succeeded"], "", "1111")


@pytest.mark.parametrize("name", ["From", "Caller", "CallerName", "ForwardedFrom"])
def test_as_the_number_of_a_caller(phone: Phone, shop: Shop, name: str) -> None:
    shop.line("fixed")
    phone.send("/twilio/voice", CallSid="CA" + "5" * 32, To="+15550100", **{name: PLANTED})
    assert shop.call.phone == ""


def test_in_the_path(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    assert phone.forge(caller, f"/twilio/input/{PLANTED}", Digits="1") == caller.request("/voice").body


def test_a_paid_call_keeps_no_card_of_its_own_either(phone: Phone, shop: Shop, database: Callable[[], bytes]) -> None:
    shop.line("fixed")
    phone.tell("1", VISA)
    assert VISA.number.encode() not in database()
    assert b"4242" in database()  # the last four are


def test_the_log_says_how_many_keys_there_were(phone: Phone, shop: Shop) -> None:
    caller = at_the_order(phone, shop)
    caller.press(PLANTED + "#", per_second=5)
    assert shop.call.turns[-1]["keyed"] == "x" * 16
    caller.then(SILENCE)
