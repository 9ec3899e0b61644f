"""What callers hear: who may switch it, what is refused beside its field, and that the room was asked once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from phonepay.calls.models import Call
from phonepay.events.models import Event
from phonepay.merchant.models import Line
from phonepay.people.models import Role
from phonepay.web.panel.settings.moments import FIXED, WHEN
from tests.shop import make_line, make_shop
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SWITCH = "/settings/callers-hear/behavior/"
WORD = "/settings/callers-hear/words/en-US/"


@pytest.fixture
def line() -> Line:
    return make_line(make_shop(), overage_cap=5000)


@pytest.fixture
def owner() -> Client:
    return signed_in(person())


def page_of(client: Client, path: str, **data: str) -> str:
    response = client.post(path, data, follow=True) if data else client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_each_card_says_its_own_first_words(line: Line, owner: Client) -> None:
    page = page_of(owner, "/settings/callers-hear")
    assert page.count("Enter your order number, then press the pound key.") == 2
    assert "The amount is forty-two dollars and fifty cents. To pay, press 1." in page
    assert "Enter the amount in dollars" in page


def test_with_one_line_the_word_line_appears_nowhere(line: Line, owner: Client) -> None:
    page = page_of(owner, "/settings/callers-hear")
    assert "line-picker" not in page and "?line=" not in page


def test_with_two_lines_one_is_chosen_and_stays_chosen(line: Line, owner: Client) -> None:
    other = make_line(line.merchant, phone_number="+12025550198", behavior="caller")
    page = page_of(owner, f"/settings/callers-hear?line={other.pk}")
    assert f'value="{other.pk}" selected' in page and f"behavior/fixed?line={other.pk}" in page


def test_a_line_that_is_not_there_is_not_found(line: Line, owner: Client) -> None:
    assert owner.get("/settings/callers-hear?line=999").status_code == 404


def test_a_switch_is_the_rooms_verb_with_its_event(line: Line, owner: Client) -> None:
    page = page_of(owner, SWITCH + "fixed", amount="45,00")
    assert "Switched. No call is under way." in page and "Callers hear this now, since today, by Olivia Owner" in page
    data = Event.objects.get(type="line.changed").data
    assert data["after"] == {"behavior": "fixed", "fixed_amount": 4500}


def test_calls_under_way_are_told_of(line: Line, owner: Client) -> None:
    for sid in ("CA1", "CA2"):
        facts = {"sid": sid, "merchant": line.merchant, "line": line, "started_at": NOON, "last_at": NOON}
        Call.objects.create(script={}, state={}, **facts)
    assert "2 calls under way end the old way." in page_of(owner, SWITCH + "caller", amount="")


def test_the_same_switch_twice_is_one(line: Line, owner: Client) -> None:
    for _ in range(2):
        page_of(owner, SWITCH + "caller", amount="")
    assert Event.objects.filter(type="line.changed").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the amount"),
        ("4o", "“4o” cannot be read"),
        ("0.10", "too little"),
        ("600", "not within what callers"),
    ],
)
def test_a_refused_amount_stands_beside_its_field(line: Line, owner: Client, typed: str, sentence: str) -> None:
    page = page_of(owner, SWITCH + "fixed", amount=typed)
    assert sentence in page and f'value="{typed}" aria-invalid="true"' in page
    line.refresh_from_db()
    assert line.behavior == Line.Behavior.FIXED_WITH_ORDER


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_others_look_and_do_not_switch(line: Line, role: Role) -> None:
    client = signed_in(person(role))
    page = page_of(client, "/settings/callers-hear")
    assert "You can look, not change." in page and "Use this" not in page
    assert client.post(SWITCH + "caller").status_code == 403


def test_payments_are_paused_and_taken_again(line: Line, owner: Client) -> None:
    assert "Paused: callers hear" in page_of(owner, "/settings/callers-hear/paused", paused="yes")
    page_of(owner, "/settings/callers-hear/paused", paused="no")
    line.refresh_from_db()
    assert not line.paused


def test_before_there_is_a_number_the_page_says_so(owner: Client) -> None:
    assert "No phone number answers yet" in page_of(owner, "/settings/callers-hear")


def test_every_prompt_has_its_moment() -> None:
    from phonepay.ivr.prompts import catalogue

    assert set(WHEN) | FIXED == set(catalogue("en-US").prompts)


def test_words_are_found_by_what_callers_hear(line: Line, owner: Client) -> None:
    page = page_of(owner, "/settings/callers-hear/words?find=zip")
    assert "Enter your five-digit billing zip code." in page and "Are you still there?" not in page


def test_only_our_own_words_are_listed(line: Line, owner: Client) -> None:
    line.words = {"en-US": {"goodbye": "See you."}}
    line.save()
    page = page_of(owner, "/settings/callers-hear/words?own=yes")
    assert "See you." in page and "Are you still there?" not in page


def test_own_words_are_kept_and_taken_back(line: Line, owner: Client) -> None:
    page_of(owner, WORD + "welcome", words="Welcome to {shop}.")
    line.refresh_from_db()
    assert line.words == {"en-US": {"welcome": "Welcome to {shop}."}}
    assert "Callers hear the standard words" in page_of(owner, WORD + "welcome", restore="yes", words="whatever")
    line.refresh_from_db()
    assert line.words == {}


def test_the_standard_words_saved_are_no_words_of_our_own(line: Line, owner: Client) -> None:
    page_of(owner, WORD + "goodbye", words="Goodbye.")
    line.refresh_from_db()
    assert line.words == {}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("All is well.", "Leave {amount} in: callers must hear it."),
        ("{amount} {confirmation} {elephant}", "{elephant} is not known in these words."),
        ("{amount} {confirmation} " + "and so on " * 30, "Make them shorter"),
        ("{amount} {confirmation} 4242 4242 4242 4242", "This looks like a card number"),
    ],
)
def test_refused_words_stay_as_typed_with_the_reason(line: Line, owner: Client, words: str, sentence: str) -> None:
    page = page_of(owner, WORD + "outcome.paid", words=words)
    assert sentence in page and words.strip() in page
    line.refresh_from_db()
    assert line.words == {}


def test_words_of_a_language_that_is_not_spoken_are_not_there(line: Line, owner: Client) -> None:
    assert owner.get("/settings/callers-hear/words/es-MX/welcome").status_code == 404
