"""A reply of the conversation as TwiML. Source: twilio.com/docs/voice/twiml.

Attributes that hold lists are written as space-separated text: the package would print a Python list.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from twilio.twiml.voice_response import VoiceResponse

from phonepay.ivr import replies
from phonepay.ivr.prompts import LOCALES
from phonepay.ivr.prompts import render as render_prompt
from phonepay.telephony.addresses import Addresses

DEFAULT_LOCALE = "en-US"
THE_SHOP = {"en": "the shop", "es": "la tienda"}
CONTENT_TYPE = "text/xml; charset=utf-8"


def render(
    reply: replies.Reply, *, addresses: Addresses, turn: int, attempt: UUID | None = None, connector: str = ""
) -> str:
    """The whole document. `turn` is the turn that the next keys answer; `attempt` the card asked for or charged."""
    response = VoiceResponse()
    match reply:
        case replies.Gather():
            _gather(response, reply, addresses.input(turn))
        case replies.Pay():
            _pay(response, reply, addresses, _needed(attempt), connector)
        case replies.Wait():
            _say(response, reply.say)
            if reply.pause:
                response.pause(length=reply.pause)
            response.redirect(addresses.waiting(_needed(attempt), reply.said), method="POST")
        case replies.Dial():
            _say(response, reply.say)
            dial = response.dial(action=addresses.person(turn), method="POST", timeout=reply.timeout)
            dial.number(reply.number)
        case replies.Hangup():
            _say(response, reply.say)
            response.hangup()
    return str(response)


def nothing() -> str:
    """The answer to a status callback."""
    return str(VoiceResponse())


def apology(locale: str = DEFAULT_LOCALE) -> str:
    """The fixed answer when nothing else works: it knows nothing of the call, so it says what to do in either case."""
    spoken = locale if locale in LOCALES else DEFAULT_LOCALE
    response = VoiceResponse()
    response.say(render_prompt("fallback", spoken, {}, shop=THE_SHOP[spoken[:2]]), language=spoken)
    response.hangup()
    return str(response)


def reject() -> str:
    """A number that is none of our lines."""
    response = VoiceResponse()
    response.reject()
    return str(response)


def _gather(response: VoiceResponse, reply: replies.Gather, action: str) -> None:
    _say(response, reply.before)
    listening: dict[str, Any] = {"finish_on_key": reply.finish_on_key, "timeout": reply.timeout}
    if reply.num_digits is not None:
        listening["num_digits"] = reply.num_digits
    # Silence is sent to the action too, unless the call may end with it.
    listening["action_on_empty_result"] = not reply.then_hang_up
    gather = response.gather(input="dtmf", action=action, method="POST", **listening)
    _say(gather, reply.say)
    if reply.then_hang_up:
        response.hangup()


def _pay(response: VoiceResponse, reply: replies.Pay, addresses: Addresses, attempt: UUID, connector: str) -> None:
    _say(response, reply.say)
    # No chargeAmount: with it Twilio would charge, and a token is never returned of a charge.
    options: dict[str, Any] = {
        "payment_connector": connector,
        "token_type": "payment-method",
        "valid_card_types": " ".join(reply.cards),
        "postal_code": reply.postal_code,
        "security_code": reply.security_code,
        "timeout": reply.timeout,
        "max_attempts": reply.max_attempts,
        "language": reply.language,
        "action": addresses.pay(attempt),
        "status_callback": addresses.pay_status(attempt),
    }
    if reply.min_postal_length is not None:
        options["min_postal_code_length"] = reply.min_postal_length
    pay = response.pay(input="dtmf", payment_method="credit-card", **options)
    for prompt in reply.prompts:
        chosen: dict[str, Any] = {"for_": prompt.field}
        if prompt.error_types:
            chosen["error_type"] = " ".join(prompt.error_types)
        if prompt.card_types:
            chosen["card_type"] = " ".join(prompt.card_types)
        _say(pay.prompt(**chosen), (prompt.speech,))
    # Twilio's page says both that action is asked after the last attempt and that the next verb follows.
    response.redirect(addresses.pay_fell_through(attempt), method="POST")


def _say(parent: Any, speeches: Iterable[replies.Speech]) -> None:
    for speech in speeches:
        voice = {"voice": speech.voice} if speech.voice else {}
        parent.say(speech.text, language=speech.locale, **voice)


def _needed(attempt: UUID | None) -> UUID:
    if attempt is None:
        raise ValueError("a card reply needs the attempt that it belongs to")
    return attempt
