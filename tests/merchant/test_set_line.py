"""Making and changing a line: what is filled in, what is refused, what is recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from phonepay.events.actors import command
from phonepay.events.models import Event
from phonepay.merchant.lines import pause_line, resume_line, set_line
from phonepay.merchant.models import Line, Merchant
from phonepay.merchant.refusals import LineRefused
from phonepay.people.permissions import NotAllowed, Person

pytestmark = pytest.mark.django_db

OLGA = command("olga")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def change(number: str = "+14155550142", now: datetime = NOON, **changes: Any) -> Line:
    return set_line(merchant=None, phone_number=number, changes=changes, by=OLGA, now=now)


def problems(**changes: Any) -> dict[str, str]:
    with pytest.raises(LineRefused) as refused:
        change(**changes)
    return refused.value.problems


def test_the_first_line_is_made_with_its_shop() -> None:
    line = change(behavior="fixed", fixed_amount="42.50", name="Harbor Garage")
    assert (line.merchant.name, line.fixed_amount, line.currency) == ("Harbor Garage", 4250, "usd")


def test_a_new_line_takes_from_stripes_minimum_to_five_hundred() -> None:
    line = change(behavior="caller")
    assert (line.floor, line.ceiling) == (50, 50_000)


@pytest.mark.parametrize(
    ("code", "floor", "ceiling"), [("jpy", 50, 50_000), ("kwd", 50, 500_000), ("huf", 17_500, 50_000)]
)
def test_limits_nobody_gave_fit_the_currency(code: str, floor: int, ceiling: int) -> None:
    line = change(behavior="caller", currency=code)
    assert (line.floor, line.ceiling) == (floor, ceiling)


def test_an_amount_may_come_as_minor_units() -> None:
    assert change(behavior="fixed", fixed_amount=4250).fixed_amount == 4250


def test_extra_charges_have_a_cap_from_the_start() -> None:
    line = change(behavior="caller", overage="ask")
    assert (line.overage, line.overage_cap, line.overage_days) == ("ask", 5_000, 30)


def test_the_same_number_in_another_spelling_is_the_same_line() -> None:
    first = change(behavior="caller")
    assert change("(415) 555-0142", ceiling="300").pk == first.pk


def test_a_second_line_belongs_to_the_same_shop() -> None:
    assert change(behavior="caller").merchant == change("+14155550143", behavior="caller").merchant


def test_a_second_line_takes_its_cards_with_the_connector_that_is_in_use() -> None:
    change(behavior="caller", connector="Stripe_Live")
    assert change("+14155550143", behavior="caller").connector == "Stripe_Live"


def test_with_several_shops_it_must_be_said_whose_line_it_is() -> None:
    for name in ("One", "Two"):
        Merchant.objects.create(name=name)
    assert "several shops" in problems(behavior="caller")["merchant"]


def test_a_fixed_behavior_needs_an_amount() -> None:
    assert "needs an amount" in problems(behavior="fixed")["fixed_amount"]


def test_every_problem_is_told_at_once() -> None:
    assert set(problems(behavior="wild", fixed_amount="x", cards="visa,gold")) == {"behavior", "fixed_amount", "cards"}


@pytest.mark.parametrize(
    ("fact", "written"),
    [
        ("fixed_amount", "42.505"),
        ("fixed_amount", "0.10"),
        ("fixed_amount", "-5"),
        ("floor", "0.01"),
        ("currency", "zzz"),
        ("cards", "visa,gold"),
        ("cards", ""),
        ("locales", "en-US,fr-FR"),
        ("locales", "en-US,es-US,en-GB"),
        ("person_number", "12"),
        ("person_hours", "mon 9 to 5"),
        ("time_zone", "Mars/Olympus"),
        ("region", "XX"),
        ("overage", "maybe"),
        ("overage_days", "0"),
        ("moto", "perhaps"),
        ("connector", "two words"),
        ("entry_seconds", "2"),
        ("name", ""),
        ("words", {"en-US": {"no.such": "Hello"}}),
        ("words", {"en-US": {"outcome.paid": "All is well."}}),
        ("words", {"xx-XX": {"welcome": "Hello"}}),
        ("voices", {"en-US": "a voice"}),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(fact: str, written: Any) -> None:
    standing = {"behavior": "fixed", "fixed_amount": "42.50"}
    assert problems(**(standing | {fact: written}))[fact].endswith((".", "!"))


def test_what_is_refused_changes_nothing() -> None:
    change(behavior="fixed", fixed_amount="42.50")
    problems(ceiling="100", floor="1", name="Changed", cards="gold")
    line = Line.objects.get()
    assert (line.ceiling, line.merchant.name) == (50_000, "our shop")


@pytest.mark.parametrize("fact", ["name", "statement_prefix", "person_number", "shop_phone", "phone_number"])
def test_a_card_number_is_kept_nowhere_and_not_repeated(fact: str) -> None:
    sentence = problems(behavior="caller", **{fact: "4242 4242 4242 4242"})[fact]
    assert "4242" not in sentence


def test_a_card_number_in_own_words_is_refused() -> None:
    own = {"en-US": {"welcome": "Hello, this is {shop}. 4242 4242 4242 4242."}}
    assert "card number" in problems(behavior="caller", words=own)["words"]


def test_the_fixed_amount_lies_within_the_limits() -> None:
    sentence = problems(behavior="fixed", fixed_amount="600")["fixed_amount"]
    assert "$600.00" in sentence and "$500.00" in sentence


def test_a_floor_above_the_ceiling_is_refused() -> None:
    assert "ceiling" in problems(behavior="caller", floor="300", ceiling="200")


def test_another_currency_forgets_the_old_amounts() -> None:
    change(behavior="caller", ceiling="300", usual_amount="40", overage="ask", overage_cap="80")
    line = change(currency="jpy")
    assert (line.ceiling, line.usual_amount, line.overage_cap) == (50_000, None, 5_000)


def test_a_fixed_amount_does_not_survive_another_currency() -> None:
    change(behavior="fixed", fixed_amount="42.50")
    assert "fixed_amount" in problems(currency="jpy")


def test_own_words_are_laid_over_those_there_are() -> None:
    change(behavior="caller", words={"en-US": {"welcome": "Welcome to {shop}."}})
    line = change(words={"en-US": {"goodbye": "See you."}})
    assert set(line.words["en-US"]) == {"welcome", "goodbye"}


def test_empty_words_go_back_to_the_products_own() -> None:
    change(behavior="caller", words={"en-US": {"welcome": "Welcome to {shop}."}}, voices={"en-US": "Polly.Joanna"})
    line = change(words={"en-US": {"welcome": ""}}, voices={"en-US": ""})
    assert (line.words, line.voices) == ({}, {})


def test_cards_and_languages_keep_the_order_they_were_given_in() -> None:
    line = change(behavior="caller", cards="amex visa amex", locales=["es-us", "en-US"])
    assert (line.cards, line.locales) == (["amex", "visa"], ["es-US", "en-US"])


def test_the_making_is_recorded_with_what_was_made() -> None:
    line = change(behavior="fixed", fixed_amount="42.50")
    event = Event.objects.get()
    assert (event.type, event.subject_id, event.actor_name) == ("line.made", str(line.pk), "olga")
    assert event.data["after"]["fixed_amount"] == 4250


def test_a_change_is_recorded_with_before_and_after_of_what_changed() -> None:
    change(behavior="fixed", fixed_amount="42.50")
    change(fixed_amount="45.00")
    event = Event.objects.get(type="line.changed")
    assert event.data == {"before": {"fixed_amount": 4250}, "after": {"fixed_amount": 4500}}


def test_what_changes_nothing_is_not_recorded() -> None:
    change(behavior="fixed", fixed_amount="42.50")
    change(fixed_amount="42.50")
    assert Event.objects.count() == 1


def test_another_behavior_is_dated_and_signed() -> None:
    change(behavior="caller")
    line = change(behavior="caller-with-order", now=NOON + timedelta(days=1))
    assert (line.behavior_since, line.behavior_by) == (NOON + timedelta(days=1), "olga")


def test_another_limit_leaves_the_behaviors_date() -> None:
    change(behavior="caller")
    assert change(ceiling="300", now=NOON + timedelta(days=1)).behavior_since == NOON


def test_a_number_that_another_line_has_is_refused() -> None:
    change(behavior="caller")
    change("+14155550143", behavior="caller")
    with pytest.raises(LineRefused):
        change("+14155550143", phone_number="+14155550142")


def test_a_line_is_paused_and_resumed() -> None:
    line = change(behavior="caller")
    assert pause_line(line=line, by=OLGA, now=NOON).paused
    assert not resume_line(line=line, by=OLGA, now=NOON).paused


def test_a_name_that_is_no_fact_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        change(behavior="caller", colour="red")


def test_a_decimal_comma_is_read_as_one() -> None:
    assert change(behavior="fixed", fixed_amount="42,50").fixed_amount == 4250


def test_a_comma_before_three_digits_is_not_guessed() -> None:
    assert "1,000" in problems(behavior="fixed", fixed_amount="1,000")["fixed_amount"]


@pytest.mark.parametrize("role", ["operator", "auditor", ""])
def test_only_an_owner_changes_a_line(role: str) -> None:
    somebody = Person("person", "7", "Oscar", role=role)
    with pytest.raises(NotAllowed):
        set_line(merchant=None, phone_number="", changes={"behavior": "caller"}, by=somebody, now=NOON)


def test_an_owner_may() -> None:
    olivia = Person("person", "7", "Olivia", role="owner")
    line = set_line(merchant=None, phone_number="", changes={"behavior": "caller"}, by=olivia, now=NOON)
    assert line.behavior_by == "Olivia"


@pytest.mark.parametrize(
    ("changes", "fact", "reason"),
    [
        ({"floor": "0.01"}, "floor", "too_little"),
        ({"ceiling": "9999999"}, "ceiling", "too_much"),
        ({"floor": "x"}, "floor", "unreadable"),
        ({"floor": "300", "ceiling": "200"}, "ceiling", "swapped"),
        ({"usual_amount": "600"}, "usual_amount", "outside"),
        ({"behavior": "fixed"}, "fixed_amount", "needs_amount"),
        ({"tries": "99"}, "tries", "number"),
        ({"name": "4242 4242 4242 4242"}, "name", "card_number"),
        ({"words": {"en-US": {"outcome.paid": "All is well."}}}, "words", "words"),
    ],
)
def test_a_refusal_names_its_reason_for_other_languages(changes: dict[str, Any], fact: str, reason: str) -> None:
    with pytest.raises(LineRefused) as refused:
        change(**({"behavior": "caller"} | changes))
    assert refused.value.reasons[fact].reason == reason
