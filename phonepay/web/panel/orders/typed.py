"""The form of an order: what was typed, what it means, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, QueryDict

from phonepay.lib import money as lib_money
from phonepay.merchant.models import Merchant
from phonepay.orders.checks import FACTS, OrderRefused
from phonepay.orders.models import Order
from phonepay.web.panel.money.typed import WrittenWrong, typed_amount
from phonepay.web.panel.orders.refusals import field_of, order_refusal

FIELDS = ("number", "amount", "currency", *FACTS)
_LONGEST_KEY = 64


@dataclass
class Form:
    """`values` by the name of the field; `problems` a sentence by the same name, "" for the form as a whole."""

    values: dict[str, str]
    currencies: list[str]
    key: str = ""
    seen: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> str:
        return self.problems.get("", "")

    @property
    def currency(self) -> str:
        given = self.values.get("currency", "")
        return given if given in self.currencies else self.currencies[0]

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.values[name] for name in FACTS}

    def amount(self) -> int:
        """Minor units. Raises WrittenWrong."""
        return typed_amount(self.values["amount"], self.currency)

    def tried(self, verb: Callable[[Form], Order], shop: Merchant) -> Order | None:
        """What the verb made of it; None where it was refused, with the sentence at its field."""
        try:
            return verb(self)
        except WrittenWrong as wrong:
            self.problems["amount"] = str(wrong)
        except OrderRefused as refused:
            self.problems[field_of(refused)] = order_refusal(refused, shop, self.currency)
        return None


def currencies_of(shop: Merchant) -> list[str]:
    """Of its lines, the first line's first."""
    return list(dict.fromkeys(shop.lines.order_by("pk").values_list("currency", flat=True))) or ["usd"]


def empty_form(shop: Merchant) -> Form:
    values = dict.fromkeys(FIELDS, "")
    return Form(values, currencies_of(shop), key=f"panel-{uuid4().hex}")


def form_of(order: Order) -> Form:
    """An order as it is, to be edited."""
    values = {name: str(getattr(order, name)) for name in FIELDS}
    values["amount"] = written(order.amount, order.currency)
    return Form(values, [order.currency], seen=order.updated_at.isoformat())


def form_typed(request: HttpRequest, currencies: list[str]) -> Form:
    post: QueryDict = request.POST
    values = {name: post.get(name, "") for name in FIELDS}
    return Form(values, currencies, key=post.get("key", "")[:_LONGEST_KEY], seen=post.get("seen", ""))


def written(amount: int, currency: str) -> str:
    """Minor units as somebody types them: 42.50."""
    facts = lib_money.currency(currency)
    return f"{amount / facts.unit:.{facts.decimals if amount % facts.unit else facts.shown_decimals}f}"
