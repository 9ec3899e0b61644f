"""The filters of Payments, as they stand in the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phonepay.merchant.models import Merchant
from phonepay.payments.dispute_models import Dispute
from phonepay.payments.models import CardAttempt, LedgerEntry, Payment, Refund
from phonepay.web.panel.chips import PERIODS, Chip, Menu, Period, changed, menu, read_period
from phonepay.web.panel.payments.movements import MONEY

Rows = TypeVar("Rows", bound=Model)

KINDS: dict[str, str | Promise] = {
    "payment": _("Payments"),
    "extra": _("Extra charges"),
    "refund": _("Refunds"),
    "dispute": _("Disputes"),
}
STATUSES: dict[str, str | Promise] = {
    "paid": _("Paid"),
    "refunded": _("Refunded"),
    "checking": _("Being checked"),
    "declined": _("Declined"),
    "unpaid": _("Not paid"),
    "disputed": _("Disputed"),
}
_NONE = Q(pk__in=[])
_PAYMENT = {
    "paid": Q(status=Payment.Status.SUCCEEDED),
    "refunded": Q(status=Payment.Status.SUCCEEDED, refunded__gt=0),
    "checking": Q(status__in=Payment.UNDER_WAY),
    "declined": _NONE,  # each of its cards has a row of its own
    "unpaid": Q(status__in=(Payment.Status.ABANDONED, Payment.Status.FAILED, Payment.Status.AGREED)),
    "disputed": _NONE,
}
_REFUND = {
    "paid": _NONE,
    "refunded": Q(status=Refund.Status.SUCCEEDED),
    "checking": Q(status__in=(*Refund.IN_FLIGHT, Refund.Status.PENDING, Refund.Status.WAITING)),
    "declined": Q(status=Refund.Status.FAILED),
    "unpaid": _NONE,
    "disputed": _NONE,
}
_ATTEMPT = {
    "paid": _NONE,
    "refunded": _NONE,
    "checking": _NONE,
    "declined": Q(result=CardAttempt.Result.DECLINED),
    "unpaid": ~Q(result=CardAttempt.Result.DECLINED),
    "disputed": _NONE,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; "" and None ask for everything. `money`, of movements.MONEY, asks for the ledger's rows."""

    kind: str
    status: str
    period: Period | None
    zone: str
    query: QueryDict
    money: str = ""
    currency: str = ""

    def wants(self, *kinds: str) -> bool:
        return not self.kind or self.kind in kinds

    @property
    def any(self) -> bool:
        return bool(self.kind or self.status or self.period or self.money)

    @property
    def chips(self) -> list[Chip]:
        found = []
        if self.money:
            word = str(MONEY[self.money]) + (f", {self.currency.upper()}" if self.currency else "")
            found.append(Chip(word, changed(self.query, money=None, currency=None)))
        if self.kind:
            found.append(Chip(str(KINDS[self.kind]), changed(self.query, kind=None)))
        if self.status:
            found.append(Chip(str(STATUSES[self.status]), changed(self.query, status=None)))
        if self.period:
            found.append(Chip(self.period.word, changed(self.query, **{"period": None, "from": None, "to": None})))
        return found

    @property
    def words(self) -> str:
        """The chips as a sentence has them."""
        return ", ".join(chip.word for chip in self.chips).lower()

    @property
    def menus(self) -> list[Menu]:
        when = menu(self.query, "period", _("When"), PERIODS)
        if self.money:
            return [when]
        return [
            when,
            menu(self.query, "status", _("Status"), STATUSES),
            menu(self.query, "kind", _("Kind"), KINDS),
        ]

    def narrow_payments(self, rows: QuerySet[Payment]) -> QuerySet[Payment]:
        rows = self._within(self.of_kind(rows), "agreed_at")
        return rows.filter(_PAYMENT[self.status]) if self.status else rows

    def narrow_attempts(self, rows: QuerySet[CardAttempt]) -> QuerySet[CardAttempt]:
        rows = self._within(rows, "ended_at")
        return rows.filter(_ATTEMPT[self.status]) if self.status else rows

    def narrow_disputes(self, rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
        rows = self._within(rows, "opened_at")
        if self.status == "disputed":
            return rows.exclude(status__in=Dispute.CLOSED)
        return rows.none() if self.status else rows

    def narrow_movements(self, rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        return self._within(rows, "at")

    def narrow_refunds(self, rows: QuerySet[Refund]) -> QuerySet[Refund]:
        rows = self._within(rows, "asked_at")
        return rows.filter(_REFUND[self.status]) if self.status else rows

    def of_kind(self, rows: QuerySet[Payment]) -> QuerySet[Payment]:
        kinds = {"payment": Payment.Kind.INITIAL, "extra": Payment.Kind.OVERAGE}
        return rows.filter(kind=kinds[self.kind]) if self.kind in kinds else rows

    def _within(self, rows: QuerySet[Rows], column: str) -> QuerySet[Rows]:
        if self.period is None:
            return rows
        start, end = self.period.moments(self.zone)
        if start:
            rows = rows.filter(**{f"{column}__gte": start})
        return rows.filter(**{f"{column}__lt": end}) if end else rows


def read_filters(query: QueryDict, shop: Merchant, now: datetime) -> Filters:
    """Of an address; what cannot be read filters nothing."""
    kind, status = query.get("kind", ""), query.get("status", "")
    money, currency = query.get("money", ""), query.get("currency", "")
    if money in MONEY:
        kind = status = ""
    else:
        money = currency = ""
    return Filters(
        kind=kind if kind in KINDS else "",
        status=status if status in STATUSES else "",
        period=read_period(query, now, shop.time_zone),
        zone=shop.time_zone,
        query=query,
        money=money,
        currency=currency if re.fullmatch("[a-z]{3}", currency) else "",
    )
