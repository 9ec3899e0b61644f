"""Cards as <Pay> knows them: kinds, lengths, the check digit, masks, and the numbers that a test connector takes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from phonepay.standins.twilio.switches import MaskedFormat


@dataclass(frozen=True)
class Kind:
    """A kind of card: how its numbers begin, the lengths allowed, and those at which a caller is taken to be done."""

    name: str
    prefix: re.Pattern[str]
    lengths: range | tuple[int, ...]
    usual: tuple[int, ...]
    code_digits: int = 3


#: Twilio's words and length rules (twilio.com/docs/voice/twiml/pay#validcardtypes); the first that fits is the kind.
KINDS = (
    Kind("amex", re.compile(r"3[47]"), (15,), (15,), code_digits=4),
    Kind("enroute", re.compile(r"2014|2149"), (15,), (15,)),
    Kind("diners-club", re.compile(r"30[0-5]|36|38|39"), range(14, 20), (14, 16)),
    Kind("jcb", re.compile(r"352[89]|35[3-8]"), range(16, 20), (16,)),
    Kind("visa", re.compile(r"4"), (13, 15, 16, 19), (16,)),
    Kind("mastercard", re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,), (16,)),
    Kind("discover", re.compile(r"6011|64|65"), range(16, 20), (16,)),
    Kind("maestro", re.compile(r"5[06-9]|6"), range(12, 20), (19,)),
)
KIND_NAMES = frozenset({kind.name for kind in KINDS} | {"optima"})
#: The kinds that <Pay> takes if its document names none: Discover is not among them.
DEFAULT_KINDS = ("visa", "mastercard", "amex")
_LONGEST = 19

#: Numbers that Twilio's tutorial and Stripe's testing page name; a connector in test mode takes no others.
TEST_NUMBERS = frozenset(
    [
        "4242424242424242",
        "4000056655665556",
        "5555555555554444",
        "2223003122003222",
        "5200828282828210",
        "5105105105105100",
        "378282246310005",
        "371449635398431",
        "6011111111111117",
        "6011000990139424",
        "6011981111111113",
        "3056930009020004",
        "36227206271667",
        "6555900000604105",
        "3566002020360505",
        "6200000000000005",
        "4111111111111111",
        "4100000000000019",
        "4000000000000069",
        "4000000000009995",
        "4000000000000002",
        "4000000000009987",
        "4000000000009979",
        "4000000000000127",
        "4000000000000119",
        "4000000000000101",
        "4000000000000036",
        "4000000000000010",
        "4000000000000028",
        "4000000000005126",
        "4000000000007726",
        "4000000000000077",
        "4000000000000093",
        "4000000000000341",
        "4000003720000278",
        "4000000000000259",
        "4000000000002685",
        "4000000000001976",
        "4000000000005423",
        "4000002500003155",
        "4000002760003184",
        "4000003800000446",
        "4000008260003178",
        "4000000000003220",
        "4000000000003063",
        "4000000000003055",
        "4000000000000044",
        "4000000000006975",
        "4000008400001629",
        "4000000000009235",
        "4000000000004954",
        "4000000000005332",
        "4000000000009995",
        "4000000000000200",
        "4000008260000000",
        "4000001240000000",
        "4000004840008001",
        "5000000000000009",
        "6759649826438453",
    ]
)


@dataclass(frozen=True)
class Card:
    """What was keyed in <Pay>, all strings of digits; it never leaves the telephone but to the connector."""

    number: str
    expiry: str
    code: str
    postal_code: str


def kind_of(number: str) -> Kind | None:
    """The kind of card by how the number begins, or None."""
    return next((kind for kind in KINDS if kind.prefix.match(number)), None)


def passes_check_digit(number: str) -> bool:
    """The Luhn check of ISO/IEC 7812-1."""
    total = 0
    for place, character in enumerate(reversed(number)):
        digit = int(character) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return bool(number) and total % 10 == 0


def is_whole(number: str) -> bool:
    """Whether a caller who keyed this much is taken to be done, without waiting for silence."""
    kind = kind_of(number)
    usual = kind.usual if kind else (_LONGEST,)
    return len(number) >= max(usual) or (len(number) in usual and passes_check_digit(number))


def masked(number: str, shape: MaskedFormat) -> str:
    """The number with its last four digits visible, in one of the shapes that Twilio's pages show."""
    last = number[-4:]
    if shape == "last4":
        return last
    if shape == "dashed":
        return f"xxxx-xxxxxx-x{last}" if len(number) == 15 else f"xxxx-xxxx-xxxx-{last}"
    return ("*" if shape == "stars" else "x") * (len(number) - 4) + last
