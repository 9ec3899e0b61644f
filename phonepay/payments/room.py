"""The room under the cap of a consent: how much extra charges have used of it, on the payment that agreed to them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from phonepay.payments.models import Payment


def take(parent: Payment, amount: int) -> bool:
    """Use `amount` minor units; False where so much is not left, or the payment was attached to another order.

    Call inside the transaction of the extra charge.
    """
    here = Payment.objects.filter(pk=parent.pk, order_id=parent.order_id or 0)
    enough = here.filter(consent_cap__gte=F("overage_used") + amount)
    return enough.update(overage_used=F("overage_used") + amount) == 1


def give_back(extra: Payment) -> None:
    """The extra charge was not made."""
    Payment.objects.filter(pk=_parent(extra)).update(overage_used=F("overage_used") - extra.amount)


def take_again(extra: Payment) -> None:
    """An extra charge that was booked as not made went through after all.

    Beyond the cap the constraint would refuse to record money that moved, so the room then stays as it is.
    """
    booked_as_not_made = Payment.objects.filter(pk=extra.pk, status__in=Payment.NOT_CHARGED)
    if booked_as_not_made.update(status=Payment.Status.UNKNOWN):
        enough = Payment.objects.filter(pk=_parent(extra), consent_cap__gte=F("overage_used") + extra.amount)
        enough.update(overage_used=F("overage_used") + extra.amount)


def _parent(extra: Payment) -> UUID:
    assert extra.parent_id is not None  # noqa: S101  # an extra charge has the payment that agreed to it
    return extra.parent_id
