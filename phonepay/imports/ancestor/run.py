"""All of it, in order: the line, the people, the orders with their money. A dry run does the same and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import Event, record
from phonepay.imports.ancestor import settings, staff
from phonepay.imports.ancestor.charges import Charges
from phonepay.imports.ancestor.plan import Plan, Planner
from phonepay.imports.ancestor.report import Report
from phonepay.imports.ancestor.rows import OldOrder, OldTransaction
from phonepay.imports.ancestor.source import OldDatabase
from phonepay.imports.ancestor.writing import Writer
from phonepay.merchant.models import Line, Merchant
from phonepay.payments.gateway import Gateway
from phonepay.people.models import Invitation
from phonepay.people.permissions import require

TOGETHER = 100  # orders in one transaction
ONCE, AGAIN, NEVER = "once", "again", "never"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`name` tells several old databases apart. `gateway` None: charges are taken at the old rows' word.

    `number` is the line's (E.164, "" answers any); `words` those of `ivr_message.ini`, {} for none.
    """

    name: str
    currency: str
    livemode: bool
    gateway: Gateway | None
    number: str
    words: Mapping[str, str]
    locale: str
    settings: str
    keep: bool


@dataclass
class Run:
    """`tell` hears after each batch how many orders were looked at."""

    old: OldDatabase
    wanted: Wanted
    report: Report
    by: Actor
    now: datetime
    tell: Callable[[int], None] = lambda _: None
    _looked_at: int = 0
    _line: Line | None = None
    _keyed: set[str] = field(default_factory=set)

    def go(self) -> list[Invitation]:
        """Returns the open invitations, none after a dry run. What it wrote before an error stays: run it again.

        Raises SourceFailed, LineRefused, GatewayError, NotAllowed.
        """
        require(self.by, "change_settings")
        with transaction.atomic():
            self._line = self._settings()
            people = staff.carry(self.old.staff(), report=self.report, by=self.by, now=self.now)
            self._or_not()
        self._orders()
        if not self.wanted.keep:
            return []
        record(
            types.ANCESTOR_IMPORTED,
            subject=("import", self.wanted.name),
            by=self.by,
            now=self.now,
            settings=self.wanted.settings != NEVER,
            **{name.replace(" ", "_"): count for name, count in self.report.counts.items()},
        )
        return people

    def _or_not(self) -> None:
        if not self.wanted.keep:
            transaction.set_rollback(True)

    # --- the line -----------------------------------------------------------------------------------------------------

    def _settings(self) -> Line:
        line = Line.objects.select_related("merchant").filter(phone_number=self.wanted.number).first()
        how = self.wanted.settings
        if line is not None and (how == NEVER or (how == ONCE and self._carried_before())):
            self.report.left_out("settings_kept", "behavior", 1)
            return line
        return settings.carry(
            merchant=line.merchant if line else Merchant.objects.first(),
            line=line,
            number=self.wanted.number,
            old=self.old.behavior(),
            words=self.wanted.words,
            locale=self.wanted.locale,
            currency=self.wanted.currency,
            report=self.report,
            by=self.by,
            now=self.now,
        )

    def _carried_before(self) -> bool:
        runs = Event.objects.filter(type=types.ANCESTOR_IMPORTED, subject_kind="import", subject_id=self.wanted.name)
        return any(each.data.get("settings") for each in runs)

    # --- the orders ---------------------------------------------------------------------------------------------------

    def _orders(self) -> None:
        charges = Charges(self.wanted.currency, self.wanted.gateway, self.report, self.now)
        assert self._line is not None  # noqa: S101  # the settings come first
        planner = Planner(self._line.merchant, self.wanted.currency, self.old.numbers_kept(), self.report, self.now)
        for batch in self._batches():
            writer = self._writer()
            self._batch(batch, writer, planner, charges)
            self._looked_at += sum(1 for old, _ in batch if old.id)
            self.tell(self._looked_at)

    def _batches(self) -> Iterator[Sequence[tuple[OldOrder, Sequence[OldTransaction]]]]:
        """Orders with their transactions; then charges whose order was deleted, each with an order of its own."""
        for orders in self.old.orders():
            rows = self.old.transactions_of(orders)
            for start in range(0, len(orders), TOGETHER):
                yield [(each, rows.get(each.id, [])) for each in orders[start : start + TOGETHER]]
        for batch in self.old.orphans():
            for row in batch:
                if row.status != "completed":
                    self.report.left_out("no_order", "transactions", row.id)
            paid = [row for row in batch if row.status == "completed"]
            for start in range(0, len(paid), TOGETHER):
                yield [(_orphaned(row), [row]) for row in paid[start : start + TOGETHER]]

    def _batch(
        self,
        batch: Sequence[tuple[OldOrder, Sequence[OldTransaction]]],
        writer: Writer,
        planner: Planner,
        charges: Charges,
    ) -> None:
        """Read what Stripe has first: no transaction is open while it is waited for."""
        here = writer.charged_here([row for _, rows in batch for row in rows])
        plans: list[Plan] = []
        for old, rows in batch:
            at, _ = planner.time_of(old, rows)
            found = charges.of(old, [row for row in rows if row.id not in here], at)
            before = any(row.id in here for row in rows)
            if not old.id and not found:
                continue  # here already, or said why not
            plan = planner.plan(old, rows, found, paid_before=before)
            if plan is not None:
                plans.append(plan)
        if plans:
            self._write(writer, plans)

    def _writer(self) -> Writer:
        assert self._line is not None  # noqa: S101  # the settings come first
        wanted = self.wanted
        return Writer(
            self._line.merchant,
            self._line,
            wanted.name,
            wanted.livemode,
            wanted.keep,
            self.report,
            self.now,
            self._keyed,
        )

    def _write(self, writer: Writer, plans: Sequence[Plan]) -> None:
        if self._line is not None and not self.wanted.keep and not Line.objects.filter(pk=self._line.pk).exists():
            self._as_if(writer, plans)
        else:
            writer.write(plans)

    def _as_if(self, writer: Writer, plans: Sequence[Plan]) -> None:
        """A dry run where there is no line yet: it is made for the moment."""
        with transaction.atomic():
            merchant = Merchant.objects.first() or Merchant.objects.create(name=writer.merchant.name)
            line = Line.objects.create(
                merchant=merchant, phone_number="", behavior=Line.Behavior.CALLER, floor=1, ceiling=1
            )
            replace(writer, merchant=merchant, line=line).write(plans)
            transaction.set_rollback(True)


def _orphaned(row: OldTransaction) -> OldOrder:
    return OldOrder(0, row.timestamp, "", "", 0, 0, 0, "paid", orphan=row.id)
