"""The values of the placeholders, said in the caller's language: each is made only when a prompt asks for it."""

from collections.abc import Callable

from phonepay.ivr.prompts import Catalogue, catalogue
from phonepay.ivr.script import Script
from phonepay.ivr.state import State
from phonepay.lib.money import currency
from phonepay.lib.speech import (
    say_ago,
    say_cards,
    say_characters,
    say_confirmation,
    say_money,
    say_number,
    say_phone,
    say_unit,
)

# The example of an amount is 42.50, in the currency's own decimals.
SAMPLE_WHOLE, SAMPLE_FRACTION = 42, 5


def resolver(script: Script, state: State) -> Callable[[str], str]:
    """A function from a placeholder's name to its words; "" for a name that is not known."""

    def resolve(name: str) -> str:
        fact = _FACTS.get(name)
        return fact(script, state, catalogue(state.locale)) if fact else ""

    return resolve


def hundredth(amount: int, code: str) -> int:
    """The amount read as if its last keyed digits were the decimals: 425000 (4250 dollars) gives 4250."""
    return amount // currency(code).unit


def paid_in(script: Script, state: State) -> str:
    """The currency of what is being paid: an order may be in another than the line's."""
    return state.currency or script.currency


def receipt_to(script: Script, state: State) -> str:
    """Where the receipt goes: "phone", "email", or "" where none will be sent. Only an order that was found has one."""
    return script.receipt_to or (state.receipt_to if state.order_known else "")


def _money(amount: int, script: Script, state: State) -> str:
    return say_money(amount, script.currency, state.locale)


def _paid(amount: int, script: Script, state: State) -> str:
    return say_money(amount, paid_in(script, state), state.locale)


def _noun(script: Script, _state: State, words: Catalogue) -> str:
    return words.nouns.get(script.order_noun, script.order_noun)


def _sample_fraction(script: Script) -> str:
    return str(SAMPLE_FRACTION).ljust(currency(script.currency).shown_decimals, "0")


def _sample(script: Script, state: State, _words: Catalogue) -> str:
    fraction = say_number(int(_sample_fraction(script)), state.locale)
    return f"{say_number(SAMPLE_WHOLE, state.locale)} {fraction}"


def _sample_keys(script: Script, _state: State, words: Catalogue) -> str:
    return " ".join([*str(SAMPLE_WHOLE), words.star_key, *_sample_fraction(script)])


def _sample_keys_cents(script: Script, _state: State, _words: Catalogue) -> str:
    return " ".join([*str(SAMPLE_WHOLE), *_sample_fraction(script)])


_FACTS: dict[str, Callable[[Script, State, Catalogue], str]] = {
    "shop": lambda script, _state, _words: script.shop,
    "order_noun": _noun,
    "Order_noun": lambda script, state, words: _noun(script, state, words).capitalize(),
    "order": lambda _script, state, _words: say_characters(state.order_number),
    "amount": lambda script, state, _words: _paid(state.amount, script, state),
    "hundredth": lambda script, state, _words: _money(hundredth(state.amount, script.currency), script, state),
    "floor": lambda script, state, _words: _money(script.floor, script, state),
    "ceiling": lambda script, state, _words: _money(script.ceiling, script, state),
    "cap": lambda script, state, _words: _money(script.overage_cap, script, state),
    "days": lambda script, state, _words: say_number(script.overage_days, state.locale, before_noun=True),
    "currency": lambda script, state, _words: say_unit(script.currency, state.locale)[0],
    "cents": lambda script, state, _words: say_unit(script.currency, state.locale)[1],
    "sample": _sample,
    "sample_keys": _sample_keys,
    "sample_keys_cents": _sample_keys_cents,
    "cards": lambda script, state, _words: say_cards(script.cards, state.locale),
    "confirmation": lambda _script, state, _words: say_confirmation(state.confirmation),
    "paid_when": lambda _script, state, _words: state.detail,
    "ago": lambda _script, state, _words: say_ago(state.repeat_seconds, state.locale),
    "descriptor": lambda script, _state, _words: script.descriptor,
    "where": lambda script, state, words: words.where.get(receipt_to(script, state), ""),
    "shop_phone": lambda script, state, _words: say_phone(script.shop_phone, state.locale),
    "pound_key": lambda _script, _state, words: words.pound_key,
    "star_key": lambda _script, _state, words: words.star_key,
}
