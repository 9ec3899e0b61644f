"""The shop's people, and a day of its payments, for the tests of pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from time import time
from typing import Any
from uuid import uuid4

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.events.actors import caller
from phonepay.orders.models import Order
from phonepay.payments import stripe_side
from phonepay.payments.agreement import end_unpaid
from phonepay.payments.models import Payment
from phonepay.people.models import Role, User
from phonepay.web.accounts.session_store import SessionStore
from tests.shop import DECLINED, LUIS, MARY, NO_FUNDS, Till, consent, fresh

PASSWORD = "a long enough password"


def person(role: str = Role.OWNER, email: str = "", **facts: Any) -> User:
    """One of the shop's people: Olivia owns, Oscar operates, Aisha audits."""
    names = {Role.OWNER: "Olivia Owner", Role.OPERATOR: "Oscar Operator", Role.AUDITOR: "Aisha Auditor"}
    facts = {"name": names[Role(role)]} | facts
    return User.objects.create(email=email or f"{role}@example.com", password=_hashed(), role=role, **facts)


@cache
def _hashed() -> str:
    """Argon2 takes its time on purpose; once is enough for all of them."""
    return make_password(PASSWORD)


def signed_in(user: User, *, strict: bool = False, ago: float = 0) -> Client:
    """A browser of somebody's who signed in `ago` seconds ago; `strict` checks the tokens of forms."""
    client = Client(enforce_csrf_checks=strict)
    request, session = HttpRequest(), SessionStore()
    request.session = session
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time() - ago, "email": user.email}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.secret
    return client


@dataclass
class Day:
    """What happened: each by its own road, through the verbs and Stripe's stand-in."""

    paid: Payment
    refunded: Payment
    partly: Payment
    with_extra: Payment
    declined: Payment
    hidden: Payment
    order: Order


def a_day(till: Till) -> Day:
    """Seven callers."""
    names = ["Ana Ruiz", "Bo Lindqvist", "Chidi Okafor", "Dolores de la Cruz", "Emeka Umeh"]
    orders = [till.order(str(1042 + place), 4250 + 1375 * place) for place in range(len(names))]
    for order, name in zip(orders, names, strict=True):
        Order.objects.filter(pk=order.pk).update(customer_name=name)
    paid = till.pay(orders[0], phone=MARY)
    refunded = till.pay(orders[1], phone=LUIS)
    till.refund(refunded)
    partly = till.pay(orders[2], phone=MARY)
    till.refund(partly, 1250)
    with_extra = till.pay(orders[3], phone=MARY, consent=consent(5000))
    till.overage(fresh(with_extra).order, 1800)
    declined = till.agree(orders[4], phone=LUIS)
    stripe_side.prepare(declined)
    till.charge(declined, DECLINED)
    end_unpaid(payment=fresh(declined), by=caller(LUIS), now=fresh(declined).agreed_at)
    hidden = till.pay(None, phone="", number=NO_FUNDS)
    for payment in (paid, refunded, partly, with_extra, declined, hidden):
        call_of(till, payment)
    call_of(till, None, step="card")
    return Day(fresh(paid), fresh(refunded), fresh(partly), fresh(with_extra), fresh(declined), hidden, orders[0])


def call_of(till: Till, payment: Payment | None, *, step: str = "outcome", ended: str = "") -> Call:
    """The call that a payment was made on, as its row is when the line is dead; without one somebody hung up."""
    at = payment.agreed_at if payment else timezone.now()
    outcome = {Payment.Status.SUCCEEDED: "paid", Payment.Status.DECLINED: "declined"}
    return Call.objects.create(
        sid=payment.call_sid if payment else f"CA{uuid4().hex}",
        merchant=till.shop,
        line=till.line,
        payment=payment,
        phone=payment.phone if payment else MARY,
        script={"connector": "Default"},
        state={},
        step=step,
        ended=ended or (outcome.get(fresh(payment).status, "stopped") if payment else "hung_up"),
        started_at=at,
        last_at=at,
        ended_at=at + timedelta(seconds=102),
        seconds=102,
    )
