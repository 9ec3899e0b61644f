"""`ivr_message.ini`, the old words: which were edited, and which prompts of ours they can be.

The old words were halves of sentences, with a bare number read after them; ours are whole, name what callers must hear
by placeholders, and are checked before they are kept. So some are carried as they are, some with our half beside them,
and what cannot be is said with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from phonepay.imports.ancestor.report import Report
from phonepay.ivr import prompts
from phonepay.lib.cards import looks_like_card_number

# As it was shipped: whoever left it so gets our own words, which are better.
SHIPPED = {
    "welcome": "Welcome to phone pay",
    "amount": "You will be charged dollar",
    "say_amount": "you entered",
    "amount_confirm": "Please press 1 to confirm or 2 for re enter",
    "ask_orderid": "please enter your order i d and press hash key",
    "say_orderid": "you entered",
    "orderid_confirm": "Please press 1 to confirm or 2 for re enter order i d",
    "amount_confirmation": "Please press 1 to confirm or 2 for cancel payment",
    "already_paid": "this order has already paid. Thank you.",
    "ask_amount": "Please enter the amout you wish to pay now and press hash key",
    "ask_card": "Please enter your card number",
    "payment_cancelled": "Payment cancelled  Thank you",
    "say_card": "You entered",
    "card_confirm": "Please press 1 to confirm or 2 to re-enter",
    "ask_validity": "Please enter your cards validity as M M Y Y two digits for month and two digits for year.",
    "say_validity": "You entered",
    "validity_confirm": "Please press 1 to confirm or 2 to re-enter",
    "payment_started": "Please wait till complete payment",
    "payment_success": "Congratulations You have successfully completed payment Thank you",
    "payment_failed": "Your payment failed",
    "cancel_confirm": "Please press 1 for retry or 2 for cancel payment",
    "ask_zipcode": "Please enter your billing zip code.",
    "say_zipcode": "You entered",
    "zipcode_confirm": "Please press 1 to confirm or 2 to re-enter",
    "ask_security": "Please enter your security code. It is the three digits located on back of your card.",
}  # fmt: skip

# Old name → prompt of ours, and the words with which it becomes one; "…" is where the old words go.
PLACES = {
    "welcome": ("welcome", {"en": "…"}),
    "ask_orderid": ("order.ask", {"en": "…"}),
    "ask_amount": (
        "amount.ask",
        {"en": "… For {sample}, enter {sample_keys}.", "es": "… Para {sample}, marque {sample_keys}."},
    ),
    "amount": ("fixed.confirm", {"en": "… {amount}. To pay, press 1. If not, you can hang up."}),
    "ask_card": ("card.number", {"en": "…"}),
    "ask_validity": ("card.expiry", {"en": "…"}),
    "ask_zipcode": ("card.postal", {"en": "…"}),
    "ask_security": ("card.code", {"en": "…"}),
    "payment_started": ("charge.wait", {"en": "…"}),
    "payment_success": (
        "outcome.paid",
        {"en": "… You have paid {amount}. Your confirmation number is {confirmation}."},
    ),
    "payment_failed": ("decline.generic", {"en": "…"}),
    "payment_cancelled": ("end.stopped", {"en": "…"}),
    "cancel_confirm": ("decline.other_card", {"en": "You have not been charged. …"}),
}
_OF_CARDS = frozenset(
    {"say_card", "card_confirm", "say_validity", "validity_confirm", "say_zipcode", "zipcode_confirm"}
)
_FOREIGN = re.compile(r"%[sdf0-9]|\$\w|\$\{|\{|\}|<|>")
_LINE = re.compile(r"([A-Za-z_][\w.]*)\s*=(.*)")


def decoded(text: bytes) -> str:
    """As editors of its time saved it: UTF-8, UTF-16 with its mark, else Windows' own."""
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return text.decode("utf-16", "replace")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace")


def read(text: str, report: Report) -> dict[str, str]:
    """The words of each name; lines without one are reported. As PHP's parse_ini_file reads it."""
    found: dict[str, str] = {}
    for place, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        bare = line.strip()
        if not bare or bare[0] in ";#[":
            continue
        parts = _LINE.fullmatch(bare)
        if parts is None:
            report.left_out("prompt_broken", "prompts", f"line {place}", bare)
            continue
        found[parts[1].lower()] = _value(parts[2].strip())
    return found


def edited(words: Mapping[str, str]) -> dict[str, str]:
    """Those that are not as they were shipped."""
    return {name: text for name, text in words.items() if text and _plain(text) != _plain(SHIPPED.get(name, ""))}


def carried(words: Mapping[str, str], locale: str, report: Report) -> dict[str, str]:
    """Prompt key → words of ours, for the edited ones; the rest is reported. `words` as `read` gives them."""
    found: dict[str, str] = {}
    for name, text in edited(words).items():
        reason, detail = "", text
        place = PLACES.get(name)
        if name in _OF_CARDS:
            reason = "prompt_card"
        elif place is None:
            reason = "prompt_none"
        else:
            key, frames = place
            made, why = _made(name, text, frames, key, locale)
            if made:
                found[key] = made
            else:
                reason, detail = "prompt_refused", f"{why} {text}"
        if reason:
            report.left_out(reason, "prompts", name, detail)
    return found


def _made(name: str, text: str, frames: Mapping[str, str], key: str, locale: str) -> tuple[str, str]:
    """The words, or "" and why not."""
    if looks_like_card_number(text):
        return "", "It looks like it holds a card number:"
    if found := _FOREIGN.search(text):
        return "", f"“{found[0]}” is not known here:"
    frame = frames.get(locale[:2]) or (frames["en"] if frames["en"] == "…" else "")
    if not frame:
        return "", "It needs our half beside it, which is written for English only:"
    if key not in prompts.catalogue(locale).prompts:
        return "", "This language has no such prompt:"
    if name == "amount":  # the amount says its currency itself
        text = re.sub(r"[\s,]*(?:dollars?|usd|\$)\s*$", "", text, flags=re.IGNORECASE)
    elif frame != "…" and frame.startswith("…") and text[-1:] not in ".!?":
        text += "."
    made = frame.replace("…", text)
    problems = prompts.problems(made, key, locale)
    return ("", " ".join(map(str, problems))) if problems else (made, "")


def _value(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return _one_line(text[1:-1])
    return _one_line(text.split(";", 1)[0])


def _one_line(text: str) -> str:
    """One line, of the length that a prompt can have at most; what could be a card number stays to be refused."""
    return " ".join(text.split())[:600]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w ]", "", text).lower().split())
