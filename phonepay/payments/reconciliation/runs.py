"""The runs: asked for or due, taken by lease, done a page at a time, so that a killed one goes on where it was.

Any number of workers may do this at once: one run per shop and mode, one worker at a time on it. No transaction is
open while Stripe is waited for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Least

from phonepay.events import types
from phonepay.events.actors import SYSTEM, Actor
from phonepay.events.models import record
from phonepay.lib.stopping import STOPPING
from phonepay.merchant.models import Merchant
from phonepay.payments import hold
from phonepay.payments.book_models import Discrepancy, ReconciliationRun
from phonepay.payments.gateway import GatewayError, get_gateway, get_gateway_for, key_is_live
from phonepay.payments.models import Payment
from phonepay.payments.pacing import pause_after
from phonepay.payments.reconciliation.discrepancies import let_go, open_ones
from phonepay.payments.reconciliation.movements import Comparison
from phonepay.payments.reconciliation.stages import STAGES, stages_of
from phonepay.people.permissions import require

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
NIGHT = time(3, 30)  # on the shop's clock: the first run from then on is a thorough one
OVERLAP = timedelta(hours=2)  # a charge may reach the balance a while after it was made
THOROUGH_OVERLAP = timedelta(days=2)
LEASE = timedelta(minutes=2)  # a page, with what is asked one by one
MOST_TRIES = 1000
QUIET_ONES_KEPT = timedelta(days=14)


def run_due(now: datetime) -> int:
    """A page of each run whose time has come; returns how many pages were done. Without a key nothing is due."""
    _make_next(now)
    free = ReconciliationRun.objects.filter(due_at__lte=now, livemode=key_is_live()).select_related("merchant")
    done = 0
    for run in free.order_by("due_at"):
        if STOPPING.is_set():
            break
        if run.lease_until is None or run.lease_until <= now:
            done += step(run, now)
    return done


def _make_next(now: datetime) -> None:
    """Each shop has the row of its next run; in the mode of the key, once it has taken a payment or set up a line."""
    live = key_is_live()
    open_runs = ReconciliationRun.objects.filter(merchant=OuterRef("pk"), livemode=live, running__isnull=False)
    for merchant in Merchant.objects.filter(~Exists(open_runs)):
        last = last_finished(merchant, livemode=live)
        due = now if last is None else max(now, (last.finished_at or now) + EVERY)
        held = hold.current()
        if held is not None and (last is None or last.until is None or last.until < held.put_at):
            due = now
        _make(merchant, live, due_at=due, now=now)


def _make(merchant: Merchant, live: bool, *, due_at: datetime, now: datetime) -> None:
    row = ReconciliationRun(
        merchant=merchant, livemode=live, running=_running(merchant, live), asked_at=now, due_at=due_at
    )
    ReconciliationRun.objects.bulk_create([row], ignore_conflicts=True)


def _running(merchant: Merchant, live: bool) -> str:
    return f"{merchant.pk}:{'live' if live else 'test'}"


def last_finished(merchant: Merchant, *, livemode: bool) -> ReconciliationRun | None:
    rows = ReconciliationRun.objects.filter(merchant=merchant, livemode=livemode, finished_at__isnull=False)
    return rows.order_by("-finished_at").first()


def current(merchant: Merchant, *, livemode: bool) -> ReconciliationRun | None:
    """The run that is under way or waits for its time."""
    rows = ReconciliationRun.objects.select_related("merchant").filter(running=_running(merchant, livemode))
    return rows.first()


def ask(*, merchant: Merchant, by: Actor, now: datetime, since: datetime | None = None) -> ReconciliationRun:
    """Have the books checked now, thoroughly, from `since` on where that is earlier than needed.

    Once: while a run is under way it is that one which is returned. Raises NotConfigured without a key.
    """
    require(by, "check_books")
    live = get_gateway().livemode
    _make(merchant, live, due_at=now, now=now)
    waiting = ReconciliationRun.objects.filter(running=_running(merchant, live), began_at=None)
    with transaction.atomic():
        if waiting.update(due_at=now, asked_at=now, asked_by=str(by)[:200], thorough=True, since=since, error=""):
            record(types.BOOKS_ASKED, subject=("merchant", merchant.pk), by=by, now=now)
    ReconciliationRun.objects.filter(running=_running(merchant, live), error__gt="").update(due_at=now)
    return ReconciliationRun.objects.select_related("merchant").get(running=_running(merchant, live))


def step(run: ReconciliationRun, now: datetime) -> int:
    """Do the next page of a run; 1, or 0 where another worker has it. What Stripe refuses is kept, and tried again."""
    mine = ReconciliationRun.objects.filter(pk=run.pk, lease_until=run.lease_until, finished_at=None)
    taken = {"lease_until": now + LEASE, "tries": Least(F("tries") + 1, MOST_TRIES)}
    if mine.filter(stage=run.stage, cursor=run.cursor, due_at__lte=now).update(**taken) != 1:
        return 0
    run.lease_until, run.tries = now + LEASE, run.tries + 1
    try:
        _work(run, now)
    except Exception as error:
        if not isinstance(error, GatewayError):
            logger.exception("reconciliation %s will go on later", run.pk)
        why = f"{type(error).__name__}: {error}"[:2000]
        _keep(run, error=why, due_at=now + pause_after(error, run.tries), lease_until=None)
    return 1


def _work(run: ReconciliationRun, now: datetime) -> None:
    gateway = get_gateway_for(livemode=run.livemode, account=run.stripe_account or "")
    if run.began_at is None:
        _begin(run, gateway.account(), now)
    comparison = Comparison(run, gateway, now)
    stages = stages_of(run)
    done = STAGES[run.stage](comparison, run.cursor)
    place = {"cursor": done.after}
    if not done.after:
        left = stages[stages.index(run.stage) + 1 :]
        if not left:
            _finish(run, comparison.healed, now)
            return
        place["stage"] = left[0]
    run.looked_at += done.looked_at
    run.healed += comparison.healed
    counts = {"looked_at": run.looked_at, "healed": run.healed}
    _keep(run, **place, **counts, due_at=now, lease_until=None, tries=0, error="")


def _begin(run: ReconciliationRun, account: str, now: datetime) -> None:
    """Its time: from before the end of the last one, so that nothing lies between them, until now."""
    last = last_finished(run.merchant, livemode=run.livemode)
    thorough = run.thorough or last is None or _night_lies_between(last, now, run.merchant.time_zone)
    starts = [run.since] if run.since else []
    if last is not None and last.until is not None:
        starts.append(last.until - (THOROUGH_OVERLAP if thorough else OVERLAP))
    else:
        starts.append(_first_payment(run.merchant, run.livemode, now) - OVERLAP)
    held = hold.current()
    if held is not None:
        thorough = True
        starts.append(held.missing_since - OVERLAP)
    _keep(
        run,
        since=min(starts),
        until=now,
        began_at=now,
        thorough=thorough,
        stripe_account=account,
        stage="movements",
        cursor="",
    )


def _first_payment(merchant: Merchant, live: bool, now: datetime) -> datetime:
    # Without a PaymentIntent nothing was asked of Stripe, or elsewhere: what was brought over may be years old.
    rows = Payment.objects.filter(merchant=merchant, livemode=live, intent_id__isnull=False)
    first = rows.order_by("agreed_at").values_list("agreed_at", flat=True).first()
    return min(first or now, merchant.created_at)


def _night_lies_between(last: ReconciliationRun, now: datetime, zone: str) -> bool:
    clock = ZoneInfo(zone)
    local = now.astimezone(clock)
    night = datetime.combine(local.date(), NIGHT, clock)
    night = night if night <= local else night - timedelta(days=1)
    return last.began_at is not None and last.began_at < night


def _finish(run: ReconciliationRun, healed: int, now: datetime) -> None:
    let_go(run, now)
    differing = open_ones(run.merchant_id, livemode=run.livemode).count()
    _keep(
        run,
        finished_at=now,
        running=None,
        due_at=None,
        lease_until=None,
        tries=0,
        error="",
        healed=run.healed + healed,
        differing=differing,
        stage="",
        cursor="",
    )
    missing = open_ones(run.merchant_id, livemode=run.livemode).filter(kind=Discrepancy.Kind.NOT_HERE)
    if run.until is not None and not missing.exists() and hold.is_held():
        hold.lift(reconciled_until=run.until, by=SYSTEM, now=now)
    _forget_quiet_ones(run, now)


def _forget_quiet_ones(run: ReconciliationRun, now: datetime) -> None:
    """Hourly runs that found nothing tell nobody anything after two weeks."""
    old = ReconciliationRun.objects.filter(merchant=run.merchant, finished_at__lt=now - QUIET_ONES_KEPT)
    old.filter(thorough=False, healed=0, differing=0).delete()


def _keep(run: ReconciliationRun, **facts: object) -> None:
    ReconciliationRun.objects.filter(pk=run.pk).update(**facts)
    for name, value in facts.items():
        setattr(run, name, value)


def finish_now(
    run: ReconciliationRun, *, clock: Callable[[], datetime], tell: Callable[[ReconciliationRun], None]
) -> None:
    """Do a run in one go, beside the workers: `tell` hears of it after each page. Stops where Stripe refuses.

    While another worker has the next page, `tell` is called without one having been done.
    """
    while run.finished_at is None:
        run = ReconciliationRun.objects.select_related("merchant").get(pk=run.pk)
        now = clock()
        busy = run.lease_until is not None and run.lease_until > now
        if run.finished_at is None and not busy:
            step(run, now)
        tell(run)
        if run.error:
            return
