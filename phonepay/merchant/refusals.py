"""What cannot be set, and why: a sentence for people, and its reason for doors that word it in another language."""

from __future__ import annotations

from collections.abc import Mapping

from phonepay.lib.money import MoneyError
from phonepay.lib.refusal import Refusal


class FactRefused(Refusal):
    """One fact that cannot be used. `facts` is what the sentence tells of; amounts in minor units beside `currency`.

    Reasons: those of money.MoneyError, and card_number, choice, closed, hours, listed, needs_amount, no_hours, number,
    outside, phone, region, several_shops, swapped, taken, text, time_zone, too_long, too_many, words.
    """

    @classmethod
    def of_money(cls, error: MoneyError) -> FactRefused:
        return cls(error.reason, str(error), **error.facts)


class LineRefused(ValueError):
    """Nothing was changed. `problems` has a sentence for people by the name of each fact that cannot be used.

    `reasons` has the same as they were raised.
    """

    def __init__(self, problems: Mapping[str, FactRefused]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems.values()))
        self.reasons = dict(problems)
        self.problems = {name: str(problem) for name, problem in problems.items()}
