"""What a verb would not do: a stable name and its facts for whoever words it, a sentence for whoever reads English."""

from __future__ import annotations

from typing import Any


class Refusal(ValueError):
    """Nothing was changed. `reason` is a short name that stays; `facts` are what a sentence about it needs, amounts in
    minor units; the message says in English what, why and what now.
    """

    def __init__(self, reason: str, sentence: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.facts = facts
