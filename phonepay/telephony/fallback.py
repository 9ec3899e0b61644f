"""The document that Twilio keeps for us and speaks while we are down: a TwiML Bin, pasted by the owner.

It knows nothing of the call. It says what to do in either case, pauses, comes back once (`/twilio/resume` finds the
call's step), and says goodbye where that fails too. Twilio asks for the number's fallback again after the way back has
failed: the bin tells the second time from the first by handing the address that failed to itself, which then brings
`resumed` as a parameter of its own. Source: twilio.com/docs/serverless/twiml-bins (templates).
"""

from __future__ import annotations

import re

from twilio.twiml.voice_response import VoiceResponse

from phonepay.ivr.prompts import render
from phonepay.telephony.addresses import Addresses
from phonepay.telephony.twiml import THE_SHOP

PAUSE_SECONDS = 10  # time for a restart or another process to take over
_MARK = "resumed"  # the parameter of Addresses.resume that tells the second time


def hosted(*, addresses: Addresses, locale: str, shop: str = "", bin_address: str = "") -> str:
    """The whole text for the bin of a line that speaks `locale`, with `shop` as callers know it.

    `bin_address` is the bin's own, https://handler.twilio.com/twiml/EH…, which exists once the bin was made; without
    it the text says no goodbye: it tries to come back until the caller hangs up.
    """
    name = re.sub("[{}]", "", shop) or THE_SHOP[locale[:2]]  # braces are the template's
    sorry = _spoken("fallback.hosted", locale, name) + _pause() + _back(addresses.resume(locale))
    if not bin_address:
        return _document(sorry)
    goodbye = _spoken("fallback", locale, name) + "  <Hangup/>\n"
    ask_itself = _back_raw(f"{bin_address.partition('?')[0]}?failed={{{{ErrorUrl}}}}")
    again = f"{{{{#{_MARK}}}}}\n{goodbye}{{{{/{_MARK}}}}}\n{{{{^{_MARK}}}}}\n{sorry}{{{{/{_MARK}}}}}\n"
    return _document(f"{{{{^failed}}}}\n{ask_itself}{{{{/failed}}}}\n{{{{#failed}}}}\n{again}{{{{/failed}}}}\n")


def _document(verbs: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n{verbs}</Response>\n'


def _spoken(key: str, locale: str, shop: str) -> str:
    response = VoiceResponse()
    response.say(render(key, locale, {}, shop=shop), language=locale)
    return _verbs(response)


def _pause() -> str:
    response = VoiceResponse()
    response.pause(length=PAUSE_SECONDS)
    return _verbs(response)


def _back(address: str) -> str:
    response = VoiceResponse()
    response.redirect(address, method="POST")
    return _verbs(response)


def _back_raw(address: str) -> str:
    """Not by the package: it would escape the braces' content twice where it holds an ampersand."""
    return f'  <Redirect method="POST">{address}</Redirect>\n'


def _verbs(response: VoiceResponse) -> str:
    inner = str(response).partition("<Response>")[2].partition("</Response>")[0]
    return f"  {inner}\n"
