"""Words for the voice, as plain text: nothing depends on SSML. English and Spanish; a locale's language decides.

say_money(4250, "usd", "en-US")     "forty-two dollars and fifty cents"
say_characters("INV-0042")          "I, N, V. 0, 0, 4, 2"
say_confirmation("407219")          "4, 0, 7. 2, 1, 9"
seconds("Thank you.")               0.7
"""

from phonepay.lib.speech.amounts import say_money, say_unit
from phonepay.lib.speech.characters import say_characters, say_confirmation, say_digits, say_phone
from phonepay.lib.speech.length import seconds
from phonepay.lib.speech.lists import say_cards
from phonepay.lib.speech.numerals import say_number
from phonepay.lib.speech.times import say_ago, say_when

__all__ = [
    "say_ago",
    "say_cards",
    "say_characters",
    "say_confirmation",
    "say_digits",
    "say_money",
    "say_number",
    "say_phone",
    "say_unit",
    "say_when",
    "seconds",
]
