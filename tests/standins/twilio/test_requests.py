"""The requests: their parameters and signature, what is tried again, where failures lead."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

import pytest
from twilio.request_validator import RequestValidator

from phonepay.standins.twilio import Telephone
from phonepay.standins.twilio.conversation import APOLOGY
from phonepay.standins.twilio.overrides import overrides_of
from phonepay.standins.twilio.transport import HttpTransport
from tests.standins.twilio.conftest import ACCOUNT, TOKEN
from tests.standins.twilio.product import Arrived, Product, Reply

Make = Callable[..., Telephone]


def is_signed(arrived: Arrived, url: str) -> bool:
    """Whether the real package accepts the request for that address."""
    return bool(RequestValidator(TOKEN).validate(url, arrived.form, arrived.headers["x-twilio-signature"]))


def test_every_request_is_signed_over_the_public_address(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Redirect>/two?a=1%2B1#rp=all</Redirect>")
    product.says("/two", "<Hangup/>")
    telephone(voice_url="https://pay.example:8443/voice#rc=2").dial()
    assert is_signed(product.arrived[0], "https://pay.example/voice")
    assert is_signed(product.arrived[1], "https://pay.example/two?a=1%2B1")


def test_the_first_request_has_the_documented_parameters(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Hangup/>")
    telephone().dial("+15550177")
    (arrived,) = product.arrived
    form = arrived.form
    assert re.fullmatch(r"CA[0-9a-f]{32}", form["CallSid"])
    assert {name: form[name] for name in ("AccountSid", "ApiVersion", "CallStatus", "Direction", "From", "To")} == {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": "+15550177",
        "To": "+15550100",
    }
    places = {f"{who}{what}" for who in ("Called", "Caller", "From", "To") for what in ("City", "State", "Zip")}
    assert places | {"Caller", "Called", "StirVerstat", "CallToken", "FromCountry"} <= set(form)
    assert arrived.headers["host"] == "pay.example"
    assert arrived.headers["x-forwarded-proto"] == "https"
    assert "i-twilio-idempotency-token" in arrived.headers


def test_later_requests_say_that_the_call_is_in_progress(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Redirect>/two</Redirect>")
    product.says("/two", "<Hangup/>")
    telephone().dial()
    assert product.arrived[1].form["CallStatus"] == "in-progress"


def test_a_hidden_caller_has_no_number_and_no_place(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Hangup/>")
    telephone().dial(hidden=True)
    form = product.arrived[0].form
    assert (form["From"], form["Caller"], form["FromCity"]) == ("+266696687", "+266696687", "")
    assert "StirVerstat" not in form


def test_extra_parameters_are_sent_and_signed(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Hangup/>")
    telephone().dial(extra={"CallerName": "Ana", "Brandnew": "1"})
    assert product.arrived[0].form["Brandnew"] == "1"
    assert is_signed(product.arrived[0], "https://pay.example/voice")


def test_cookies_come_back_on_the_next_request(product: Product, telephone: Make) -> None:
    product.says(
        "/voice", Reply("<Response><Redirect>/two</Redirect></Response>", headers={"Set-Cookie": "seen=1; Path=/"})
    )
    product.says("/two", "<Hangup/>")
    telephone().dial()
    assert product.arrived[1].headers["cookie"] == "seen=1"


def test_a_password_in_the_address_is_sent_as_basic_authentication(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Hangup/>")
    telephone(voice_url="https://user:secret@pay.example/voice").dial()
    (arrived,) = product.arrived
    assert arrived.headers["authorization"] == "Basic dXNlcjpzZWNyZXQ="
    assert is_signed(arrived, "https://pay.example/voice")


@pytest.mark.parametrize(("status", "method"), [(302, "GET"), (307, "POST")])
def test_a_redirection_is_followed(product: Product, telephone: Make, status: int, method: str) -> None:
    product.says("/voice", Reply("", status, headers={"Location": "/two"}))
    product.says("/two", "<Say>Two.</Say>")
    assert telephone().dial().said == "Two."
    assert product.arrived[1].method == method


def test_more_than_ten_redirections_are_an_error(product: Product, telephone: Make) -> None:
    product.says("/voice", Reply("", 307, headers={"Location": "/voice"}))
    call = telephone().dial()
    assert (call.errors[0].code, len(product.arrived)) == (11215, 11)


def test_an_address_elsewhere_is_asked_there(product: Product, stripe: Product, telephone: Make) -> None:
    product.says("/voice", f"<Redirect>{stripe.base}/two</Redirect>")
    stripe.says("/two", "<Say>Elsewhere.</Say>")
    assert telephone().dial().said == "Elsewhere."
    assert is_signed(stripe.arrived[0], f"{stripe.base}/two")


@pytest.mark.parametrize("status", [403, 404, 500, 502])
def test_a_failure_leads_to_the_fallback_address(product: Product, telephone: Make, status: int) -> None:
    product.says("/voice", Reply("no", status))
    product.says("/fallback", "<Say>Sorry.</Say>")
    call = telephone(fallback_url="https://pay.example/fallback").dial()
    assert call.said == "Sorry."
    assert product.arrived[1].form["ErrorCode"] == "11200"
    assert product.arrived[1].form["ErrorUrl"] == "https://pay.example/voice"


def test_without_a_fallback_the_network_apologizes_and_hangs_up(product: Product, telephone: Make) -> None:
    product.says("/voice", Reply("no", 500))
    call = telephone().dial()
    assert (call.said, call.ended_by, call.heard[0].kind) == (APOLOGY, "error", "own")


def test_a_fallback_that_fails_too_ends_the_call(product: Product, telephone: Make) -> None:
    call = telephone(fallback_url="https://pay.example/fallback").dial()
    assert (call.said, len(call.errors)) == (APOLOGY, 2)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply("<Response>"), 12100),
        (Reply("<Answer/>"), 12100),
        (Reply("<Response><Shout/></Response>"), 12100),
        (Reply("{}", content_type="application/json"), 12300),
        (Reply("<Response>" + "<Pause/>" * 9000 + "</Response>"), 11750),
    ],
)
def test_what_is_no_twiml_has_its_number(product: Product, telephone: Make, reply: Reply, code: int) -> None:
    product.says("/voice", reply)
    assert telephone().dial().errors[0].code == code


def closed_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_refused_connection_is_tried_once_more_by_default(telephone: Make) -> None:
    call = telephone(local_base=f"http://127.0.0.1:{closed_port()}").dial()
    assert (call.turns[0].retried, call.turns[0].failure, call.errors[0].code) == (1, "ct", 11205)


def test_a_bad_status_is_tried_again_only_where_the_address_says_so(product: Product, telephone: Make) -> None:
    product.says("/voice", lambda _: Reply("no", 500) if len(product.arrived) < 3 else "<Say>Third.</Say>")
    assert telephone(voice_url="https://pay.example/voice#rc=2").dial().ended_by == "error"
    product.arrived.clear()
    call = telephone(voice_url="https://pay.example/voice#rc=2&rp=5xx").dial()
    assert (call.said, call.turns[0].retried) == ("Third.", 2)
    assert len({arrived.headers["i-twilio-idempotency-token"] for arrived in product.arrived}) == 1


def test_a_lost_answer_is_tried_again_where_the_address_says_so(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Say>Hello.</Say>")
    phone = telephone(voice_url="https://pay.example/voice#rc=2&rt=4000&rp=all")
    phone.lose_next_answer(2)
    call = phone.dial()
    assert (call.said, len(product.arrived)) == ("Hello.", 3)
    assert call.heard[0].at == pytest.approx(8.2)


def test_fifteen_seconds_are_the_end_of_every_request(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Say>Hello.</Say>")
    phone = telephone(voice_url="https://pay.example/voice#rc=5&rp=all")
    phone.lose_next_answer()
    call = phone.dial()
    assert (call.ended_by, len(product.arrived), call.turns[0].seconds) == ("error", 1, 15)


def test_an_answer_that_comes_too_late_is_none(product: Product, telephone: Make) -> None:
    turned = [0.0]
    product.says("/voice", lambda _: turned.append(20.0) or "<Say>Late.</Say>")  # type: ignore[func-returns-value]  # None is what it is for
    call = telephone(transport=HttpTransport(clock=lambda: sum(turned))).dial()
    assert (call.said, call.turns[0].failure) == (APOLOGY, "rt")


def test_a_request_can_arrive_twice(product: Product, telephone: Make) -> None:
    product.says("/voice", lambda _: f"<Say>{len(product.arrived)}</Say>")
    phone = telephone()
    phone.repeat_next(2)
    call = phone.dial()
    assert (call.said, len(product.arrived), len(call.turns)) == ("3", 3, 1)
    assert product.arrived[0].body == product.arrived[2].body


def test_a_request_can_arrive_twice_at_the_same_moment(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Redirect>/two</Redirect>")
    product.says("/two", "<Say>Two.</Say>")
    phone = telephone()
    phone.repeat_next(where="/two", together=True)
    assert phone.dial().said == "Two."
    assert len(product.at("/two")) == 2


def test_every_request_can_arrive_twice(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Redirect>/two</Redirect>")
    product.says("/two", "<Say>Two.</Say>")
    phone = telephone()
    phone.repeat_every(together=True)
    assert phone.dial().said == "Two."
    assert [len(product.at(path)) for path in ("/voice", "/two")] == [2, 2]


def test_a_past_request_can_be_sent_again_byte_for_byte(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Hangup/>")
    phone = telephone()
    call = phone.dial()
    answers = phone.repeat(call.turns[0], times=2)
    assert [answer.status for answer in answers] == [200, 200]
    assert product.arrived[0].headers == product.arrived[1].headers == product.arrived[2].headers
    assert product.arrived[0].body == product.arrived[2].body


def test_a_refused_connection_on_demand_does_not_reach_the_product(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Say>Hello.</Say>")
    phone = telephone()
    phone.refuse_next_connection()
    call = phone.dial()
    assert (call.said, call.turns[0].retried, len(product.arrived)) == ("Hello.", 1, 1)


def test_the_end_is_told_to_the_status_address(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Pause length="3"/>')
    product.says("/status", Reply("", 204))
    call = telephone(status_url="https://pay.example/status").dial()
    (arrived,) = product.at("/status")
    assert (arrived.form["CallStatus"], arrived.form["CallDuration"]) == ("completed", "4")
    assert is_signed(arrived, "https://pay.example/status")
    assert [request.kind for request in call.requests] == ["call", "call-status"]
    assert len(call.turns) == 1


def test_a_status_address_that_fails_is_only_warned_of(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Say>Hello.</Say>")
    call = telephone(status_url="https://pay.example/status").dial()
    assert (call.ended_by, call.errors, call.warnings[0].code) == ("product", [], 11200)


def test_a_status_answer_of_another_type_is_warned_of(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Hangup/>")
    product.says("/status", Reply("ok", content_type="text/plain"))
    assert telephone(status_url="https://pay.example/status").dial().warnings[0].code == 15003


def test_a_hang_up_during_a_request_ends_the_call_before_its_answer_is_heard(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Gather action="/two" numDigits="1"/>')
    product.says("/two", "<Say>Never heard.</Say>")
    call = telephone().dial()
    call.at(request="/two").hang_up()
    call.press("1")
    assert len(product.at("/two")) == 1
    assert (call.ended_by, call.heard) == ("caller", [])


def test_the_overrides_are_read_as_documented() -> None:
    overrides = overrides_of("https://pay.example/voice#ct=2000&rt=7000&tt=14000&rc=3&rp=5xx,ct&e=ashburn")
    assert (overrides.connect_seconds, overrides.read_seconds, overrides.total_seconds) == (2, 7, 14)
    assert (overrides.retries, overrides.retry_on, overrides.problems) == (3, {"5xx", "ct"}, ())


def test_overrides_out_of_range_are_told_and_left_at_their_defaults(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Hangup/>")
    overrides = overrides_of("https://pay.example/voice#ct=1&rc=9&rp=never&zz=1")
    assert (overrides.connect_seconds, overrides.retries, overrides.retry_on) == (5, 1, {"ct"})
    assert len(overrides.problems) == 4
    assert telephone(voice_url="https://pay.example/voice#rc=9").dial().warnings[0].code == 11100
