"""`phonepay line`."""

import json

import pytest

from phonepay.events.models import Event
from phonepay.merchant.models import Line
from tests.cli.conftest import Command

pytestmark = pytest.mark.django_db

FIXED = ("line", "set", "--behavior", "fixed-with-order", "--amount", "42.50", "--currency", "usd")


def test_the_line_is_made_where_there_is_none(phonepay: Command) -> None:
    assert phonepay(*FIXED, "--overage", "ask").code == 0
    line = Line.objects.get()
    assert (line.behavior, line.fixed_amount, line.overage) == ("fixed-with-order", 4250, "ask")


def test_the_first_line_answers_any_number_until_it_is_given_one(phonepay: Command) -> None:
    phonepay(*FIXED)
    assert Line.objects.get().phone_number == ""
    phonepay("line", "set", "--number", "+14155550142")
    assert Line.objects.get().phone_number == "+14155550142"


def test_without_a_number_the_only_line_is_meant(phonepay: Command) -> None:
    phonepay(*FIXED, "--number", "+14155550142")
    phonepay("line", "set", "--behavior", "caller")
    assert Line.objects.get().behavior == "caller"


def test_another_number_makes_another_line(phonepay: Command) -> None:
    phonepay(*FIXED, "--number", "+14155550142")
    phonepay(*FIXED, "--number", "+14155550143")
    assert Line.objects.count() == 2


def test_with_two_lines_it_must_be_said_which(phonepay: Command) -> None:
    phonepay(*FIXED, "--number", "+14155550142")
    phonepay(*FIXED, "--number", "+14155550143")
    printed = phonepay("line", "set", "--behavior", "caller")
    assert printed.code == 1 and "+14155550143" in printed.err


def test_a_line_is_given_another_number(phonepay: Command) -> None:
    phonepay(*FIXED, "--number", "+14155550142")
    phonepay("line", "set", "--new-number", "+14155550143")
    assert Line.objects.get().phone_number == "+14155550143"


def test_what_is_refused_is_said_behind_its_option(phonepay: Command) -> None:
    printed = phonepay("line", "set", "--behavior", "fixed", "--amount", "much", "--cards", "gold")
    assert printed.code == 1 and not printed.out
    assert [sentence.split(":")[0] for sentence in printed.err.splitlines()] == ["--amount", "--cards"]


def test_the_whole_line_is_shown(phonepay: Command) -> None:
    phonepay(*FIXED, "--name", "Harbor Garage", "--person", "+14155550143", "--person-hours", "mon 09:00-17:00")
    shown = phonepay("line", "show").out
    for fact in ("Harbor Garage", "$42.50", "$0.50 to $500.00", "+14155550143, mon 09:00-17:00", "by olga"):
        assert fact in shown


def test_own_words_and_voices_are_set(phonepay: Command) -> None:
    phonepay(*FIXED, "--say", "en-US:welcome=Welcome to {shop}.", "--voice", "en-US=Polly.Joanna")
    line = Line.objects.get()
    assert line.words == {"en-US": {"welcome": "Welcome to {shop}."}} and line.voices == {"en-US": "Polly.Joanna"}


@pytest.mark.parametrize("option", [("--say", "en-US:welcome"), ("--say", "welcome=Hello"), ("--voice", "Polly")])
def test_words_without_their_place_are_written_wrong(phonepay: Command, option: tuple[str, str]) -> None:
    assert phonepay(*FIXED, *option).code == 2


def test_an_order_prefix_is_set_with_the_line(phonepay: Command) -> None:
    phonepay(*FIXED, "--order-prefix", "INV-")
    assert Line.objects.get().merchant.order_prefix == "INV-"


def test_a_prefix_that_is_refused_leaves_the_line_as_it_was(phonepay: Command) -> None:
    phonepay(*FIXED)
    printed = phonepay("line", "set", "--amount", "45", "--order-prefix", "#")
    assert printed.code == 1 and Line.objects.get().fixed_amount == 4250


def test_lines_are_listed_for_programs(phonepay: Command) -> None:
    phonepay(*FIXED)
    (line,) = json.loads(phonepay("line", "list", "--json").out)
    assert (line["fixed_amount"], line["currency"], line["behavior"]) == (4250, "usd", "fixed-with-order")


def test_no_lines_say_how_to_make_one(phonepay: Command) -> None:
    assert "phonepay line set" in phonepay("line", "list").out


def test_a_line_is_paused_and_resumed_by_whoever_typed_it(phonepay: Command) -> None:
    phonepay(*FIXED)
    phonepay("line", "pause")
    assert Line.objects.get().paused
    phonepay("line", "resume")
    assert not Line.objects.get().paused
    assert set(Event.objects.values_list("actor_kind", "actor_name")) == {("command", "olga")}


def test_a_line_that_is_not_there_is_said_with_those_that_are(phonepay: Command) -> None:
    phonepay(*FIXED, "--number", "+14155550142")
    printed = phonepay("line", "show", "+14155550199")
    assert printed.code == 1 and "+14155550142" in printed.err
