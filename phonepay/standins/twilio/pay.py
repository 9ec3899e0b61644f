"""<Pay>: card number, date, security code, postal code, then the connector; every step told to the status callback."""

from __future__ import annotations

from collections.abc import Callable, Generator
from urllib.parse import quote, urlsplit

from phonepay.standins.twilio import prompts
from phonepay.standins.twilio.connector import ConnectorRefused, Token
from phonepay.standins.twilio.conversation import Conversation, Next, Steps
from phonepay.standins.twilio.keyed import Keyed
from phonepay.standins.twilio.line import CallEnds, Listening
from phonepay.standins.twilio.pay_order import Invalid, PayOrder, order_of
from phonepay.standins.twilio.secure import is_secure
from phonepay.standins.twilio.twiml import Node, TwimlError
from phonepay.standins.twilio.words import speak

_MOST_KEYS = 32


class _Ended(Exception):
    """The caller's part of <Pay> is over without a token."""

    def __init__(self, result: str, error: str = "") -> None:
        super().__init__(result)
        self.result = result
        self.error = error


def pay(conversation: Conversation, node: Node) -> Steps:
    """Perform a <Pay>; raises TwimlError 64016 where its action is not https."""
    action = conversation.address(node.attributes.get("action", ""))
    if not is_secure(action):
        raise TwimlError(64016, f"The action of <Pay> must be https, not {urlsplit(action).scheme or 'nothing'}.")
    conversation.on_point("pay", action)
    try:
        order = order_of(conversation, node)
    except Invalid as problem:
        conversation.error(problem.code, problem.reason)
        form = {"PayErrorCode": str(problem.code), "PaymentError": _error_words(conversation, problem.reason)}
        return Next(action, {"Result": "validation-error", "PaymentMethod": "credit-card"} | form)
    return (yield from _Session(conversation, node, order, action).run())


def _error_words(conversation: Conversation, text: str) -> str:
    return quote(text) if conversation.switches.payment_error_encoded else text


class _Session:
    """One <Pay> under way: what was keyed, and what was told of it."""

    def __init__(self, conversation: Conversation, node: Node, order: PayOrder, action: str) -> None:
        self._conversation = conversation
        self._node = node
        self._order = order
        self._action = action
        self._prompts = [child for child in node.children if child.name == "Prompt"]
        self._keyed = Keyed(order, conversation.today())
        self._held: list[Callable[[], object]] = []
        self._token: Token | None = None

    def run(self) -> Steps:
        """Ask field after field, then the connector; where to go on after it."""
        prompts.check(self._conversation, self._prompts)
        try:
            for field in self._order.fields:
                yield from self._collect(field)
            result = yield from self._process()
        except _Ended as end:
            result = {"Result": end.result} | ({"PaymentError": self._words(end.error)} if end.error else {})
        except CallEnds:
            self._hung_up()
            raise
        finally:
            # What was keyed here may be part of a card: no <Gather> after it may get hold of it.
            self._conversation.line.buffer.clear()
        if self._conversation.switches.status_callbacks == "reversed":
            self._let_go(backwards=True)
        fell_through = result["Result"] == "too-many-failed-attempts"
        if fell_through and self._conversation.switches.after_last_attempt == "next-verb":
            self._let_go()
            return None
        return self._next(result)

    def _next(self, result: dict[str, str]) -> Next:
        if self._held:  # the callbacks that come late come after the action was requested
            self._conversation.after_request.append(self._let_go)
        return Next(self._action, self._keyed.form(self._conversation.switches.masked_format) | result)

    def _collect(self, field: str) -> Generator[Listening, None, None]:
        error = ""
        for attempt in range(1, self._order.most_attempts + 1):
            self._report(field, attempt, error)
            situation = prompts.Situation(field, attempt, error, self._keyed.kind_name)
            yield from self._speak(situation, interruptible=True)
            keyed = yield from self._keys(field, attempt)
            error = self._keyed.take(field, keyed)
            if not error:
                return
        self._report(field, self._order.most_attempts, error)
        raise _Ended("too-many-failed-attempts", error)

    def _speak(self, situation: prompts.Situation, *, interruptible: bool) -> Generator[Listening, None, None]:
        self._conversation.on_point(situation.field, situation.error)
        words = prompts.words_for(self._conversation, self._prompts, situation, self._order.language)
        yield from speak(self._conversation, words, interruptible=interruptible)

    def _keys(self, field: str, attempt: int) -> Generator[Listening, None, str]:
        conversation, switches, keyed = self._conversation, self._conversation.switches, ""
        while len(keyed) < _MOST_KEYS:
            key = yield from self._key(Listening("paying", field, 0, attempt, len(keyed)))
            if key is None:
                conversation.log.note(
                    conversation.clock.seconds,
                    "call",
                    f"(silence for {self._order.timeout} seconds)",
                    "silence",
                    about=str(self._order.timeout),
                )
                break
            conversation.log.note(conversation.clock.seconds, "card-keys", key)
            if key == "*":
                raise _Ended("caller-interrupted-with-star")
            if key == "#":
                if switches.pound_in_pay == "ends-field" and keyed:
                    break
                continue
            keyed += key
            if switches.field_ends == "at-length" and self._keyed.is_whole(field, keyed):
                break
        return keyed

    def _key(self, listening: Listening) -> Generator[Listening, None, str | None]:
        line = self._conversation.line
        if line.buffer:
            return line.buffer.popleft()
        until = self._conversation.clock.seconds + self._order.timeout
        listening = Listening("paying", listening.what, until, listening.attempt, listening.keyed)
        while True:
            event = yield from line.event(listening)
            if event is None or event.kind == "key":
                return event.value if event else None

    def _process(self) -> Generator[Listening, None, dict[str, str]]:
        conversation, order = self._conversation, self._order
        self._report("payment-processing", 1, "")
        yield from self._speak(prompts.Situation("payment-processing", kind=self._keyed.kind_name), interruptible=False)
        card, postal_code = self._keyed.card, self._keyed.postal_code
        until = conversation.clock.seconds + conversation.switches.processing_seconds
        try:
            if order.minor_units:
                self._token = order.connector.charge(
                    card, postal_code, order.minor_units, order.currency, order.description
                )
            else:
                self._token = order.connector.tokenize(card, order.token_type, postal_code)
        except ConnectorRefused as refusal:
            conversation.error(refusal.code, refusal.reason)
            self._wait(until)
            return self._refused(refusal)
        self._wait(until)
        return self._success(self._token)

    def _wait(self, until: float) -> None:
        """The connector takes its time; keys are ignored, a hang-up is not."""
        while self._conversation.line.due(until):
            continue
        self._conversation.clock.advance_to(until)

    def _success(self, token: Token) -> dict[str, str]:
        profile = token.profile or (self._conversation.switches.profile_id if token.token.startswith("pm_") else "")
        return {
            "Result": "success",
            "PaymentToken": token.token,
            "PaymentConfirmationCode": token.confirmation,
            "ProfileId": profile,
        }

    def _refused(self, refusal: ConnectorRefused) -> dict[str, str]:
        return {
            "Result": "payment-connector-error",
            "PaymentError": self._words(refusal.reason),
            "PayErrorCode": str(refusal.code),
            "ConnectorError": refusal.raw,
        }

    def _hung_up(self) -> None:
        """The caller is gone: what is still told of it is a switch, and when it is told too."""
        conversation, switches = self._conversation, self._conversation.switches
        result = {"Result": "caller-hung-up"}
        if self._token and switches.hangup_while_processing == "success":
            result = self._success(self._token)
        elif not switches.action_on_hangup:
            self._let_go(backwards=switches.status_callbacks == "reversed")
            return
        form = self._keyed.form(self._conversation.switches.masked_format) | result

        def act() -> None:
            conversation.status = "completed"
            if switches.status_callbacks == "reversed":
                self._let_go(backwards=True)
            conversation.requests.send("call", self._action, conversation.standard() | form)
            self._let_go()

        if switches.action_after_status:
            conversation.afterwards.append(act)
        else:
            act()

    def _report(self, field: str, attempt: int, error: str) -> None:
        """Tell the status callback where <Pay> stands, now or when the switch says."""
        conversation, address = self._conversation, self._node.attributes.get("statusCallback", "")
        if not address or conversation.switches.status_callbacks == "none":
            return
        form = {name: conversation.parameters[name] for name in ("AccountSid", "CallSid")}
        form |= {"For": field, "Attempt": str(attempt)} | self._keyed.form(self._conversation.switches.masked_format)
        if error:
            form["ErrorType"] = "input-timeout" if error == "timeout" else error  # the callback's own word for it
        url, method = conversation.address(address), conversation.method(self._node, "statusCallbackMethod")
        if conversation.switches.status_callbacks == "in-order":
            conversation.tell("pay-status", url, form, method)
        else:
            self._held.append(lambda: conversation.tell("pay-status", url, form, method))

    def _let_go(self, *, backwards: bool = False) -> None:
        held, self._held = self._held, []
        for tell in reversed(held) if backwards else held:
            tell()

    def _words(self, text: str) -> str:
        return _error_words(self._conversation, text)
