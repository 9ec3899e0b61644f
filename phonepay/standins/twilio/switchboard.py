"""Telephones for other processes: over HTTP somebody dials, presses keys, hangs up, and hears what is said.

All under ``/_standin/telephones``, with the account's SID and token as for the REST calls; forms in, JSON out:

    POST /_standin/telephones             to, from, hidden, connector → 201, the call (see Handset.told)
    GET  /_standin/telephones/CA…         since, wait → the call; ``wait``: seconds to wait at most until it listens
    POST /_standin/telephones/CA…         do = press (keys, into_pay) | silence | person (answers) | hang-up |
                                          card (number, expiry, code, postal_code); wait → the call
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from phonepay.standins.twilio.connector import Connector
from phonepay.standins.twilio.handset import Handset
from phonepay.standins.twilio.telephone import Telephone

if TYPE_CHECKING:
    from phonepay.standins.twilio.rest import TwilioStandIn

PREFIX = "/_standin/telephones"
MOST_AT_ONCE = 50
_MOST_KEPT = 200
_LONGEST_WAIT = 2.0


class Switchboard:
    """Connects telephones to what is configured at the numbers of a stand-in's account, as Twilio would.

    Requests for the numbers' addresses go to ``local_base``; cards become tokens at ``stripe_url`` under
    ``secret_key``, whatever the connector is called. A number that the account does not have is connected as its first.
    """

    def __init__(
        self, standin: TwilioStandIn, *, local_base: str, stripe_url: str, secret_key: str, heard_after: float = 0.0
    ) -> None:
        self._standin = standin
        self._local_base, self._stripe_url, self._secret_key = local_base, stripe_url, secret_key
        self._heard_after = heard_after
        self._lock = threading.Lock()
        self._handsets: dict[str, Handset] = {}

    def answer(self, method: str, path: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and JSON: 400 for what cannot be done, 404 for a call that is not known (any more)."""
        sid = path.removeprefix(PREFIX).strip("/")
        try:
            if not sid:
                return (201, self._dial(form)) if method == "POST" else (405, {"error": "POST dials"})
            handset = self._handsets[sid]
            if method == "POST":
                _do(handset, form)
            handset.wait(min(float(form.get("wait", "0")), _LONGEST_WAIT))
            return 200, handset.told(int(form.get("since", "0")))
        except KeyError:
            return 404, {"error": "there is no such call"}
        except ValueError as error:
            return 400, {"error": str(error)}

    def close(self) -> None:
        """End every call."""
        with self._lock:
            handsets = list(self._handsets.values())
        for handset in handsets:
            handset.close()

    def _dial(self, form: Mapping[str, str]) -> dict[str, Any]:
        called = form.get("to", "")
        if not called:
            raise ValueError("say whom to call: to=+12025550100")
        try:
            where = self._standin.addresses(called)
        except KeyError:
            where = self._standin.addresses(next(iter(self._standin.store.numbers.values()))["phone_number"])
        if not where["voice_url"]:
            raise ValueError(f"no address is configured at {called}")
        telephone = Telephone(
            where["voice_url"],
            status_url=where["status_url"],
            fallback_url=where["fallback_url"],
            local_base=self._local_base,
            account_sid=self._standin.store.account_sid,
            auth_token=self._standin.store.auth_token,
            number=called,
            connectors={form.get("connector", "Default"): Connector(self._stripe_url, self._secret_key)},
            rest=self._standin,
        )
        with self._lock:
            self._forget_old()
            if sum(not each.call.ended_by for each in self._handsets.values()) >= MOST_AT_ONCE:
                raise ValueError("too many calls at once")
            caller, hidden = form.get("from", "+12025550123"), form.get("hidden") == "true"
            handset = Handset(telephone, caller, hidden=hidden, heard_after=self._heard_after)
            self._handsets[handset.call.sid] = handset
        handset.wait(min(float(form.get("wait", "0")), _LONGEST_WAIT))
        return handset.told()

    def _forget_old(self) -> None:
        ended = [sid for sid, handset in self._handsets.items() if handset.call.ended_by]
        for sid in ended[: max(0, len(self._handsets) - _MOST_KEPT)]:
            del self._handsets[sid]


def _do(handset: Handset, form: Mapping[str, str]) -> None:
    match form.get("do"):
        case "press":
            handset.press(form.get("keys", ""), into_pay=form.get("into_pay") != "false")
        case "silence":
            handset.keep_silent()
        case "card":
            handset.key_card(*(form.get(name, "") for name in ("number", "expiry", "code", "postal_code")))
        case "person":
            handset.person(answers=form.get("answers") == "true")
        case "hang-up":
            handset.hang_up()
        case other:
            raise ValueError(f"{other or 'nothing'} is nothing that somebody at a telephone does")
