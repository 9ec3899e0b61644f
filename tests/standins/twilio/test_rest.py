"""The REST calls through the real package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from phonepay.standins.twilio import Telephone, TwilioStandIn
from tests.standins.twilio.conftest import ACCOUNT, TOKEN
from tests.standins.twilio.product import Product

Make = Callable[..., Telephone]


class ToStandIn(TwilioHttpClient):
    """The package's own client, with another address."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(url)
        return super().request(
            method, self._base + parts.path + (f"?{parts.query}" if parts.query else ""), *args, **kwargs
        )


def client_of(standin: TwilioStandIn, token: str = TOKEN) -> Client:
    """The package's client for a stand-in."""
    return Client(ACCOUNT, token, http_client=ToStandIn(standin.url))


@pytest.fixture
def standin() -> Iterator[TwilioStandIn]:
    with TwilioStandIn(account_sid=ACCOUNT, auth_token=TOKEN, numbers=["+15550100", "+15550101"]) as standin:
        yield standin


@pytest.fixture
def client(standin: TwilioStandIn) -> Iterator[Client]:
    client = client_of(standin)
    yield client
    client.http_client.session.close()  # type: ignore[attr-defined]  # a session of requests: an open socket is a warning


def test_the_account_is_told(client: Client) -> None:
    account = client.api.accounts(ACCOUNT).fetch()
    assert (account.sid, account.status, account.type) == (ACCOUNT, "active", "Full")


def test_a_wrong_token_is_refused(standin: TwilioStandIn) -> None:
    client = client_of(standin, "wrong")
    with pytest.raises(TwilioRestException) as refused:
        client.api.accounts(ACCOUNT).fetch()
    client.http_client.session.close()  # type: ignore[attr-defined]  # a session of requests
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_a_number_is_found_by_its_digits(client: Client) -> None:
    (number,) = client.incoming_phone_numbers.list(phone_number="+15550101")
    assert client.incoming_phone_numbers(number.sid).fetch().phone_number == "+15550101"


def test_the_addresses_of_a_number_are_set(client: Client, standin: TwilioStandIn) -> None:
    (number,) = client.incoming_phone_numbers.list(phone_number="+15550100")
    updated = client.incoming_phone_numbers(number.sid).update(
        voice_url="https://pay.example/twilio/voice#rc=2",
        voice_method="POST",
        voice_fallback_url="https://pay.example/twilio/fallback",
        status_callback="https://pay.example/twilio/status",
        voice_caller_id_lookup=False,
    )
    assert updated.voice_url == "https://pay.example/twilio/voice#rc=2"
    assert standin.addresses("+15550100") == {
        "voice_url": "https://pay.example/twilio/voice#rc=2",
        "status_url": "https://pay.example/twilio/status",
        "fallback_url": "https://pay.example/twilio/fallback",
    }
    assert standin.addresses("+15550101")["voice_url"] is None


@pytest.mark.parametrize("url", ["pay.example/voice", "https://under_score.example/voice", "https:///voice"])
def test_an_address_that_is_none_is_refused(client: Client, url: str) -> None:
    (number,) = client.incoming_phone_numbers.list(phone_number="+15550100")
    with pytest.raises(TwilioRestException) as refused:
        client.incoming_phone_numbers(number.sid).update(voice_url=url)
    assert refused.value.code == 21402


def test_a_call_of_a_telephone_is_known_while_it_goes_and_after(
    client: Client, standin: TwilioStandIn, product: Product, telephone: Make
) -> None:
    product.says("/voice", '<Gather timeout="10"/>')
    call = telephone(rest=standin).dial("+15550177")
    assert client.calls(call.sid).fetch().status == "in-progress"
    call.wait()
    ended = client.calls(call.sid).fetch()
    assert (ended.status, ended.duration, ended.direction) == ("completed", "11", "inbound")
    assert ended._from == "+15550177"
    assert [found.sid for found in client.calls.list(status="completed", to="+15550100")] == [call.sid]
    assert client.calls.list(from_="+15550178") == []


def test_a_call_under_way_can_be_ended(
    client: Client, standin: TwilioStandIn, product: Product, telephone: Make
) -> None:
    product.says("/voice", "<Gather/>")
    call = telephone(rest=standin).dial()
    assert client.calls(call.sid).update(status="completed").status == "completed"
    assert (call.state, call.ended_by) == ("ended", "api")


def test_a_call_can_be_ended_from_within_its_own_request(
    client: Client, standin: TwilioStandIn, product: Product, telephone: Make
) -> None:
    def end(arrived: Any) -> str:
        client.calls(arrived.form["CallSid"]).update(status="completed")
        return "<Say>These words are not heard to their end.</Say>"

    product.says("/voice", end)
    call = telephone(rest=standin).dial()
    assert call.ended_by == "api"


def test_a_call_that_is_over_cannot_be_ended(
    client: Client, standin: TwilioStandIn, product: Product, telephone: Make
) -> None:
    product.says("/voice", "<Hangup/>")
    call = telephone(rest=standin).dial()
    with pytest.raises(TwilioRestException) as refused:
        client.calls(call.sid).update(status="completed")
    assert refused.value.code == 21220


def test_a_call_can_be_placed_and_canceled(client: Client) -> None:
    placed = client.calls.create(to="+15550199", from_="+15550100", url="https://pay.example/voice")
    assert (placed.status, placed.direction) == ("queued", "outbound-api")
    assert client.calls(placed.sid).update(status="canceled").status == "canceled"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"to": "nobody", "from_": "+15550100", "url": "https://pay.example/"}, 21211),
        ({"to": "+15550199", "from_": "+15559999", "url": "https://pay.example/"}, 21210),
        ({"to": "+15550199", "from_": "+15550100"}, 21205),
    ],
)
def test_a_call_that_cannot_be_placed_is_refused(client: Client, form: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(**form)
    assert refused.value.code == code


def test_a_message_is_accepted_and_then_delivered(client: Client) -> None:
    sent = client.messages.create(to="+15550199", from_="+15550100", body="You have paid $42.50.")
    assert (sent.status, sent.num_segments, sent.direction) == ("queued", "1", "outbound-api")
    kept = client.messages(sent.sid).fetch()
    assert (kept.status, kept.body) == ("delivered", "You have paid $42.50.")
    assert [message.sid for message in client.messages.list(to="+15550199")] == [sent.sid]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"to": "nobody", "from_": "+15550100", "body": "a"}, 21211),
        ({"to": "+15550199", "body": "a"}, 21603),
        ({"to": "+15550199", "from_": "+15550100"}, 21602),
        ({"to": "+15550199", "from_": "+15559999", "body": "a"}, 21606),
        ({"to": "+15550199", "from_": "+15550100", "body": "a" * 1601}, 21617),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused(client: Client, form: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(**form)
    assert refused.value.code == code


def test_what_a_call_met_is_a_notification(
    client: Client, standin: TwilioStandIn, product: Product, telephone: Make
) -> None:
    product.says("/voice", '<Say loudness="9">Hello.</Say><Redirect>/missing</Redirect>')
    call = telephone(rest=standin).dial()
    found = client.api.accounts(ACCOUNT).notifications.list()
    assert [(note.error_code, note.log) for note in found] == [("11200", "0"), ("12200", "1")]
    assert {note.call_sid for note in found} == {call.sid}
    assert len(client.api.accounts(ACCOUNT).notifications.list(log=0)) == 1


def test_a_list_is_paged(client: Client) -> None:
    for number in range(5):
        client.messages.create(to=f"+1555019{number}", from_="+15550100", body="a")
    found = client.messages.list(page_size=2)
    assert [message.to for message in found] == [f"+1555019{number}" for number in (4, 3, 2, 1, 0)]


def test_an_unknown_parameter_is_refused(standin: TwilioStandIn, client: Client) -> None:
    response = client.request("POST", f"{standin.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", data={"Bdoy": "a"})
    assert response.status_code == 400
    assert '"code": 20001' in response.text


@pytest.mark.parametrize("path", ["Accounts/AC" + "9" * 32 + ".json", f"Accounts/{ACCOUNT}/Recordings.json"])
def test_what_is_not_there_is_not_found(standin: TwilioStandIn, client: Client, path: str) -> None:
    response = client.request("GET", f"{standin.url}/2010-04-01/{path}")
    assert (response.status_code, '"code": 20404' in response.text) == (404, True)
