"""<Say>, <Play>, <Pause>, <Redirect>, <Hangup>, <Reject>: what is heard, and how long it lasts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phonepay.standins.twilio import Switches, Telephone
from phonepay.standins.twilio.speech import seconds_of
from tests.standins.twilio.product import Product, Reply

Make = Callable[..., Telephone]


def test_words_last_as_long_as_their_characters(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Say voice="Polly.Joanna" language="en-US">One moment while we ask your bank.</Say>')
    call = telephone().dial()
    (heard,) = call.heard
    assert heard.text == "One moment while we ask your bank."
    assert (heard.voice, heard.language, heard.interrupted) == ("Polly.Joanna", "en-US", False)
    assert heard.seconds == pytest.approx(34 / 13.7)


def test_the_end_of_the_document_ends_the_call(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Say>Goodbye.</Say>")
    call = telephone().dial()
    assert (call.state, call.ended_by, call.status) == ("ended", "product", "completed")


def test_nothing_is_heard_after_a_hangup(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Say>Before.</Say><Hangup/><Say>After.</Say>")
    assert telephone().dial().said == "Before."


def test_a_pause_is_silence_of_its_length(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Pause length="7"/><Pause/>')
    call = telephone(switches=Switches(network_seconds=0)).dial()
    assert call.clock == pytest.approx(8)
    assert call.heard == []


def test_a_loop_says_the_words_again(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Say loop="3">Again.</Say>')
    (heard,) = telephone().dial().heard
    assert heard.text == "Again. Again. Again."
    assert heard.seconds == pytest.approx(3 * seconds_of("Again."))


def test_an_endless_loop_ends_with_the_longest_call(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Say loop="0">For ever.</Say><Pause/>')
    call = telephone().dial()
    assert call.ended_by == "limit"
    assert call.clock > 4 * 3600


def test_speech_markup_is_read_as_its_words(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Say>Order <say-as interpret-as="digits">1042</say-as>, <emphasis>now</emphasis>.</Say>')
    call = telephone().dial()
    assert call.said == "Order 1042, now."
    assert call.warnings == []


def test_a_recording_and_tones_are_noted(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Play>/hello.mp3</Play><Play digits="12"/>')
    call = telephone(switches=Switches(audio_seconds=4)).dial()
    assert [(heard.text, heard.seconds, heard.kind) for heard in call.heard] == [
        ("[recording https://pay.example/hello.mp3]", 4, "play"),
        ("[tones 12]", 1, "play"),
    ]


def test_a_redirect_asks_the_next_address_relative_to_this_one(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Redirect>steps/two?n=1#rc=2</Redirect>")
    product.says("/steps/two", "<Say>Two.</Say>")
    call = telephone().dial()
    assert call.said == "Two."
    assert call.turns[1].url == "https://pay.example/steps/two?n=1#rc=2"
    assert product.arrived[1].query == "n=1"


def test_a_redirect_by_get_carries_the_parameters_in_the_address(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Redirect method="GET">/two</Redirect>')
    product.says("/two", "<Say>Two.</Say>")
    telephone().dial()
    assert product.arrived[1].method == "GET"
    assert "CallSid=CA" in product.arrived[1].query


def test_a_redirect_to_itself_ends_some_day(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Redirect>/voice</Redirect>")
    call = telephone().dial()
    assert (call.ended_by, len(call.turns)) == ("limit", 1000)


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "failed")])
def test_a_rejected_call_is_never_answered(product: Product, telephone: Make, reason: str, status: str) -> None:
    product.says("/voice", f'<Reject reason="{reason}"/>')
    call = telephone().dial()
    assert (call.ended_by, call.status, call.heard) == ("rejected", status, [])


def test_a_hang_up_in_the_middle_of_words_cuts_them_short(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Say>These words are quite long, and nobody hears the end of them.</Say>")
    call = telephone().prepare()
    call.at(words="quite long").hang_up(after_seconds=1.5)
    call.start()
    (heard,) = call.heard
    assert (call.ended_by, heard.interrupted) == ("caller", True)
    assert heard.seconds == pytest.approx(1.5)


def test_other_clocks_are_turned_with_the_telephones(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Pause length="10"/>')
    passed: list[float] = []
    call = telephone(on_time=passed.append).dial()
    assert sum(passed) == pytest.approx(call.clock)
    assert sum(passed) == pytest.approx(10.2)


def test_a_verb_that_the_telephone_does_not_perform_is_told(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Record/><Say>Goodbye.</Say>")
    call = telephone().dial()
    assert call.said == "Goodbye."
    assert "<Record>" in call.errors[0].text


def test_plain_text_is_read_aloud(product: Product, telephone: Make) -> None:
    product.says("/voice", Reply("Hello there.", content_type="text/plain"))
    assert telephone().dial().said == "Hello there."


def test_an_audio_answer_is_played(product: Product, telephone: Make) -> None:
    product.says("/voice", Reply(b"RIFF", content_type="audio/wav"))
    assert telephone().dial().said == "[recording https://pay.example/voice]"
