"""The telephone in the browser: a whole call by a page, and the payment that stands in the panel afterwards."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.events import types
from phonepay.events.models import Event
from phonepay.merchant import credentials
from phonepay.merchant.lines import set_line
from phonepay.payments.models import Payment
from phonepay.people.models import Role
from phonepay.web.telephone.network import CARDS
from tests.sandbox.playing import Sandbox
from tests.shop import OLIVIA
from tests.web.cast import person, signed_in
from tests.web.telephone.conftest import NOW, PAGE, Sits


def test_the_line_answers_with_its_first_words(sits: Sits) -> None:
    caller = sits().does("call")
    assert caller.heard[-1] == "Enter your order number, then press the pound key."
    assert caller.state == "listening"


def test_a_call_ends_with_a_payment_in_the_panel(sits: Sits) -> None:
    caller = sits().reaches_the_card().does("card", value="accepted")
    paid = Payment.objects.get()
    assert (paid.status, paid.amount, paid.livemode) == (Payment.Status.SUCCEEDED, 4250, False)
    assert "Paid $42.50" in caller.html
    links = re.findall(r'href="([^"]*)"', caller.html)
    assert {f"/payments/{paid.pk}", f"/payments/{paid.pk}/refund", f"/calls/{Call.objects.get().pk}"} <= set(links)


def test_the_payment_is_refunded_from_the_panel(sits: Sits) -> None:
    caller = sits().reaches_the_card().does("card", value="accepted")
    paid = Payment.objects.get()
    form = caller.client.get(f"/payments/{paid.pk}/refund").content.decode()
    facts = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    caller.client.post(
        f"/payments/{paid.pk}/refund", facts | {"how": "all", "part": "all", "reason": "requested_by_customer"}
    )
    paid.refresh_from_db()
    assert paid.refunded == 4250


@pytest.mark.parametrize(
    ("card", "words"),
    [
        ("no_funds", "not enough money|another card"),
        ("wrong_code", "security code|same card|again"),
        ("expired", "expired|another card"),
    ],
)
def test_a_card_that_is_declined_is_told_and_not_charged(sits: Sits, card: str, words: str) -> None:
    caller = sits().reaches_the_card().does("card", value=card)
    assert re.search(words, caller.heard[-1])
    assert "not been charged" in " ".join(caller.heard[-2:])
    caller.does("hang_up")
    assert "Nothing was charged." in caller.html


def test_no_number_of_a_card_comes_from_a_browser_or_goes_to_one(sits: Sits) -> None:
    caller = sits().reaches_the_card()
    shown = caller.html
    caller.does("card", value="accepted")
    for number in (card.number for card in CARDS.values()):
        assert number not in shown + caller.html
    assert set("".join(caller.keyed[3:])) == {"•"}


def test_digits_do_not_reach_the_card(sits: Sits) -> None:
    caller = sits().reaches_the_card()
    before = caller.keyed
    caller.press("4242")
    assert (caller.keyed, caller.state) == (before, "paying")


def test_the_star_leaves_the_card(sits: Sits) -> None:
    caller = sits().reaches_the_card().press("*")
    assert "not been charged" in " ".join(caller.heard[-2:])


def test_who_hangs_up_at_the_card_is_not_charged(sits: Sits) -> None:
    caller = sits().reaches_the_card().does("hang_up")
    assert caller.state == "ended"
    assert "Nothing was charged." in caller.html
    assert Call.objects.get().ended == "hung_up"


def test_silence_is_told_as_such(sits: Sits) -> None:
    caller = sits().does("call").does("silence")
    assert "8 seconds of silence" in caller.html
    assert "Are you still there?" in " ".join(caller.heard)


def test_the_person_whom_a_caller_asks_for_can_be_busy(sits: Sits) -> None:
    facts = {"person_number": "+12025550142", "person_hours": "always"}
    set_line(merchant=None, phone_number="", changes=facts, by=OLIVIA, now=timezone.now())
    caller = sits().does("call").press("0#")
    assert caller.state == "ringing"
    caller.does("person", value="no")
    assert "Nobody answers." in caller.html


def test_a_key_that_is_none_is_not_pressed(sits: Sits) -> None:
    caller = sits().does("call")
    before = caller.mark
    assert caller.press("x").mark == before


def test_what_is_new_is_asked_for_and_nothing_else(sits: Sits) -> None:
    caller = sits().does("call")
    assert caller.client.get(NOW, {"mark": caller.mark}).status_code == 204
    assert caller.client.get(NOW, {"mark": "older"}, headers={"HX-Request": "true"}).status_code == 200


def test_a_call_is_its_persons_alone(sits: Sits) -> None:
    sits().does("call")
    other = signed_in(person(Role.OPERATOR))
    assert b'id="heard"' not in other.get(PAGE).content


def test_an_auditor_does_not_call(sits: Sits) -> None:
    assert signed_in(person(Role.AUDITOR)).get(PAGE).status_code == 403


def test_without_a_script_each_key_is_a_form(sits: Sits) -> None:
    client = sits().client
    assert client.post(PAGE, {"act": "call"}).url == f"{PAGE}#now"
    assert client.post(PAGE, {"act": "press", "keys": "1"}).status_code == 302
    assert '<li class="keys">' in client.get(PAGE).content.decode()


def test_stand_ins_that_are_not_there_yet_are_waited_for(sits: Sits, sandbox: Sandbox) -> None:
    caller = sits()
    sandbox.twilio.stop()
    page = caller.client.get(PAGE).content.decode()
    assert "The sandbox is starting." in page
    assert "data-moves" in page


def test_a_call_that_cannot_be_connected_yet_is_waited_for(sits: Sits, sandbox: Sandbox) -> None:
    for number in sandbox.twilio.store.numbers.values():
        number["voice_url"] = ""
    assert "The sandbox is starting." in sits().does("call").html


def test_a_call_that_the_stand_ins_forgot_is_over(sits: Sits, sandbox: Sandbox) -> None:
    caller = sits().does("call")
    assert sandbox.twilio.switchboard is not None
    sandbox.judge()
    sandbox.twilio.switchboard._handsets.clear()
    assert "Call your line from here" in caller.client.get(PAGE).content.decode()


def test_the_orders_that_could_be_keyed_stand_beside_it_until_one_was(sits: Sits) -> None:
    caller = sits().does("call")
    assert "1042#" in caller.html
    assert "1042#" not in caller.press("1042#").html.partition('id="now"')[2]


# Where it is, and where it is not


@pytest.mark.django_db
def test_where_real_accounts_are_talked_to_only_the_reading_one_is_there() -> None:
    client = signed_in(person())
    assert client.get(PAGE).url == "/try-the-line"
    assert b"Call it" not in client.get("/try-the-line").content


def test_a_sandbox_that_another_process_started_is_there_at_once(sits: Sits) -> None:
    credentials._cache.start_with({}, seconds=3600)  # as this process had read before
    caller = sits().does("call")
    assert caller.heard[-1] == "Enter your order number, then press the pound key."


def test_both_are_one_place_in_the_navigation(sits: Sits) -> None:
    client = sits().client
    home = client.get("/").content.decode()
    assert home.count(f'href="{PAGE}" data-place="try-the-line"') == 1
    for page in (PAGE, "/try-the-line"):
        html = client.get(page).content.decode()
        assert 'data-place="try-the-line" aria-current="page"' in html
        assert ("Call it" in html, "Only look" in html) == (True, True)


def test_every_page_says_that_it_is_the_sandbox(sits: Sits) -> None:
    client = sits().client
    for page in ("/", "/payments", "/settings/connections", "/account", PAGE):
        html = client.get(page).content.decode()
        assert "Sandbox: nothing leaves this machine" in html, page
        assert 'href="/sandbox/leave"' in html, page
    assert b"Sandbox: nothing leaves this machine" in Client().get("/sign-in").content


def test_only_an_owner_is_led_to_connecting_accounts(sits: Sits) -> None:
    html = sits(Role.OPERATOR).client.get("/").content.decode()
    assert "Sandbox: nothing leaves this machine" in html
    assert "/sandbox/leave" not in html


def test_the_first_days_list_ticks_itself(sits: Sits) -> None:
    caller = sits()
    before = caller.client.get("/").content.decode()
    assert f'href="{PAGE}"' in before
    caller.does("call")
    assert Event.objects.filter(type=types.LINE_HEARD).count() == 1
    assert "Connect my accounts" in before


# Leaving


def test_leaving_asks_what_becomes_of_what_was_tried(sits: Sits) -> None:
    page = sits().client.get("/sandbox/leave").content.decode()
    assert 'value="clear" checked' in page
    assert 'value="keep"' in page


@pytest.mark.parametrize(("tried", "left"), [("clear", 0), ("keep", 1)])
def test_left_it_is_no_sandbox_any_more(sits: Sits, sandbox: Sandbox, tried: str, left: int) -> None:
    caller = sits().reaches_the_card().does("card", value="accepted").does("hang_up")
    sandbox.judge()
    caller.client.post("/sandbox/leave", {"tried": tried})
    assert Payment.objects.count() == left
    assert b"Sandbox: nothing leaves" not in caller.client.get("/").content


def test_an_operator_does_not_leave_it(sits: Sits) -> None:
    assert sits(Role.OPERATOR).client.post("/sandbox/leave", {"tried": "clear"}).status_code == 403


@pytest.mark.django_db
def test_outside_of_it_there_is_nothing_to_leave() -> None:
    assert signed_in(person()).get("/sandbox/leave").url == "/"
