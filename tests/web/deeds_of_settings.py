"""Deeds about keys, protection, alerts and what was told, each with the event that it leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert
from phonepay.calls.models import Call
from phonepay.merchant.credentials import keep
from phonepay.payments.models import Payment, Refund
from phonepay.people.permissions import actor
from phonepay.protection.models import Measure
from tests.web.deeds import World

THIS_MACHINE = {"host": "127.0.0.1"}  # no key is taken over plain http from elsewhere


def told_the_end(world: World) -> Any:
    call = world.call()
    Call.objects.filter(pk=call.pk).update(told="checking")
    return world.client.post(f"/calls/{call.pk}/told")


def paid_back(world: World) -> Any:
    payment = world.paid()
    [refund] = world.till.refund(payment, 2000)
    Refund.objects.filter(pk=refund.pk).update(status="failed", failure="lost_or_stolen_card")
    Payment.objects.filter(pk=payment.pk).update(refunded=0)
    typed = {"how": "By bank transfer", "note": "By bank transfer"}
    return world.client.post(f"/payments/{payment.pk}/paid-back/{refund.pk}", typed)


def lift(world: World) -> Any:
    now = timezone.now()
    row = Measure.objects.create(
        merchant=world.till.shop, line=world.till.line, kind="line", key=str(world.till.line.pk), step=1,
        why="declines", since=now, until=now + timedelta(hours=1),
    )  # fmt: skip
    return world.client.post(f"/settings/protection/{row.pk}/lift")


def alert_seen(world: World) -> Any:
    alert(kind="books", now=timezone.now())
    return world.client.post(f"/settings/alerts/{Alert.objects.get().pk}/seen")


def older_removed(world: World) -> Any:
    by, now = actor(world.owner), timezone.now()
    for secret in ("whsec_thefirstone0001", "whsec_thesecondone02"):
        keep({"stripe_webhook_secret": secret}, by=by, now=now)
    return world.client.post("/settings/connections/keys/webhook/older", headers=THIS_MACHINE)


def key_kept(world: World) -> Any:
    typed = {"secret": "whsec_anotherone000001"}
    return world.client.post("/settings/connections/keys/webhook", typed, headers=THIS_MACHINE)
