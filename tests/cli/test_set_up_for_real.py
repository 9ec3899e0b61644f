"""From `phonepay serve` in an empty folder to a paid and refunded test call, over HTTP, on the processes as they run.

Both vendors are stand-ins of this machine. The public address is the server's own: it is given in the set-up, and the
server starts anew under it.
"""

from __future__ import annotations

import contextlib
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from uuid import uuid4

import httpx
import pytest

from phonepay.cli.pace import Pace
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio import Connector, Telephone
from phonepay.standins.twilio.rest import TwilioStandIn
from phonepay.standins.twilio.terminal import run
from tests.cli.served import PATIENCE, Served, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through Linux's /proc")

SID, TOKEN, NUMBER = "AC" + "1" * 32, "2" * 32, "+15550100"
OLD = "https://old.example/answer"


class Browser:
    """Pages and forms as a browser has them: cookies, the form's token, and where the form is from."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.client = httpx.Client(base_url=base, timeout=PATIENCE, follow_redirects=True, headers={"Origin": base})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def open(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def send(self, path: str, **fields: str) -> httpx.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.open("/sign-in").text)
        assert token, "the page has no form"
        return self.client.post(path, data={"csrfmiddlewaretoken": token[1]} | fields)

    def until(self, path: str, words: str) -> str:
        """Ask for the page until it has these words, as it asks for itself."""
        moment = threading.Event()
        for _ in range(int(PATIENCE / 0.25)):
            try:
                if words in (text := self.open(path).text):
                    return text
            except httpx.TransportError:
                pass  # the server is just starting anew
            moment.wait(0.25)
        raise AssertionError(f"{path} never said {words!r}")


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn(account_sid=SID, auth_token=TOKEN, numbers=[NUMBER]) as standin:
        standin.store.number(NUMBER)["voice_url"] = OLD
        yield standin


@pytest.fixture
def stripe() -> Iterator[StripeStandIn]:
    with StripeStandIn() as standin:
        yield standin


def code_of(served: Served) -> str:
    """The code that it prints below where it listens."""
    while "/setup?code=" not in (line := served.said.get(timeout=PATIENCE)):
        pass
    return line.partition("code=")[2].strip()


def test_an_empty_folder_becomes_a_shop_that_takes_a_card(
    tmp_path: Path, twilio: TwilioStandIn, stripe: StripeStandIn
) -> None:
    key = f"sk_test_{uuid4().hex}"
    environment = {
        "PHONEPAY_DATA_DIR": str(tmp_path),
        "PHONEPAY_TWILIO_API_BASE": twilio.url,
        "PHONEPAY_STRIPE_API_BASE": stripe.url,
    }
    with serving("--port", "0", first_start=True, **environment) as served, contextlib.ExitStack() as browsers:
        served.started()
        code = code_of(served)
        browser, stranger = (browsers.enter_context(Browser(served.url)) for _ in range(2))
        assert "Connect my accounts" in browser.send("/setup", code=code).text
        assert "/sign-in" in str(stranger.open("/setup").url)
        facts = {"email": "olivia@example.com", "name": "Olivia", "password": "a long enough password"}
        assert "as callers hear it" in browser.send("/setup/owner", **facts).text
        shop = {"name": "Harbor Garage", "currency": "usd", "time_zone": "America/New_York", "locale": "en-US"}
        assert "A tunnel, to try" in browser.send("/setup/shop", **shop).text
        browser.send("/setup/reach", address=served.url)
        browser.until("/setup/renewing?step=reach", "In a PostgreSQL, MySQL or MariaDB database of yours")
        assert "Developers, then API keys" in browser.send("/setup/database", where="embedded").text
        assert "Stripe takes the key" in browser.send("/setup/stripe", key=key).text
        told = browser.send("/setup/twilio", twilio_account_sid=SID, twilio_auth_token=TOKEN).text
        assert OLD in told, "what the number does now is shown before it is taken"
        sid = str(twilio.store.number(NUMBER)["sid"])
        assert "charge the card again later" in browser.send("/setup/twilio/number", number=sid).text
        behavior = {"behavior": "fixed-with-order", "fixed_amount": "42.50", "overage": "off"}
        assert "which can wait" in browser.send("/setup/behavior", **behavior).text
        browser.send("/setup/consoles", done="yes")
        account = stripe.account(key).id
        connector = {"name": "Default", "account": account, "mode": "test"}
        assert "of the same account" in browser.send("/setup/consoles/connector", **connector).text
        assert "Waiting for your call" in browser.open("/setup/call").text
        call(twilio, stripe, key)
        browser.until("/setup/call", "Refund it")
        assert "the whole way works" in browser.send("/setup/call/refund").text
        assert "For your customers" in browser.send("/setup/finish").text
        assert browser.open("/setup").status_code == 404 and stranger.open("/setup").status_code == 404
        (refund,) = stripe.account(key).refunds
        assert (refund["amount"], refund["status"]) == (4250, "succeeded")
        assert OLD in served.run("line", "put-back", NUMBER).stdout
        assert twilio.addresses(NUMBER)["voice_url"] == OLD
        written = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
        assert key.encode() not in written and TOKEN.encode() not in written and code.encode() not in written
        assert served.stop() == 0


def call(twilio: TwilioStandIn, stripe: StripeStandIn, key: str) -> None:
    """The owner's own phone dials the number, wherever Twilio sends it now."""
    pace = Pace()
    phone = Telephone(
        **twilio.addresses(NUMBER),  # type: ignore[arg-type]
        account_sid=SID,
        auth_token=TOKEN,
        number=NUMBER,
        connectors={"Default": Connector(stripe.url, key)},
        on_time=pace.advance,
    )
    run(phone, "1001# 1 card:4242424242424242/1230/123/94110", from_="+12025550123", before_keys=pace.listen)
