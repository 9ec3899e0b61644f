"""A call from its first request to its end: document after document, verb after verb."""

from __future__ import annotations

from collections.abc import Callable, Generator

from phonepay.standins.twilio.conversation import APOLOGY, Conversation, Next, Steps
from phonepay.standins.twilio.dial import dial
from phonepay.standins.twilio.gather import gather
from phonepay.standins.twilio.line import CallEnds, Listening
from phonepay.standins.twilio.pay import pay
from phonepay.standins.twilio.schema import NOT_PERFORMED
from phonepay.standins.twilio.twiml import Document, Node, TwimlError
from phonepay.standins.twilio.words import own_words, say, speak


def run(conversation: Conversation, first: Next) -> Generator[Listening, None, None]:
    """The whole call; it ends by raising CallEnds."""
    following = first
    while True:
        following = yield from _turn(conversation, following)


def _turn(conversation: Conversation, following: Next) -> Generator[Listening, None, Next]:
    """One document; what goes wrong with it leads to the fallback address, or to Twilio's apology."""
    try:
        document = conversation.fetch(following)
        return (yield from _perform(conversation, document))
    except TwimlError as problem:
        conversation.error(problem.code, problem.reason)
        fallback = conversation.fallback
        if fallback is None or following.url == fallback.url:
            conversation.status = "in-progress"
            yield from speak(conversation, [own_words(APOLOGY)], interruptible=False)
            raise CallEnds("error") from None
        return Next(fallback.url, {"ErrorCode": str(problem.code), "ErrorUrl": following.url}, fallback.method)


def _perform(conversation: Conversation, document: Document) -> Generator[Listening, None, Next]:
    for verb in document.verbs:
        if verb.name == "Reject" and conversation.status == "ringing":
            raise CallEnds("rejected busy" if verb.attributes.get("reason") == "busy" else "rejected")
        conversation.status = "in-progress"
        if verb.name in NOT_PERFORMED:
            conversation.error(0, f"The telephone stand-in does not perform <{verb.name}>; it goes on after it.")
            continue
        following = yield from _VERBS[verb.name](conversation, verb)
        if following is not None:
            return following
    raise CallEnds("product")


def _redirect(conversation: Conversation, node: Node) -> Steps:
    yield from ()
    return Next(conversation.address(node.text), method=conversation.method(node))


def _hang_up(conversation: Conversation, node: Node) -> Steps:
    yield from ()
    raise CallEnds("product")


_VERBS: dict[str, Callable[[Conversation, Node], Steps]] = {
    "Say": say,
    "Play": say,
    "Pause": say,
    "Gather": gather,
    "Pay": pay,
    "Dial": dial,
    "Redirect": _redirect,
    "Hangup": _hang_up,
    "Reject": _hang_up,
}
