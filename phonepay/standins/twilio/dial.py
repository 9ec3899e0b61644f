"""<Dial>: another telephone rings until a person answers, refuses, or the time is up."""

from __future__ import annotations

import math
import re
from collections.abc import Generator

from phonepay.standins.twilio.conversation import Conversation, Next, Steps
from phonepay.standins.twilio.line import CallEnds, Listening
from phonepay.standins.twilio.parameters import new_sid
from phonepay.standins.twilio.twiml import Node

_NUMBER = re.compile(r"\+?[0-9]{2,15}")


def dial(conversation: Conversation, node: Node) -> Steps:
    """Perform a <Dial>: keys are ignored while it rings and while the two talk."""
    number = node.children[0].text if node.children else node.text
    number = re.sub(r"[\s().-]", "", number)
    conversation.on_point("dial", number)
    result: dict[str, str] = {"DialCallSid": new_sid("CA")}
    if not _NUMBER.fullmatch(number):
        conversation.warn(13224, f"<Dial> has no number that could be called: {number!r}.")
        result["DialCallStatus"] = "failed"
    else:
        conversation.log.note(conversation.clock.seconds, "call", f"(rings at {number})", "rings", about=number)
        try:
            result |= yield from _ring(conversation, conversation.number(node, "timeout", 30, 5, 600))
        except CallEnds:
            if conversation.switches.dial_action_on_hangup and "action" in node.attributes:
                conversation.status = "completed"
                _tell_action(conversation, node, result | {"DialCallStatus": "canceled"})
            raise
    became = result["DialCallStatus"]
    conversation.log.note(conversation.clock.seconds, "call", f"({became})", "dialed", about=became)
    if "action" not in node.attributes:
        return None
    return Next(conversation.address(node.attributes["action"]), result, conversation.method(node))


def _tell_action(conversation: Conversation, node: Node, result: dict[str, str]) -> None:
    address = conversation.address(node.attributes["action"])
    form = conversation.standard() | result
    conversation.requests.send("call", address, form, conversation.method(node))


def _ring(conversation: Conversation, timeout: int) -> Generator[Listening, None, dict[str, str]]:
    line, clock = conversation.line, conversation.clock
    until = clock.seconds + timeout
    while True:
        event = yield from line.event(Listening("ringing", "dial", until))
        if event is None:
            line.forget("answer")
            line.forget("refuse")
            return {"DialCallStatus": "no-answer"}
        if event.kind == "refuse":
            return {"DialCallStatus": "busy"}
        if event.kind == "answer":
            return _talk(conversation, float(event.value))


def _talk(conversation: Conversation, seconds: float) -> dict[str, str]:
    """The two talk until the person called hangs up; the caller may do so before (that ends the call)."""
    line, clock = conversation.line, conversation.clock
    conversation.log.note(clock.seconds, "call", "(a person answers)", "person-answers")
    until = clock.seconds + seconds
    while line.due(until):
        continue
    clock.advance_to(until)
    return {"DialCallStatus": "completed", "DialCallDuration": str(math.ceil(seconds)), "DialBridged": "true"}
