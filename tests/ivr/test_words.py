"""The catalogues: whole, alike in every locale, short enough, and as the reference has them."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from phonepay.ivr.events import ChargeStarted, Settled
from phonepay.ivr.prompts import LOCALES, catalogue, check, placeholders, render, sample_length
from phonepay.ivr.replies import Gather, Pay, Speech, spoken
from phonepay.ivr.script import Script
from phonepay.lib.speech import seconds
from tests.ivr.call import SHOP, Call, alone, line

REFERENCE = Path(__file__).resolve().parents[2] / "../shared/voice.md"
ROW = re.compile(r"^\| `([a-z_.0-9]+)` \| (.*?) \| (.*?) \| .* \| (\d+) / (\d+) \|$", re.MULTILINE)
NOUNS = {"order_noun", "Order_noun"}  # Spanish says "número", so that gender never matters.

# Where the reference's table and the formula differ by more than a second, and by how much at most.
DIFFERS = 1.6
# Said in full here with the key of its place; the reference shows it with the key filled in.
WITH_ITS_KEY = {"lang.ask"}


def reference() -> list[tuple[str, str, str, int, int]]:
    if not REFERENCE.exists():
        pytest.skip("the reference of the spoken script is not beside this checkout")
    return [(key, en, es, int(s_en), int(s_es)) for key, en, es, s_en, s_es in ROW.findall(REFERENCE.read_text())]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_catalogue_has_every_prompt_with_the_same_placeholders(locale: str) -> None:
    words, english = catalogue(locale).prompts, catalogue("en-US").prompts
    assert words.keys() == english.keys()
    for key, text in words.items():
        facts = placeholders(text) - NOUNS - {"shop"}
        assert facts == placeholders(english[key]) - NOUNS - {"shop"}, key


@pytest.mark.parametrize("locale", LOCALES)
def test_every_prompt_of_ours_passes_the_check_for_an_owners_words(locale: str) -> None:
    assert {
        key: check(text, key, locale) for key, text in catalogue(locale).prompts.items() if check(text, key, locale)
    } == {}


def test_the_catalogues_say_what_the_reference_says() -> None:
    english, spanish = catalogue("en-US").prompts, catalogue("es-US").prompts
    rows = reference()
    assert len(rows) > 90
    for key, en, es, _, _ in rows:
        if key not in WITH_ITS_KEY:
            assert (english[key], spanish[key]) == (en, es)


def test_the_lengths_are_those_of_the_reference() -> None:
    far = []
    for key, en, es, s_en, s_es in reference():
        for text, locale, told in ((en, "en-US", s_en), (es, "es-US", s_es)):
            if abs(sample_length(text, locale) - told) > DIFFERS:
                far.append((key, locale, told, round(sample_length(text, locale), 1)))
    assert far == []


def test_most_lengths_are_within_a_second_of_the_reference() -> None:
    rows = reference()
    near = [
        abs(sample_length(text, locale) - told) <= 1
        for _, en, es, s_en, s_es in rows
        for text, locale, told in ((en, "en-US", s_en), (es, "es-US", s_es))
    ]
    assert sum(near) >= 0.9 * len(near)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_prompt_takes_more_than_14_seconds(locale: str) -> None:
    too_long = {key: sample_length(text, locale) for key, text in catalogue(locale).prompts.items()}
    assert {key: length for key, length in too_long.items() if round(length) > 14} == {}


def good_call(script: Script, *keys: str) -> Call:
    call = Call(script)
    call.start()
    for each in keys:
        call.keys(each)
    call.keys("1")
    call.hear(ChargeStarted())
    call.hear(Settled("paid", "", "407219", 4250))
    assert call.ended == "paid"
    return call


def voice_of(call: Call) -> int:
    """Seconds of voice in a whole call, with the questions inside `<Pay>` that a good call hears."""
    heard = [speech for reply in call.replies for speech in spoken(reply)]
    for reply in call.replies:
        if isinstance(reply, Pay):
            heard += [each.speech for each in reply.prompts if not each.error_types and each.card_types != ("amex",)]
    return shown(heard)


def shown(heard: Sequence[Speech]) -> int:
    """Seconds as lengths are shown: whole ones, prompt by prompt."""
    return sum(round(seconds(speech.text, speech.locale)) for speech in heard)


@pytest.mark.parametrize(
    ("behavior", "keys", "english", "spanish"),
    [
        ("fixed-with-order", ["1042"], 62, 68),
        ("fixed", [], 55, 60),
        ("caller-with-order", ["1043", "42*50"], 77, 84),
        ("caller", ["42*50"], 62, 68),
    ],
)
def test_the_voice_of_a_whole_good_call(behavior: str, keys: list[str], english: int, spanish: int) -> None:
    for locale, most in (("en-US", english), ("es-US", spanish)):
        voice = voice_of(good_call(line(behavior, locales=(locale,)), *keys))
        # By the formula the question for an amount takes a second more than the reference's table has.
        allowed = most + 1 if "42*50" in keys else most
        assert most - 8 < voice <= allowed, locale


@pytest.mark.parametrize("locale", ["en-US", "es-US"])
def test_no_turn_takes_more_than_17_seconds(locale: str) -> None:
    for script, keys in (
        (line("fixed-with-order", locales=(locale,)), ["7", "", "1042", "7", "4"]),
        (line("fixed", locales=(locale,)), ["7", "1"]),
        (line("caller-with-order", locales=(locale,)), ["1043", "", "", "42*50", "7"]),
        (line("caller", locales=(locale,)), ["600", "", "42*50", "7"]),
        (
            line("fixed-with-order", locales=(locale,), overage="ask", overage_cap=5000, overage_days=30),
            ["1042", "1", "9"],
        ),
    ):
        call = Call(script, SHOP)
        call.start()
        for each in keys:
            call.keys(each)
        for reply in call.replies:
            # What is said outside the gather comes on top: the same question was just heard.
            if isinstance(reply, Gather) and reply.before:
                continue
            assert shown(spoken(reply)) <= 17, [speech.key for speech in spoken(reply)]


@pytest.mark.parametrize(("behavior", "keys"), [("fixed-with-order", ["1042"]), ("fixed", [])])
def test_the_outcome_that_is_being_checked_takes_at_most_20_seconds(behavior: str, keys: list[str]) -> None:
    for locale in ("en-US", "es-US"):
        call = Call(line(behavior, locales=(locale,)))
        call.start()
        for each in [*keys, "1"]:
            call.keys(each)
        call.hear(ChargeStarted())
        call.hear(Settled("checking", "", "407219", 4250))
        assert shown(spoken(call.reply)) <= 20


def test_nothing_blames_and_nothing_is_technical() -> None:
    for locale in LOCALES:
        for key, text in catalogue(locale).prompts.items():
            assert not re.search(r"\b(invalid|error|transaction|process|inválid|transacción)", text, re.IGNORECASE), key


@pytest.mark.parametrize(
    ("locale", "pound_key", "press"),
    [
        ("en-US", "the pound key", "press 1"),
        ("en-GB", "the hash key", "press 1"),
        ("en-IE", "the hash key", "press 1"),
        ("en-AU", "the hash key", "press 1"),
        ("es-US", "la tecla numeral", "oprima el 1"),
        ("es-MX", "la tecla gato", "oprima el 1"),
        ("es-ES", "la almohadilla", "pulse el 1"),
    ],
)
def test_the_words_are_those_of_the_place(locale: str, pound_key: str, press: str) -> None:
    call = Call(alone(locales=(locale,)))
    assert pound_key in call.start()
    assert press in call.keys("1042")


def test_spain_has_its_own_words() -> None:
    words = catalogue("es-ES").prompts
    assert "caducidad" in words["card.expiry"]
    assert "caducada" in words["decline.expired"]
    assert "móvil" in words["silence.2"]
    assert "extracto" in words["outcome.statement"]
    assert not any("oprima" in text for text in words.values())


def test_a_postal_code_with_letters_is_not_asked() -> None:
    call = Call(alone(locales=("en-GB",)))
    call.start()
    call.keys("1042")
    call.keys("1")
    assert isinstance(call.reply, Pay)
    assert not call.reply.postal_code
    assert "card.postal" not in call.in_pay
    assert "expiry date" in call.in_pay["card.expiry"]


def test_an_owners_words_come_first() -> None:
    call = Call(alone(words={"en-US": {"welcome": "Welcome to {shop}!"}}))
    assert call.start().startswith("Welcome to Harbor Garage! Enter your order number")


def test_an_owners_words_reach_nothing_but_their_values() -> None:
    text = render("welcome", "en-US", {"welcome": "{shop} {shop.__class__} {secret}"}, shop="Harbor")
    assert text == "Harbor {shop.__class__} "


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Order: to pay {amount}, press 1, or press 2.", "Leave {order} in: callers must hear it."),
        ("Order {order}, {amount}, {total}. Press 1 or 2.", "{total} is not known in these words."),
        ("Order {order}: {amount}. To pay, press 1.", "Say what key 2 does."),
        ("Order {order}: <b>{amount}</b>. Press 1 or 2.", "Use plain words: no markup and no other braces."),
        ("  ", "Write the words, or remove them to use the product's own."),
    ],
)
def test_what_is_wrong_with_an_owners_words_is_said(text: str, problem: str) -> None:
    assert problem in check(text, "order.confirm", "en-US")


def test_words_that_take_too_long_are_refused() -> None:
    assert any("seconds" in problem for problem in check("Hello from {shop}. " * 12, "welcome", "en-US"))


def test_a_locale_without_catalogue_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="en-US, en-GB"):
        catalogue("fr-FR")
