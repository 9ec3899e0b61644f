"""Alerts become letters: to owners, and to operators who want them. When is alerts.operations' to say."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from phonepay.alerts.kinds import KINDS
from phonepay.alerts.models import Alert
from phonepay.alerts.operations import told
from phonepay.merchant.mail_account import current
from phonepay.notifications.models import Delivery
from phonepay.notifications.outbox import queue
from phonepay.notifications.staff_letters import language_of
from phonepay.people.models import Role, User

BATCH = 20


def readers() -> QuerySet[User]:
    """Who gets alerts by e-mail: owners who did not say no, operators who said yes."""
    wanted = Q(role=Role.OWNER) & ~Q(wants_alerts=False) | Q(role=Role.OPERATOR, wants_alerts=True)
    return User.objects.filter(wanted, is_active=True).order_by("pk")


def run_due(now: datetime) -> int:
    """Owe the letters of alerts whose time has come; while e-mail is off they wait, and the panel has them."""
    done = 0
    mailed = [kind.name for kind in KINDS.values() if kind.mailed]
    for row in Alert.objects.filter(tell_at__lte=now, kind__in=mailed).order_by("tell_at")[:BATCH]:
        if current() is None:
            return 0
        done += _owe(row, now)
    return done


def _owe(row: Alert, now: datetime) -> bool:
    kind = Delivery.Kind.ALERT if row.closed_at is None else Delivery.Kind.ALERT_OVER
    with transaction.atomic():
        if not told(row=row, now=now):
            return False  # another worker tells it
        for user in readers():
            queue(
                kind=kind,
                subject=row.pk,
                once=f"{kind}:{row.pk}:{row.told_count}:{user.pk}",
                to=user.email,
                language=language_of(user),
                user=user,
                now=now,
            )
    return True
