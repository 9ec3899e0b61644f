"""Every prompt that says something about the money is known to the log, and no other."""

import re

import pytest

from phonepay.calls.told import CHECKING, NOT_CHARGED, NOTHING_TO_PAY, PAID, STATEMENTS, told_by
from phonepay.ivr.prompts import catalogue
from phonepay.ivr.replies import Dial, Gather, Hangup, Pay, Speech

WORDS = {
    PAID: r"You have paid|went through",
    CHECKING: r"do not pay again(?! until)",
    NOT_CHARGED: r"You have not been charged",
    NOTHING_TO_PAY: r"[Tt]here is nothing to pay",
}


@pytest.mark.parametrize("prompt", catalogue("en-US").prompts)
def test_a_prompts_statement_is_the_one_that_its_words_make(prompt: str) -> None:
    text = catalogue("en-US").prompts[prompt]
    made = [statement for statement, words in WORDS.items() if re.search(words, text)]
    assert made == ([STATEMENTS[prompt]] if prompt in STATEMENTS else [])


def speech(prompt: str) -> Speech:
    return Speech(prompt, "", "en-US", "")


def test_the_last_statement_counts() -> None:
    assert told_by(Hangup((speech("decline.last"), speech("goodbye"))), "") == NOT_CHARGED


def test_words_without_a_statement_leave_what_was_told() -> None:
    assert told_by(Dial((speech("person.connecting"),), "+15550111"), PAID) == PAID
    assert told_by(Gather((), (speech("silence.1"),), 8, 1, ""), NOT_CHARGED) == NOT_CHARGED


def test_the_next_card_takes_not_charged_back() -> None:
    pay = Pay((speech("card.intro"),), (), "en-US", ("visa",), True, True, 5, 10, 3)
    assert told_by(pay, NOT_CHARGED) == ""
