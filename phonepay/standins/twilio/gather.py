"""<Gather>: words that any key cuts short, then keys until the last, the finishing key, or silence."""

from __future__ import annotations

from collections.abc import Generator
from urllib.parse import urlsplit

from phonepay.standins.twilio.conversation import Conversation, Next, Steps
from phonepay.standins.twilio.line import Listening
from phonepay.standins.twilio.secure import is_secure
from phonepay.standins.twilio.twiml import Node, TwimlError
from phonepay.standins.twilio.words import speak, words_of

_INPUTS = frozenset({"dtmf", "speech", "dtmf speech", "speech dtmf"})
_TRUE_OR_FALSE = frozenset({"true", "false"})
_KEYS = frozenset("0123456789*#")


def gather(conversation: Conversation, node: Node) -> Steps:
    """Perform a <Gather>; only the finishing key counts as no keys at all, and the verb after it is next."""
    action = conversation.address(node.attributes.get("action", ""))
    if conversation.switches.pci_mode and not is_secure(action):
        raise TwimlError(
            13337, f"<Gather> must post to an https address in PCI mode, not to {urlsplit(action).scheme}."
        )
    if conversation.choice(node, "input", "dtmf", _INPUTS) != "dtmf":
        conversation.warn(0, "The telephone stand-in hears keys only: no speech comes to this <Gather>.")
    conversation.on_point("gather", action)
    yield from speak(conversation, [words_of(conversation, child) for child in node.children], interruptible=True)
    digits, finished_by = "", ""
    finish, most = _finish_key(conversation, node), conversation.number(node, "numDigits", 0, 1, 1000)
    timeout = conversation.number(node, "timeout", 5, 1, 600)
    while True:
        key = yield from _key(conversation, timeout, len(digits))
        if key is None:
            break
        conversation.log.note(conversation.clock.seconds, "keys", key)
        if key in finish:
            finished_by = key
            break
        digits += key
        if len(digits) == most:
            break
    empty_too = conversation.choice(node, "actionOnEmptyResult", "false", _TRUE_OR_FALSE) == "true"
    if not digits and not empty_too:
        return None
    return Next(action, {"Digits": digits, "FinishedOnKey": finished_by}, conversation.method(node))


def _finish_key(conversation: Conversation, node: Node) -> str:
    given = node.attributes.get("finishOnKey", "#")
    if set(given) <= _KEYS:
        return given
    conversation.warn(12200, f'<Gather finishOnKey="{given}"> is no key.')
    return "#"


def _key(conversation: Conversation, timeout: float, keyed: int) -> Generator[Listening, None, str | None]:
    """The next key within the time-out, or None for silence."""
    line = conversation.line
    if line.buffer:
        return line.buffer.popleft()
    until = conversation.clock.seconds + timeout
    while True:
        event = yield from line.event(Listening("listening", "gather", until, keyed=keyed))
        if event is None or event.kind == "key":
            break
    if event is None:
        conversation.log.note(
            conversation.clock.seconds, "call", f"(silence for {timeout:g} seconds)", "silence", about=f"{timeout:g}"
        )
        return None
    return event.value
