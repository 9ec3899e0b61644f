"""What the words of a search can be, and the query that each of them is: every one goes by an index of its own."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q

from phonepay.calls.models import Call
from phonepay.lib import phone
from phonepay.lib.money import MoneyError, parse_amount
from phonepay.merchant.models import Merchant
from phonepay.orders.fields import begins_with
from phonepay.orders.keypad import MAX_KEYS, to_keys, without_prefix
from phonepay.orders.models import Order
from phonepay.payments.days import moments
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment, Refund
from phonepay.web.panel.search_days import read_day

MOST = 20
_NAME_FROM = 2  # letters; one would find half the town
_KEYED = re.compile(rf"(?=.*[0-9])[A-Za-z0-9 –-]{{2,{2 * MAX_KEYS}}}")  # at least one digit, or every name were one
_ACCOUNT = re.compile(r"acct_[A-Za-z0-9]+")

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Terms:
    """`ids`: the payments that an id of Stripe's or of the call names; then nothing else is asked. `lists`: the query
    of a list that holds all there is, where a list can say it."""

    shop: Merchant
    words: str
    ids: tuple[Q, ...] = ()
    confirmation: str = ""
    last4: str = ""
    number: str = ""
    keys: str = ""  # that a caller presses for a number
    name: str = ""
    phone: str = ""
    amount: int | None = None
    day: date | None = None
    call: str = ""
    lists: str = ""

    def orders(self) -> Sequence[Order]:
        """Up to one more than MOST, newest first."""
        rows = Order.objects.filter(merchant=self.shop)
        found: list[Iterable[Order]] = []
        if self.number:
            begin = rows.filter(begins_with("number_key", self.number)).order_by("number_key")[: MOST + 1]
            found.append([each for each in begin if each.number.lower() == self.number.lower()] or list(begin))
        if self.keys:
            found.append(rows.filter(keyed=self.keys))
        if self.name:
            found.append(rows.filter(begins_with("name_key", self.name)).order_by("name_key")[: MOST + 1])
        if self.phone:
            found.append(rows.filter(customer_phone=self.phone).order_by("-updated_at")[: MOST + 1])
        if self.amount is not None:
            found.append(rows.filter(amount=self.amount).order_by("-updated_at")[: MOST + 1])
        return sorted(_each_once(found), key=lambda each: each.updated_at, reverse=True)[: MOST + 1]

    def payments(self, orders: Sequence[int]) -> Sequence[Payment]:
        """Of this mode, and of these orders too."""
        rows = Payment.objects.filter(merchant=self.shop, livemode=key_is_live()).select_related("order")
        rows = rows.order_by("-agreed_at")
        asked = list(self.ids)
        if self.confirmation:
            asked.append(Q(confirmation=self.confirmation))
        if self.last4:
            asked.append(Q(card_last4=self.last4))
        if self.phone:
            asked.append(Q(phone=self.phone))
        if self.amount is not None:
            asked.append(Q(amount=self.amount))
        if self.day:
            start, end = moments(self.day, self.day, self.shop.time_zone)
            asked.append(Q(agreed_at__gte=start, agreed_at__lt=end))
        if self.number:
            asked.append(Q(number=self.number))
        if orders:
            asked.append(Q(order__in=orders))
        found = _each_once(rows.filter(each)[: MOST + 1] for each in asked)
        return sorted(found, key=lambda each: each.agreed_at, reverse=True)[: MOST + 1]

    def calls(self) -> Sequence[Call]:
        rows = Call.objects.filter(merchant=self.shop, livemode=key_is_live()).select_related("payment__order")
        rows = rows.defer("turns", "state", "script").order_by("-started_at")
        if self.call:
            return list(rows.filter(sid=self.call))
        if self.phone:
            return list(rows.filter(phone=self.phone)[: MOST + 1])
        if self.day:
            start, end = moments(self.day, self.day, self.shop.time_zone)
            return list(rows.filter(started_at__gte=start, started_at__lt=end)[: MOST + 1])
        return []


def _each_once(queries: Iterable[Iterable[Row]]) -> Iterable[Row]:
    return {row.pk: row for query in queries for row in query}.values()


def read_terms(shop: Merchant, words: str) -> Terms:
    """All that these words can be; several readings of one number are all looked for."""
    ids = _ids(words)
    if ids:
        call = words if words.startswith("CA") else ""
        return Terms(shop, words, ids=ids, call=call)
    if day := read_day(words, month_first=shop.region == "US"):
        return Terms(shop, words, day=day, lists=f"from={day}&to={day}")
    digits = words.replace(" ", "")
    normal = phone.normalize(words, shop.region) or ""
    named = len(words) >= _NAME_FROM and any(each.isalpha() for each in words)
    last4 = words.lstrip("·.*• ")
    return Terms(
        shop,
        words,
        confirmation=digits if re.fullmatch("[0-9]{6}", digits) else "",
        last4=last4 if re.fullmatch("[0-9]{4}", last4) else "",
        number=words if not words.startswith(("·", "$", "€", "£")) else "",
        keys=without_prefix(to_keys(words), prefix=shop.order_prefix) if _KEYED.fullmatch(words) else "",
        name=words if named else "",
        phone=normal,
        amount=_amount(words, shop),
    )


def _ids(words: str) -> tuple[Q, ...]:
    """Of Stripe's objects that are kept, of a call, or a payment's own."""
    if words.startswith("pi_"):
        return (Q(intent_id=words),)
    if words.startswith(("ch_", "py_")):
        return (Q(charge_id=words),)
    if words.startswith("cus_"):
        return (Q(customer_id=words),)
    if words.startswith("pm_"):
        return (Q(payment_method=words),)
    if re.fullmatch("(re|pyr)_[A-Za-z0-9]+", words):
        return (Q(pk__in=Refund.objects.filter(stripe_id=words).values("payment")),)
    if _ACCOUNT.fullmatch(words):
        return (Q(stripe_account=words),)
    if re.fullmatch("CA[0-9a-f]{32}", words):
        return (Q(call_sid=words),)
    with contextlib.suppress(ValueError):
        return (Q(pk=uuid.UUID(words)),)
    return ()


def _amount(words: str, shop: Merchant) -> int | None:
    """Minor units, in the line's currency; a sign of a currency and either decimal mark are understood."""
    text = re.sub(r"^[^\w.,]+|\s*(?:[^\w.,]+|[A-Za-z]{3})$", "", words).strip()
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", text):
        text = text.replace(".", "").replace(",", ".")
    text = text.replace(",", ".")
    line = shop.lines.first() if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None
    if line is None:
        return None
    try:
        amount = parse_amount(text, line.currency)
    except MoneyError:
        return None
    return amount if amount < 1 << 62 else None
