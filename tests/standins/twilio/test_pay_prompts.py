"""The words inside <Pay>: the most specific prompt, or Twilio's own."""

from __future__ import annotations

from collections.abc import Callable

from phonepay.standins.twilio import Telephone
from tests.standins.twilio.paying import CARD, takes_cards
from tests.standins.twilio.product import Product

Make = Callable[..., Telephone]
PROMPTS = """
<Prompt for="payment-card-number"><Say voice="Polly.Joanna">Card.</Say></Prompt>
<Prompt for="payment-card-number" errorType="timeout"><Say>No number, again.</Say></Prompt>
<Prompt for="payment-card-number" errorType="invalid-card-number invalid-card-type"><Say>Wrong, again.</Say></Prompt>
<Prompt for="payment-card-number" errorType="timeout" attempt="3"><Say>Last time.</Say></Prompt>
<Prompt for="security-code"><Say>Three digits.</Say></Prompt>
<Prompt for="security-code" cardType="amex"><Say>Four digits.</Say></Prompt>
<Prompt for="payment-processing"><Say>Thank you.</Say></Prompt>
"""
THREE = 'tokenType="payment-method" maxAttempts="3"'


def test_the_documents_words_are_heard_in_its_voice(product: Product, telephone: Make) -> None:
    takes_cards(product, THREE, PROMPTS)
    (heard,) = telephone().dial().heard
    assert (heard.text, heard.voice) == ("Card.", "Polly.Joanna")


def test_the_words_for_an_error_replace_the_question(product: Product, telephone: Make) -> None:
    takes_cards(product, THREE, PROMPTS)
    call = telephone().dial().wait().press("4242424242424241").wait()
    assert [heard.text for heard in call.heard] == [
        "Card.",
        "No number, again.",
        "Wrong, again.",
        "too-many-failed-attempts",
    ]


def test_an_attempt_makes_a_prompt_more_specific(product: Product, telephone: Make) -> None:
    takes_cards(product, THREE, PROMPTS)
    assert telephone().dial().wait().wait().last == "Last time."


def test_the_kind_of_card_chooses_the_words_for_its_code(product: Product, telephone: Make) -> None:
    takes_cards(product, THREE, PROMPTS)
    assert telephone().dial().key_card("378282246310005", "0330").last == "Four digits."
    assert telephone().dial().key_card("4242424242424242", "0330").last == "Three digits."


def test_missing_words_are_twilios_own(product: Product, telephone: Make) -> None:
    takes_cards(product, THREE, PROMPTS)
    call = telephone().dial().key_card("4242424242424242")
    assert "expiration date" in call.last
    assert call.heard[-1].kind == "own"


def test_the_processing_words_are_heard_before_the_action(product: Product, telephone: Make) -> None:
    takes_cards(product, THREE, PROMPTS)
    call = telephone().dial().key_card(*CARD)
    assert [heard.text for heard in call.heard[-2:]] == ["Thank you.", "success"]


def test_a_prompt_that_can_never_be_heard_is_warned_of(product: Product, telephone: Make) -> None:
    inside = (
        '<Prompt for="card"/><Prompt for="postal-code" errorType="input-timeout"/>'
        '<Prompt for="postal-code" attempt="[2, 3]"/>'
    )
    takes_cards(product, THREE, inside)
    assert [note.code for note in telephone().dial().warnings] == [12200, 12200, 12200]
