"""What the REST stand-in knows: the account, its numbers, calls, messages and notifications."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from phonepay.standins.twilio import rest_shapes as shapes
from phonepay.standins.twilio.call import Call
from phonepay.standins.twilio.conversation import Note
from phonepay.standins.twilio.parameters import new_sid
from phonepay.standins.twilio.requests import Request
from phonepay.standins.twilio.rest_shapes import Shape, moment


class Store:
    """The state of one account, safe to use from several threads; telephones register their calls with it."""

    def __init__(
        self, account_sid: str, auth_token: str, numbers: Iterable[str], now: Callable[[], datetime] | None = None
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.now = now or (lambda: datetime.now(UTC))
        self.lock = threading.RLock()
        self.account = shapes.account(account_sid, auth_token, self.now())
        self.numbers = {shape["sid"]: shape for shape in (self._number(number) for number in numbers)}
        self.records_all_calls = False
        self.connectors = ["Default"]  # unique names of the Pay connectors that are installed
        self.calls: dict[str, Shape] = {}
        self.messages: dict[str, Shape] = {}
        self.notifications: list[Shape] = []
        self._live: dict[str, Call] = {}

    def number(self, phone_number: str) -> Shape:
        """The resource of a number; raises KeyError where the account has no such number."""
        for shape in self.numbers.values():
            if shape["phone_number"] == phone_number:
                return shape
        raise KeyError(phone_number)

    def all_calls(self) -> list[Shape]:
        """Every call as it is now, the newest first."""
        with self.lock:
            return [self.call(sid) for sid in reversed(self.calls)]

    def call(self, sid: str) -> Shape:
        """A call as it is now; raises KeyError."""
        shape = self.calls[sid]
        if live := self._live.get(sid):
            shape["status"] = live.status
            if live.status == "in-progress" and not shape["start_time"]:
                shape["start_time"] = moment(self.now() - timedelta(seconds=live.clock))
        return shape

    def place_call(self, form: dict[str, str]) -> Shape:
        """A call that the API asked for; nobody picks it up."""
        shape = shapes.call(
            account_sid=self.account_sid,
            sid=new_sid("CA"),
            caller=form["From"],
            called=form["To"],
            direction="outbound-api",
            now=self.now(),
        )
        with self.lock:
            self.calls[shape["sid"]] = shape
        return shape

    def end_call(self, sid: str, status: str) -> Shape | None:
        """End a live call or cancel a waiting one; None where the call is over, or not where it could be ended so."""
        with self.lock:
            shape, live = self.calls[sid], self._live.get(sid)
            if live is None and shape["status"] in ("queued", "ringing"):
                shape["status"], shape["date_updated"] = "canceled", moment(self.now())
                return shape
        if live is None or (status == "canceled" and live.status != "ringing"):
            return None
        live.end_by_api()
        return self.call(sid)

    def add_message(self, form: dict[str, str]) -> Shape:
        """Accept a message; what is returned is its shape at this moment, and the one kept is delivered."""
        shape = shapes.message(self.account_sid, form, self.now())
        with self.lock:
            self.messages[shape["sid"]] = shape | {"status": "delivered", "date_sent": moment(self.now())}
        return shape

    # What a telephone registers (telephone.Registry)

    def call_started(self, call: Call) -> None:
        """A call begins to ring."""
        form = call.conversation.parameters
        shape = shapes.call(
            account_sid=self.account_sid,
            sid=call.sid,
            caller=form["From"],
            called=form["To"],
            direction="inbound",
            now=self.now(),
        )
        for number in self.numbers.values():
            if number["phone_number"] == form["To"]:
                shape["phone_number_sid"] = number["sid"]
        with self.lock:
            self.calls[call.sid] = shape
            self._live[call.sid] = call

    def call_ended(self, call: Call) -> None:
        """A call is over: what remains of it is its resource."""
        with self.lock:
            shape = self.call(call.sid)
            self._live.pop(call.sid, None)
            ended = self.now()
            shape["status"] = call.status
            shape["start_time"] = shape["start_time"] or moment(ended - timedelta(seconds=call.clock))
            shape["end_time"] = shape["date_updated"] = moment(ended)
            shape["duration"] = str(call.duration)

    def noted(self, call: Call, note: Note, request: Request | None, *, error: bool) -> None:
        """A call met an error or a warning: the account's notifications tell it. Remarks of the telephone do not."""
        if not note.code:
            return
        about = (request.method, request.url) if request else ("POST", note.url)
        shape = shapes.notification(
            account_sid=self.account_sid,
            call_sid=call.sid,
            code=note.code,
            text=note.text,
            about=about,
            log=0 if error else 1,
        )
        shape["date_created"] = shape["date_updated"] = shape["message_date"] = moment(self.now())
        with self.lock:
            self.notifications.insert(0, shape)

    def _number(self, number: str) -> Shape:
        return shapes.phone_number(self.account_sid, number, self.now())
