"""The caller's side of a journey: dialing, keys, cards, silence, and the words that came back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from phonepay.standins.twilio import Connector, Switches, Telephone
from phonepay.standins.twilio.call import Call
from phonepay.standins.twilio.requests import Request
from phonepay.standins.twilio.signature import sign
from phonepay.standins.twilio.transport import Answer, Outgoing
from tests.conftest import TEST_ENVIRONMENT
from tests.journeys.bank import Bank
from tests.journeys.clock import Clock
from tests.journeys.shop import LINE, Card

PUBLIC = TEST_ENVIRONMENT["PHONEPAY_PUBLIC_URL"]
TOKEN = TEST_ENVIRONMENT["PHONEPAY_TWILIO_AUTH_TOKEN"]
CALLER = "+15550123"
# What a caller does: keys to press, a card to key, silence.
Act = str | Card | None
SILENCE = None


class Phone:
    """A telephone at the product's door. While its clock goes on, the product's goes on with it."""

    def __init__(self, local: str, bank: Bank, clock: Clock, switches: Switches | None = None) -> None:
        self.bank = bank
        self.clock = clock
        self.calls: list[Caller] = []
        self.telephone = Telephone(
            f"{PUBLIC}/twilio/voice#ct=3000&rt=6000&tt=15000&rc=2&rp=5xx,ct,rt",
            status_url=f"{PUBLIC}/twilio/status",
            fallback_url=f"{PUBLIC}/twilio/fallback?locale=en-US",
            local_base=local,
            account_sid=TEST_ENVIRONMENT["PHONEPAY_TWILIO_ACCOUNT_SID"],
            auth_token=TOKEN,
            number=LINE,
            switches=switches,
            on_time=self._time_passes,
            connectors={"Default": Connector(bank.url, bank.key)},
        )

    def _time_passes(self, seconds: float) -> None:
        self.bank.settle_down(sum(len(caller.waits) for caller in self.calls))
        self.clock.turn(seconds)

    def dial(self, from_: str = CALLER, *, hidden: bool = False, to: str = LINE) -> Caller:
        """Call the line; `heard` has the first words."""
        self.telephone.number = to
        self.telephone.connectors["Default"] = Connector(self.bank.url, self.bank.key)
        caller = Caller(self.telephone.prepare(from_, hidden=hidden))
        self.calls.append(caller)
        caller.call.start()
        return caller

    def send(self, path: str, *, token: str = TOKEN, **parameters: str) -> Answer:
        """A request of our own making, signed as Twilio would."""
        form = {"AccountSid": self.telephone.account_sid, **parameters}
        body = urlencode(form).encode()
        headers = (
            ("Host", "pay.example"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", str(len(body))),
            ("X-Twilio-Signature", sign(token, f"{PUBLIC}{path}", form)),
        )
        address = f"{self.telephone.local_base}{path}"
        return self.telephone.transport.send(Outgoing("POST", address, headers, body), 5.0, 15.0)

    def forge(self, caller: Caller, path: str, **parameters: str) -> str:
        """A request about a caller's call that Twilio did not send of itself; the answer's text, which nobody hears."""
        caller.forged = True
        return self.send(path, CallSid=caller.sid, **parameters).body.decode()

    def tell(self, *acts: Act, from_: str = CALLER) -> list[str]:
        """A whole call: what was heard first, and after each act of the caller."""
        caller = self.dial(from_)
        return [caller.heard, *(caller.does(act) for act in acts)]


class Caller:
    """Somebody on the telephone. Whatever is done returns the words heard from then on, until an answer is awaited."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.forged = False  # part of this call was made up, and its answers were not heard
        self._before = 0

    @property
    def sid(self) -> str:
        return self.call.sid

    @property
    def heard(self) -> str:
        """The words since the caller last did something, in one piece."""
        return " ".join(heard.text for heard in self.call.heard[self._before :])

    @property
    def turns(self) -> list[Request]:
        return self.call.turns

    @property
    def waits(self) -> list[Request]:
        """The wait turns that were answered with another wait: the caller was put off."""
        return [each for each in self.turns if "/waiting/" in each.path and "/waiting/" in each.body]

    @property
    def ended(self) -> str:
        """By whom the call was ended: caller, product …; "" while it goes on."""
        return self.call.ended_by

    def does(self, act: Act) -> str:
        if isinstance(act, Card):
            return self.pay_with(act)
        return self.wait() if act is None else self.press(act)

    def press(self, keys: str, **how: Any) -> str:
        self._before = len(self.call.heard)
        self.call.press(keys, **how)
        return self.heard

    def wait(self) -> str:
        self._before = len(self.call.heard)
        self.call.wait()
        return self.heard

    def pay_with(self, card: Card) -> str:
        self._before = len(self.call.heard)
        self.call.key_card(card.number, card.expiry, card.code, card.postal_code)
        return self.heard

    def hang_up(self, after: float = 0.0) -> str:
        self._before = len(self.call.heard)
        if not self.ended:
            self.call.hang_up(after_seconds=after)
        return self.heard

    def then(self, *acts: Act) -> str:
        """Do one thing after the other; the words after the last."""
        return [self.does(act) for act in acts][-1]

    def request(self, where: str) -> Request:
        """The last request whose address has this piece."""
        return [request for request in self.call.requests if where in request.path][-1]
