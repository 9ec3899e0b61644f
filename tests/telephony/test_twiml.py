"""Replies as TwiML: every attribute as Twilio's pages have it, and documents that a telephone can perform."""

from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.ivr.prompts import LOCALES
from phonepay.ivr.replies import Dial, Gather, Hangup, Pay, PayPrompt, Reply, Speech, Wait
from phonepay.telephony import twiml
from phonepay.telephony.addresses import Addresses

ADDRESSES = Addresses("https://pay.example")
ATTEMPT = UUID("11111111-2222-3333-4444-555555555555")
HELLO = Speech("welcome", "Hello.", "en-US", "")
HOLA = Speech("welcome", "Hola.", "es-MX", "Polly.Mia-Neural")
PAY = Pay(
    say=(HELLO,),
    prompts=(
        PayPrompt("payment-card-number", (), (), HELLO),
        PayPrompt("payment-card-number", ("timeout",), (), HOLA),
        PayPrompt("security-code", ("invalid-security-code",), ("visa", "amex"), HELLO),
    ),
    language="en-US",
    cards=("visa", "discover"),
    postal_code=True,
    security_code=True,
    min_postal_length=5,
    timeout=10,
    max_attempts=3,
)


def document(reply: Reply) -> ET.Element:
    return ET.fromstring(  # noqa: S314 - our own document
        twiml.render(reply, addresses=ADDRESSES, turn=3, attempt=ATTEMPT, connector="Stripe_EU")
    )


def test_a_choice_hears_one_key_and_silence_too() -> None:
    (gather,) = document(Gather((), (HELLO,), 8, 1, ""))
    assert gather.attrib == {
        "input": "dtmf",
        "action": f"https://pay.example/twilio/input/3{_overrides()}",
        "method": "POST",
        "finishOnKey": "",
        "timeout": "8",
        "numDigits": "1",
        "actionOnEmptyResult": "true",
    }
    assert [(say.tag, say.attrib, say.text) for say in gather] == [("Say", {"language": "en-US"}, "Hello.")]


def test_an_entry_ends_with_pound_and_takes_any_number_of_keys() -> None:
    (gather,) = document(Gather((), (HELLO,), 8, None, "#"))
    assert gather.attrib["finishOnKey"] == "#"
    assert "numDigits" not in gather.attrib


def test_what_no_key_may_cut_short_is_said_before() -> None:
    say, gather = document(Gather((HELLO,), (HOLA,), 8, 1, ""))
    assert (say.tag, say.text) == ("Say", "Hello.")
    assert gather[0].attrib == {"language": "es-MX", "voice": "Polly.Mia-Neural"}


def test_a_question_that_may_end_the_call_asks_nothing_on_silence() -> None:
    gather, hangup = document(Gather((), (HELLO,), 4, 1, "", then_hang_up=True))
    assert (gather.attrib["actionOnEmptyResult"], hangup.tag) == ("false", "Hangup")


def test_a_card_is_tokenized_and_never_charged_by_twilio() -> None:
    say, pay, redirect = document(PAY)
    assert say.text == "Hello."
    assert pay.attrib == {
        "input": "dtmf",
        "paymentMethod": "credit-card",
        "paymentConnector": "Stripe_EU",
        "tokenType": "payment-method",
        "validCardTypes": "visa discover",
        "postalCode": "true",
        "minPostalCodeLength": "5",
        "securityCode": "true",
        "timeout": "10",
        "maxAttempts": "3",
        "language": "en-US",
        "action": f"https://pay.example/twilio/pay/{ATTEMPT}{_overrides()}",
        "statusCallback": f"https://pay.example/twilio/pay/{ATTEMPT}/status#ct=3000&rt=3000",
    }
    assert redirect.text == f"https://pay.example/twilio/pay/{ATTEMPT}/fell-through{_overrides()}"


def test_each_prompt_of_the_card_is_for_its_field_errors_and_cards() -> None:
    pay = document(PAY)[1]
    assert [prompt.attrib for prompt in pay] == [
        {"for": "payment-card-number"},
        {"for": "payment-card-number", "errorType": "timeout"},
        {"for": "security-code", "errorType": "invalid-security-code", "cardType": "visa amex"},
    ]
    assert [prompt[0].text for prompt in pay] == ["Hello.", "Hola.", "Hello."]


def test_a_wait_speaks_pauses_and_asks_again() -> None:
    say, pause, redirect = document(Wait((HELLO,), 2, 1))
    assert (say.text, pause.attrib["length"]) == ("Hello.", "2")
    assert redirect.text == f"https://pay.example/twilio/waiting/{ATTEMPT}/1{_overrides()}"
    assert [verb.tag for verb in document(Wait((), 0, 2))] == ["Redirect"]


def test_a_person_rings_for_25_seconds() -> None:
    _, dial = document(Dial((HELLO,), "+15550111"))
    assert dial.attrib == {
        "action": f"https://pay.example/twilio/person/3{_overrides()}",
        "method": "POST",
        "timeout": "25",
    }
    assert (dial[0].tag, dial[0].text) == ("Number", "+15550111")


def test_the_last_words() -> None:
    assert [verb.tag for verb in document(Hangup((HELLO, HOLA)))] == ["Say", "Say", "Hangup"]
    assert [verb.tag for verb in document(Hangup(()))] == ["Hangup"]


def test_a_card_needs_an_attempt() -> None:
    with pytest.raises(ValueError, match="attempt"):
        twiml.render(PAY, addresses=ADDRESSES, turn=3)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_apology_is_there_in_every_language(locale: str) -> None:
    say, hangup = ET.fromstring(twiml.apology(locale))  # noqa: S314 - our own document
    assert say.attrib == {"language": locale}
    assert "{" not in (say.text or "{")
    assert hangup.tag == "Hangup"


@pytest.mark.parametrize("locale", ["", "fr-FR", "<x>", "en-us"])
def test_the_apology_in_no_language_of_ours_is_english(locale: str) -> None:
    assert 'language="en-US"' in twiml.apology(locale)


def test_a_number_that_is_no_line_is_rejected_and_a_callback_is_only_acknowledged() -> None:
    assert [verb.tag for verb in ET.fromstring(twiml.reject())] == ["Reject"]  # noqa: S314 - our own document
    assert list(ET.fromstring(twiml.nothing())) == []  # noqa: S314 - our own document


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40))
def test_any_words_of_an_owner_make_a_document(words: str) -> None:
    (say, _) = document(Hangup((Speech("welcome", words, "en-US", ""),)))
    assert (say.text or "") == words.replace("\r\n", "\n").replace("\r", "\n")


def _overrides() -> str:
    return "#ct=3000&rt=6000&tt=15000&rc=2&rp=5xx,ct,rt"
