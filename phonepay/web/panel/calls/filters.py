"""The filters of Calls, as they stand in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from phonepay.calls.models import Call
from phonepay.calls.stops import UNPAID
from phonepay.ivr.endings import Ending
from phonepay.lib import phone
from phonepay.merchant.models import Line, Merchant
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment
from phonepay.web.panel.calls_told import stop_word
from phonepay.web.panel.chips import PERIODS, Chip, Choice, Menu, Period, changed, menu, read_period
from phonepay.web.panel.paging import COUNTED_TO

HIDDEN = "hidden"
WHAT: dict[str, str | Promise] = {
    "paid": pgettext_lazy("a call", "Paid"),
    "declined": pgettext_lazy("a call", "Declined"),
    "checking": gettext_lazy("Being checked"),
    "hung_up": gettext_lazy("Hung up"),
    "gave_up": gettext_lazy("Gave up"),
    "person": gettext_lazy("To a person"),
    "already_paid": gettext_lazy("Already paid"),
    "not_found": gettext_lazy("Number not found"),
    "refused": gettext_lazy("Refused"),
    "failed": gettext_lazy("Failed on our side"),
}
_UNDER_WAY = Q(payment__status__in=Payment.UNDER_WAY)
# Those that are told by how their payment stands.
_BY_PAYMENT: dict[str, tuple[str, ...]] = {
    "paid": (Payment.Status.SUCCEEDED,),
    "declined": (Payment.Status.DECLINED,),
    "checking": Payment.UNDER_WAY,
}
_NO_CHARGE = UNPAID & ~_UNDER_WAY
_WHAT = {
    "paid": Q(payment__status=Payment.Status.SUCCEEDED),
    "declined": Q(payment__status=Payment.Status.DECLINED),
    "checking": _UNDER_WAY | Q(ended=Ending.ORDER_CHECKING),
    "hung_up": Q(ended="hung_up") & _NO_CHARGE,
    "gave_up": Q(ended__in=(Ending.STOPPED, Ending.SILENCE, Ending.TRIES, Ending.UNREAD)) & _NO_CHARGE,
    "person": Q(ended__in=(Ending.PERSON, Ending.PERSON_UNANSWERED)),
    "already_paid": Q(ended__in=(Ending.ALREADY_PAID, Ending.JUST_PAID, Ending.ORDER_BUSY)),
    "not_found": Q(ended=Ending.REFUSED_NUMBER),
    "refused": Q(ended__in=(Ending.LINE_PAUSED, Ending.CALLER_REFUSED)),
    "failed": Q(ended__in=(Ending.UNREACHABLE, Ending.FAILED)),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; "" and None ask for everything. `caller` as it was written in the address."""

    what: str
    stopped: str
    caller: str
    line: str
    period: Period | None
    shop: Merchant
    lines: dict[str, str]
    query: QueryDict

    @property
    def any(self) -> bool:
        return bool(self.what or self.stopped or self.caller or self.line or self.period)

    @property
    def chips(self) -> list[Chip]:
        found = []
        if self.period:
            found.append(Chip(self.period.word, changed(self.query, **{"period": None, "from": None, "to": None})))
        if self.what:
            found.append(Chip(str(WHAT[self.what]), changed(self.query, what=None)))
        if self.stopped:
            found.append(Chip(stop_word(self.stopped), changed(self.query, stopped=None)))
        if self.caller:
            found.append(Chip(self.caller_word, changed(self.query, caller=None)))
        if self.line:
            found.append(Chip(self.lines[self.line], changed(self.query, line=None)))
        return found

    @property
    def caller_word(self) -> str:
        number = phone.normalize(self.caller, self.shop.region)
        if self.caller == HIDDEN:
            return _("Hidden number")
        return phone.format_number(number, self.shop.region) if number else self.caller

    @property
    def words(self) -> str:
        """The chips as a sentence has them."""
        return ", ".join(chip.word for chip in self.chips).lower()

    @property
    def menus(self) -> list[Menu]:
        found = [menu(self.query, "period", _("When"), PERIODS), menu(self.query, "what", _("What happened"), WHAT)]
        return [*found, menu(self.query, "line", _("Line"), self.lines)] if len(self.lines) > 1 else found

    @property
    def periods(self) -> list[Choice]:
        """The periods, one of which is always on."""
        bare = {"from": None, "to": None}
        return [
            Choice(word, changed(self.query, period=name, **bare), self.query.get("period") == name)
            for name, word in PERIODS.items()
        ]

    @property
    def line_choices(self) -> list[Choice]:
        return list(menu(self.query, "line", "", self.lines).choices)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The other filters, for the form that asks for a caller."""
        return [(name, str(value)) for name, value in self.query.items() if name not in ("caller", "after")]

    def narrow(self, rows: QuerySet[Call]) -> QuerySet[Call]:
        rows = self.within(rows)
        if self.what:
            rows = rows.filter(_WHAT[self.what])
        if self.stopped:
            rows = rows.filter(UNPAID, stopped=self.stopped, ended_at__isnull=False)
        if self.line:
            rows = rows.filter(line_id=int(self.line))
        if self.caller:
            number = "" if self.caller == HIDDEN else phone.normalize(self.caller, self.shop.region)
            rows = rows.none() if number is None else rows.filter(phone=number)
        return rows

    def narrow_from_payments(self, rows: QuerySet[Call]) -> QuerySet[Call]:
        """The same calls, without an order: where payments say which, from these on, which may be few."""
        statuses = _BY_PAYMENT.get(self.what)
        if statuses is None:
            return self.narrow(rows)
        others = replace(self, what="")
        ours = {"payment__merchant": self.shop, "payment__livemode": key_is_live()}
        found = others.narrow(Call.objects.filter(payment__status__in=statuses, **ours))
        if self.what != "checking":
            return found
        told = others.narrow(rows.select_related(None).filter(ended=Ending.ORDER_CHECKING))
        # Two lists of keys: joined by OR, or as a UNION, SQLite goes through all calls for them.
        keys = [pk for each in (found, told) for pk in each.order_by().values_list("pk", flat=True)[:COUNTED_TO]]
        return Call.objects.filter(pk__in=keys)

    def within(self, rows: QuerySet[Call]) -> QuerySet[Call]:
        """Those of the period alone."""
        if self.period is None:
            return rows
        start, end = self.period.moments(self.shop.time_zone)
        rows = rows.filter(started_at__gte=start) if start else rows
        return rows.filter(started_at__lt=end) if end else rows


def calls_of(shop: Merchant) -> QuerySet[Call]:
    """The shop's calls of the present mode, without what they said: that is most of a row."""
    rows = Call.objects.filter(merchant=shop, livemode=key_is_live())
    return rows.select_related("payment__order").defer("script", "state", "turns")


def read_filters(query: QueryDict, shop: Merchant, now: datetime) -> Filters:
    """Of an address; what cannot be read filters nothing."""
    what, line = query.get("what", ""), query.get("line", "")
    lines = {str(each.pk): _named(each, shop) for each in shop.lines.order_by("pk")}
    stopped = query.get("stopped", "")
    return Filters(
        what=what if what in WHAT else "",
        stopped=stopped if stopped.replace("_", "").isalpha() and len(stopped) <= 24 else "",  # noqa: PLR2004 - the column
        caller=query.get("caller", "").strip()[:40],
        line=line if line in lines else "",
        period=read_period(query, now, shop.time_zone),
        shop=shop,
        lines=lines,
        query=query,
    )


def _named(line: Line, shop: Merchant) -> str:
    return phone.format_number(line.phone_number, shop.region) if line.phone_number else _("Any other number")
