"""Reading TwiML, and the table of its attributes held to the real package."""

from __future__ import annotations

import inspect
import re

import pytest
from twilio.twiml.voice_response import Dial, Gather, Pay, VoiceResponse

from phonepay.standins.twilio.schema import NOT_PERFORMED, TOP, VERBS
from phonepay.standins.twilio.twiml import TwimlError, parse


def attributes_of(method: object) -> set[str]:
    """The attributes that a method of the package writes, spelt as in TwiML; not the words of the verb."""
    names = inspect.signature(method).parameters  # type: ignore[arg-type]  # a method is callable
    texts = {"self", "kwargs", "number", "phone_number", "message", "url"}
    return {re.sub(r"_(.)", lambda found: found[1].upper(), name.rstrip("_")) for name in names if name not in texts}


@pytest.mark.parametrize(
    ("verb", "method"),
    [
        ("Say", VoiceResponse.say),
        ("Play", VoiceResponse.play),
        ("Pause", VoiceResponse.pause),
        ("Gather", VoiceResponse.gather),
        ("Pay", VoiceResponse.pay),
        ("Prompt", Pay.prompt),
        ("Parameter", Pay.parameter),
        ("Dial", VoiceResponse.dial),
        ("Number", Dial.number),
        ("Redirect", VoiceResponse.redirect),
        ("Hangup", VoiceResponse.hangup),
        ("Reject", VoiceResponse.reject),
    ],
)
def test_a_verb_has_the_attributes_that_the_package_writes(verb: str, method: object) -> None:
    assert VERBS[verb].attributes - {"url"} == attributes_of(method)


def test_every_verb_of_the_package_is_performed_or_named_as_not() -> None:
    verbs = {
        name.capitalize()
        for name, value in vars(VoiceResponse).items()
        if not name.startswith("_") and inspect.isfunction(value)
    }
    assert verbs - {"Prompt"} == TOP | NOT_PERFORMED


def test_what_the_package_writes_is_read_without_a_warning() -> None:
    response = VoiceResponse()
    gather = Gather(input="dtmf", action="/a", num_digits=3, finish_on_key="#", timeout=8, action_on_empty_result=True)
    gather.say("Hello", voice="Polly.Joanna", language="en-US")
    response.append(gather)
    pay = Pay(action="/p", token_type="payment-method", valid_card_types="visa amex", max_attempts=3, timeout=10)
    prompt = pay.prompt(for_="security-code", card_type="amex", attempt="2 3", error_type="timeout")
    prompt.say("Four digits")
    response.append(pay)
    dial = Dial(action="/d", timeout=25)
    dial.number("+15550142")
    response.append(dial)
    response.redirect("/fell")
    document = parse(str(response).encode())
    assert document.warnings == ()
    assert [verb.name for verb in document.verbs] == ["Gather", "Pay", "Dial", "Redirect"]
    assert document.verbs[1].children[0].attributes["attempt"] == "2 3"


def test_an_unknown_attribute_is_a_warning() -> None:
    document = parse(b'<Response><Pay confirmation="true" validCardTypes="visa"/></Response>')
    assert document.warnings == ("<Pay> has no attribute confirmation.",)


def test_a_verb_in_a_wrong_place_is_a_warning() -> None:
    assert parse(b"<Response><Gather><Dial>1</Dial></Gather></Response>").warnings == (
        "<Dial> cannot stand in <Gather>.",
    )


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Response><Say>&a;</Say></Response>',
        b'<!DOCTYPE Response SYSTEM "file:///etc/hostname"><Response/>',
        b"<Response><Say>&nbsp;</Say></Response>",
        b"",
        b"\xff\xfe",
        b'<?xml version="1.0" encoding="no-such"?><Response/>',
    ],
)
def test_what_is_not_plain_xml_is_refused(body: bytes) -> None:
    with pytest.raises(TwimlError) as refused:
        parse(body)
    assert refused.value.code == 12100
