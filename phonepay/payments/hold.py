"""The hold: while it is on, nothing that moves money is sent to Stripe.

After a restore the database does not know what Stripe did since the backup: a refund or an extra charge would be sent
again, an order charged twice. So a restore puts a hold, in the database, before anything else can be read from it; and
the reconciliation lifts it once it has compared all that Stripe did up to the restore (`lift`). Meanwhile what Stripe
proves is booked, and what was never charged is cancelled: that is how the books come to agree.

It is enforced where the money moves, in the gateway's `confirm_intent` and `create_refund`; the verbs ask earlier, to
say it in a sentence.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.payments.gateway import Held
from phonepay.people.permissions import require

SENTENCE = _(
    "Nothing is charged or refunded at the moment: the database was restored from a backup, and what Stripe did since "
    "then is being compared first. Nothing was sent. Try again when Home says that the books agree."
)


class Hold(models.Model):
    """One hold, past or present. At most one is active, by the unique column.

    `missing_since`: what Stripe did from then on may be missing here (the backup's time). `put_at`: nothing was sent
    from then on, so a comparison that has reached it has seen everything.
    """

    class Why(models.TextChoices):
        RESTORE = "restore", _("a backup was restored")
        BY_HAND = "by_hand", _("somebody put it")
        BOOKS = "books", _("Stripe knows payments that are missing here")

    active = models.BooleanField(null=True, default=True, unique=True)  # null once it was lifted
    why = models.CharField(max_length=8, choices=Why)
    missing_since = models.DateTimeField()
    put_at = models.DateTimeField()
    put_by = models.CharField(max_length=200, blank=True)
    reconciled_until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"hold since {self.put_at}"


# For the condition of another statement: no hold is on.
NONE = ~models.Exists(Hold.objects.filter(active=True))


def is_held() -> bool:
    """Whether nothing that moves money may be sent. One statement."""
    return Hold.objects.filter(active=True).exists()


def current() -> Hold | None:
    """The hold that is on. Reconciliation begins at its `missing_since` and must reach its `put_at`."""
    return Hold.objects.filter(active=True).first()


def last_restore() -> datetime | None:
    """When a backup was put back last; None where none was. What was done before may be done already, and not known."""
    rows = Hold.objects.filter(why=Hold.Why.RESTORE).order_by("-put_at")
    return rows.values_list("put_at", flat=True).first()


def refuse_while_held() -> None:
    """Raises Held while the hold is on."""
    if is_held():
        raise Held(str(SENTENCE))


def put(*, why: str, missing_since: datetime, by: Actor, now: datetime) -> Hold:
    """Put the hold; where one is on, it is widened to the earlier `missing_since` and to `now`."""
    require(by, "change_settings")
    with transaction.atomic(durable=True):
        hold, made = Hold.objects.select_for_update().get_or_create(
            active=True, defaults={"why": why, "missing_since": missing_since, "put_at": now, "put_by": str(by)[:200]}
        )
        if not made:
            hold.missing_since = min(hold.missing_since, missing_since)
            hold.put_at = max(hold.put_at, now)
            hold.save(update_fields=["missing_since", "put_at"])
        record(types.HOLD_PUT, subject=("hold", hold.pk), by=by, now=now, why=why, since=missing_since.isoformat())
    return hold


def lift(*, reconciled_until: datetime, by: Actor, now: datetime) -> bool:
    """Lift the hold where all that Stripe did up to `reconciled_until` was compared from `missing_since` on, healed,
    and nothing of it is missing here; False where that does not reach the moment at which the hold was put.

    True where no hold is on, too: whoever reconciles may always call it.
    """
    hold = current()
    if hold is None:
        return True
    if reconciled_until < hold.put_at:
        return False
    return _end(hold, by=by, now=now, reconciled_until=reconciled_until)


def lift_by_hand(*, by: Actor, now: datetime) -> bool:
    """An owner takes it off without a comparison, and answers for it; False where none is on."""
    require(by, "change_settings")
    hold = current()
    return hold is not None and _end(hold, by=by, now=now, reconciled_until=None)


def _end(hold: Hold, *, by: Actor, now: datetime, reconciled_until: datetime | None) -> bool:
    changes: dict[str, Any] = {"active": None, "lifted_at": now, "lifted_by": str(by)[:200]}
    with transaction.atomic(durable=True):
        # Not one that was widened meanwhile: by a second restore, say.
        same = Hold.objects.filter(pk=hold.pk, active=True, put_at=hold.put_at, missing_since=hold.missing_since)
        if same.update(reconciled_until=reconciled_until, **changes) != 1:
            return False
        until = reconciled_until.isoformat() if reconciled_until else ""
        record(types.HOLD_LIFTED, subject=("hold", hold.pk), by=by, now=now, reconciled_until=until)
    return True
