"""Phone numbers in E.164 ("+14155550142"), read with Google's numbering data."""

import functools
import re

import phonenumbers
from phonenumbers import PhoneNumberFormat

# Twilio's From for a caller who hides the number is one of these words, or a number that spells one
# (+266696687 ANONYMOUS, +7378742833 RESTRICTED, +2562533 BLOCKED, +8656696 UNKNOWN, +86282452253 UNAVAILABLE).
# Source: Twilio support, "Why am I getting calls from these strange numbers?"
HIDDEN = frozenset({
    "anonymous", "restricted", "blocked", "unknown", "unavailable", "private",
    "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253",
})  # fmt: skip


# A caller by SIP: what stands before the "@" is a number, a name or an extension, and after it an address of a network.
_SIP = re.compile(r"sips?:(?P<user>[^@;?]*)", re.IGNORECASE)

# A whole number of the North American plan, which needs no table to be read: files of orders have many of them.
_NORTH_AMERICAN = re.compile(r"(\+1[ .-]?)?\(?([2-9][0-9]{2})\)?[ .-]?([2-9][0-9]{2})[ .-]?([0-9]{4})")


@functools.lru_cache(maxsize=256)
def _code_of(region: str) -> int:
    """The region's country code, 0 for one that is not there."""
    return phonenumbers.country_code_for_region(region.upper())


def normalize(text: str, region: str = "US") -> str | None:
    """E.164 of a number written in any usual way, read as of `region` if it has no "+"; None if hidden or no number."""
    text = text.strip()
    if sip := _SIP.match(text):
        text = sip["user"]
    if not text or text.lower() in HIDDEN:
        return None
    if (plain := _NORTH_AMERICAN.fullmatch(text)) and (plain[1] or _code_of(region) == 1):
        return f"+1{plain[2]}{plain[3]}{plain[4]}"
    try:
        number = phonenumbers.parse(text, region.upper())
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def format_number(e164: str, region: str = "US") -> str:
    """For reading: as the country writes it at home, and with "+" abroad. What is no number comes back as it is."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    at_home = phonenumbers.country_code_for_region(region.upper()) == number.country_code
    return phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    )


def national_groups(number: str) -> tuple[str, ...]:
    """The digits of an E.164 number in the groups in which its country writes them at home: ("415", "555", "0142")."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        written = number
    else:
        written = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    spaced = "".join(each if each.isdigit() else " " for each in written)
    return tuple(spaced.split())


def mask(number: str) -> str:
    """For logs: the last four digits alone, "•••• 0142". A shorter or hidden one shows nothing."""
    digits = [each for each in number if each.isdigit()]
    return "•••• " + "".join(digits[-4:]) if len(digits) >= MASKED_FROM else "••••"


MASKED_FROM = 7  # With fewer digits the last four would be most of the number.
