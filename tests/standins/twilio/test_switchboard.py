"""Somebody at a telephone in another process: dialing, pressing, hanging up, and hearing what was said since."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from phonepay.standins.twilio import TwilioStandIn
from phonepay.standins.twilio import handset as handsets
from tests.standins.twilio.conftest import ACCOUNT, TOKEN
from tests.standins.twilio.product import Arrived, Product

NUMBER = "+12025550100"
CARD = {"number": "4242424242424242", "expiry": "0340", "code": "123", "postal_code": "94110"}
MENU = '<Gather action="/keyed" numDigits="1"><Say>Press 1 to pay.</Say></Gather>'
PAY = '<Pay action="/paid" tokenType="payment-method"/>'

Ask = Callable[..., Any]


@pytest.fixture
def standin(product: Product, stripe: Product) -> Iterator[TwilioStandIn]:
    with TwilioStandIn(account_sid=ACCOUNT, auth_token=TOKEN, numbers=[NUMBER]) as standin:
        standin.configure(NUMBER, voice_url="https://pay.example/voice", status_url="https://pay.example/status")
        standin.connect_telephones(local_base=product.base, stripe_url=stripe.base, secret_key="sk_test_1")
        yield standin


@pytest.fixture
def ask(standin: TwilioStandIn) -> Iterator[Ask]:
    """Ask the switchboard; `ask("press", keys="1")` of the call that was dialed last."""
    with httpx.Client(base_url=standin.url, auth=(ACCOUNT, TOKEN), trust_env=False) as client:
        last = {"sid": ""}

        def asked(do: str, **facts: str) -> Any:
            if do == "dial":
                told = client.post("/_standin/telephones", data={"to": NUMBER, "wait": "2"} | facts).json()
                last["sid"] = told["sid"]
                return told
            path = f"/_standin/telephones/{last['sid']}"
            if do == "look":
                return client.get(path, params=facts).json()
            return client.post(path, data={"do": do, "wait": "2"} | facts).json()

        yield asked


def test_the_caller_hears_the_first_words_and_is_listened_to(ask: Ask, product: Product) -> None:
    product.says("/voice", MENU)
    told = ask("dial", **{"from": "+12025550199"})
    assert (told["state"], told["listening_for"]) == ("listening", "gather")
    assert [line["text"] for line in told["log"]] == ["Press 1 to pay."]
    assert told["log"][0]["language"] == "en-US"
    assert product.at("/voice")[0].form["From"] == "+12025550199"


def test_the_request_is_signed_as_for_any_call(ask: Ask, product: Product) -> None:
    product.says("/voice", MENU)
    ask("dial")
    assert product.at("/voice")[0].headers["x-twilio-signature"]
    assert product.at("/voice")[0].headers["host"] == "pay.example"


def test_keys_reach_the_product_and_only_what_is_new_is_told(ask: Ask, product: Product) -> None:
    product.says("/voice", MENU)
    product.says("/keyed", "<Say>Thank you.</Say><Hangup/>")
    before = ask("dial")["lines"]
    told = ask("press", keys="1", since=str(before))
    assert [line["text"] for line in told["log"]] == ["1", "Thank you.", "(the call has ended: product)"]
    assert (told["state"], told["log"][-1]["about"]) == ("ended", "product")


def test_the_keys_of_a_number_may_come_one_by_one(ask: Ask, product: Product) -> None:
    product.says("/voice", '<Gather action="/keyed"><Say>The number?</Say></Gather>')
    product.says("/keyed", "<Hangup/>")
    ask("dial")
    for key in "1042":
        assert ask("press", keys=key)["state"] == "listening"
    ask("press", keys="#")
    assert product.at("/keyed")[0].form["Digits"] == "1042"


def test_a_card_becomes_a_token_and_is_told_as_dots(ask: Ask, product: Product, stripe: Product) -> None:
    product.says("/voice", PAY)
    product.says("/paid", "<Say>Paid.</Say>")
    assert ask("dial", connector="Default")["listening_for"] == "payment-card-number"
    told = ask("card", **CARD)
    assert product.at("/paid")[0].form["PaymentToken"].startswith("pm_")
    keyed = [line["text"] for line in told["log"] if line["who"] == "card-keys"]
    assert keyed and not any(key.isdigit() for text in keyed for key in text)


def test_a_connector_has_the_name_that_the_line_gives_it(ask: Ask, product: Product) -> None:
    product.says("/voice", '<Pay action="/paid" tokenType="payment-method" paymentConnector="Stripe_shop"/>')
    assert ask("dial", connector="Stripe_shop")["state"] == "paying"


def test_silence_lasts_until_the_line_gives_up(ask: Ask, product: Product) -> None:
    product.says("/voice", MENU + "<Say>Goodbye.</Say>")
    ask("dial")
    told = ask("silence")
    assert [(line["what"], line["about"]) for line in told["log"] if line["what"]] == [
        ("silence", "5"),
        ("ended", "product"),
    ]


def test_a_caller_hangs_up_while_the_product_has_not_answered_yet(ask: Ask, product: Product) -> None:
    asked, let = threading.Event(), threading.Event()

    def slow(arrived: Arrived) -> str:
        asked.set()
        let.wait(10)
        return MENU

    product.says("/voice", slow)
    assert ask("dial", wait="0")["state"] == "busy"
    assert asked.wait(10)
    ask("hang-up", wait="0")
    let.set()
    assert ask("look", wait="2")["ended_by"] == "caller"
    assert product.at("/status")[0].form["CallStatus"] == "completed"


def test_the_person_who_is_rung_answers(ask: Ask, product: Product) -> None:
    product.says("/voice", '<Dial action="/person">+12025550142</Dial>')
    product.says("/person", "<Hangup/>")
    assert ask("dial")["state"] == "ringing"
    assert ask("person", answers="true")["state"] == "ended"
    assert product.at("/person")[0].form["DialCallStatus"] == "completed"


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that telephones let really pass."""
    passed: list[float] = []

    class Gone(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            passed.append(timeout or 0.0)
            return False

    # In this module alone: whoever else waits for an event goes on doing so.
    monkeypatch.setattr(handsets, "threading", SimpleNamespace(**vars(threading) | {"Event": Gone}))
    return passed


def test_a_key_and_the_end_wait_until_the_words_before_them_can_have_been_heard(
    standin: TwilioStandIn, product: Product, waited: list[float]
) -> None:
    product.says("/voice", MENU)
    product.says("/keyed", "<Say>Thank you very much for calling, and goodbye.</Say><Hangup/>")
    board = standin.connect_telephones(local_base=product.base, stripe_url="", secret_key="", heard_after=1.2)
    sid = board.answer("POST", "/_standin/telephones", {"to": NUMBER, "wait": "2"})[1]["sid"]
    board.answer("POST", f"/_standin/telephones/{sid}", {"do": "press", "keys": "1", "wait": "2"})
    key, end = (seconds for seconds in waited if seconds)
    assert 1.0 < key <= 1.2  # the question lasts 1.2 seconds
    assert 1.0 < end <= 1.2  # the words last longer, and nothing is waited for beyond the limit


def test_who_leaves_the_telephone_lying_is_hung_up(ask: Ask, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handsets, "FORGOTTEN_AFTER", 0.05)
    product.says("/voice", MENU)
    ask("dial")
    assert ask("look", wait="2")["sid"]
    ended = threading.Event()
    for _ in range(100):
        if ask("look")["ended_by"] == "caller":
            ended.set()
            break
        ended.wait(0.02)
    assert ended.is_set()


def test_the_stand_in_ends_with_its_calls(product: Product, stripe: Product) -> None:
    product.says("/voice", MENU)
    with TwilioStandIn(account_sid=ACCOUNT, auth_token=TOKEN, numbers=[NUMBER]) as standin:
        standin.configure(NUMBER, voice_url="https://pay.example/voice", status_url="https://pay.example/status")
        board = standin.connect_telephones(local_base=product.base, stripe_url=stripe.base, secret_key="sk_test_1")
        board.answer("POST", "/_standin/telephones", {"to": NUMBER, "wait": "2"})
    assert product.at("/status")[0].form["CallStatus"] == "completed"


def test_who_does_not_know_the_token_reaches_no_telephone(standin: TwilioStandIn) -> None:
    answer = httpx.post(f"{standin.url}/_standin/telephones", data={"to": NUMBER}, auth=(ACCOUNT, "wrong"))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("facts", "words"),
    [({}, "say whom to call"), ({"to": NUMBER, "wait": "soon"}, "soon")],
)
def test_a_call_that_cannot_be_made_is_refused_with_a_reason(
    standin: TwilioStandIn, product: Product, facts: dict[str, str], words: str
) -> None:
    product.says("/voice", MENU)
    answer = httpx.post(f"{standin.url}/_standin/telephones", data=facts, auth=(ACCOUNT, TOKEN))
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_another_number_reaches_the_same_product_under_its_own_name(ask: Ask, product: Product) -> None:
    product.says("/voice", MENU)
    ask("dial", to="+12025550177")
    assert product.at("/voice")[0].form["To"] == "+12025550177"


def test_a_number_without_an_address_is_not_called(stripe: Product) -> None:
    with TwilioStandIn(account_sid=ACCOUNT, auth_token=TOKEN, numbers=[NUMBER]) as standin:
        standin.connect_telephones(local_base="", stripe_url=stripe.base, secret_key="sk_test_1")
        answer = httpx.post(f"{standin.url}/_standin/telephones", data={"to": NUMBER}, auth=(ACCOUNT, TOKEN))
    assert "no address is configured" in answer.json()["error"]


def test_a_call_that_is_not_known_is_told_so(standin: TwilioStandIn) -> None:
    answer = httpx.get(f"{standin.url}/_standin/telephones/CA0", auth=(ACCOUNT, TOKEN))
    assert answer.status_code == 404


def test_what_nobody_can_do_at_a_telephone_is_refused(ask: Ask, product: Product) -> None:
    product.says("/voice", MENU)
    ask("dial")
    assert "is nothing" in ask("whistle")["error"]
    assert "keys 0 to 9" in ask("press", keys="A")["error"]


def test_no_digit_reaches_the_card_unless_it_may(ask: Ask, product: Product) -> None:
    product.says("/voice", PAY)
    product.says("/paid", "<Hangup/>")
    ask("dial")
    told = ask("press", keys="4242", into_pay="false")
    assert not [line for line in told["log"] if line["who"] == "card-keys"]
    ask("press", keys="4*2", into_pay="false")
    assert product.at("/paid")[0].form["Result"] == "caller-interrupted-with-star"
