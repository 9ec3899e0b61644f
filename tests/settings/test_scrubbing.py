"""What is taken out before anything leaves for a service that collects errors or traces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.configuration.scrubbing import REMOVED, scrub_text, scrubbed
from tests.web.planting import SPELLINGS, traces

TOKEN = "fedcba98" * 4


@pytest.mark.parametrize(
    "secret",
    [
        "sk_live_" + "a1" * 12,
        "rk_test_" + "a1" * 12,
        "whsec_" + "a1b2" * 8,
        "pi_3abc_secret_def456",
        TOKEN,
        "dGhlLXRlc3RzLW93bi1rZXktb2YtMzItYnl0ZXMhISE=",
        "+15550100",
        "+1 (202) 555-0101",
        "mary@example.com",
        "4242424242424242",
        "4242 4242 4242 4242",
    ],
)
def test_it_is_taken_out_wherever_it_stands(secret: str) -> None:
    for text in (secret, f"failed with {secret}.", f"{{'key': '{secret}'}}"):
        assert secret not in scrub_text(text)


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=list(SPELLINGS))
def test_a_planted_card_is_taken_out_however_it_is_written(text: str) -> None:
    for value in (text, f"ValueError: {text}!", [{"frame": {text: (text, f"x={text}")}}]):
        assert traces(str(scrubbed(value)).encode()) == []


def test_a_password_in_an_address_is_taken_out() -> None:
    assert "hunter2" not in scrub_text("postgresql://phonepay:hunter2@db/phonepay")


def test_what_is_sent_to_prove_oneself_is_taken_out() -> None:
    assert "abcdef" not in scrub_text("Authorization: Bearer abcdef-0123")


def test_a_secret_without_a_form_is_taken_out_where_it_is_known() -> None:
    assert scrub_text("the word is swordfish", ["swordfish"]) == f"the word is {REMOVED}"


def test_ids_by_which_something_is_found_are_kept() -> None:
    kept = "call CA0123456789abcdef0123456789abcdef, pi_3abc, ch_1, evt_1, 42.50 usd, order 1042, at 09:30:00"
    assert scrub_text(kept) == kept


def test_what_is_nested_is_cleaned_to_the_bottom() -> None:
    given = {"extra": [{"card": "4242424242424242", "amount": 4250}, ("+15550100", None, True)]}
    assert scrubbed(given) == {"extra": [{"card": "••••••••••••••••", "amount": 4250}, [REMOVED, None, True]]}


def test_a_number_that_may_be_a_card_is_taken_out() -> None:
    assert scrubbed({"n": 4242424242424242}) == {"n": REMOVED}


def test_what_has_no_end_is_cut_off() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert REMOVED in str(scrubbed(endless))


nested = st.recursive(
    st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(value=nested, before=st.text(max_size=5))
def test_no_known_secret_is_left_in_anything(value: object, before: str) -> None:
    assert "swordfish" not in str(scrubbed([value, {f"{before}swordfish": "swordfish"}], ["swordfish"]))
