"""Phone numbers: read, written, hidden."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.lib.phone import HIDDEN, format_number, mask, national_groups, normalize


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("(415) 555-0142", "US", "+14155550142"),
        ("+1 415 555 0142", "GB", "+14155550142"),
        ("020 7946 0018", "gb", "+442079460018"),
        ("612 345 678", "ES", "+34612345678"),
        ("sip:+14155550142@pbx.example.com:5061;transport=tls", "GB", "+14155550142"),
        ("SIP:4155550142@198.51.100.7", "US", "+14155550142"),
    ],
)
def test_a_number_is_read_in_any_usual_way(text: str, region: str, e164: str) -> None:
    assert normalize(text, region) == e164


@pytest.mark.parametrize(
    "text",
    [
        "", "anonymous", "Restricted", "unavailable", "12", "+266696687", "+7378742833", "+2562533", "+8656696",
        "+86282452253", "sip:me@example", "sip:anonymous@anonymous.invalid", "sip:restricted@198.51.100.7",
        "sip:+266696687@198.51.100.7", "sip:12@pbx.example.com",
    ],
)  # fmt: skip
@pytest.mark.parametrize("region", ["US", "GB"])
def test_a_hidden_number_is_no_number(text: str, region: str) -> None:
    assert normalize(text, region) is None


def test_a_number_is_written_as_at_home_and_abroad() -> None:
    assert format_number("+14155550142", "US") == "(415) 555-0142"
    assert format_number("+14155550142", "GB") == "+1 415-555-0142"
    assert format_number("anonymous") == "anonymous"


def test_the_groups_are_those_of_the_country() -> None:
    assert national_groups("+14155550142") == ("415", "555", "0142")
    assert national_groups("+442079460018") == ("020", "7946", "0018")
    assert national_groups("123") == ("123",)


@pytest.mark.parametrize(("number", "shown"), [("+14155550142", "•••• 0142"), ("12345", "••••"), ("anonymous", "••••")])
def test_a_masked_number_shows_its_last_four_digits(number: str, shown: str) -> None:
    assert mask(number) == shown


@given(
    start=st.sampled_from(["", "+1", "+1 ", "1", "+44", "+"]),
    number=st.from_regex(r"\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{3,5}", fullmatch=True),
    region=st.sampled_from(["US", "CA", "PR", "ES", "MX", "ZZ"]),
)
def test_the_quick_way_reads_as_the_tables_do(start: str, number: str, region: str) -> None:
    text = start + number
    try:
        parsed = phonenumbers.parse(text, region)
        slow = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        expected = slow if phonenumbers.is_possible_number(parsed) else None
    except phonenumbers.NumberParseException:
        expected = None
    assert normalize(text, region) == (None if text in HIDDEN else expected)
