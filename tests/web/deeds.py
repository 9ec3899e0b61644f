"""What people may do in the panel, route by route: a deed that is done, and the event that it leaves.

A route that takes a POST needs a row here. A route that leaves no event says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.events import types
from phonepay.orders.models import Order
from phonepay.payments.models import Discrepancy, EarlyFraudWarning, Payment
from phonepay.people.invitations import invite
from phonepay.people.links import new_password_link
from phonepay.people.models import Invitation, Role, User
from phonepay.people.permissions import actor
from tests.browser.sheet.worlds import _passkey
from tests.shop import MARY, Till, fresh
from tests.web.cast import PASSWORD, call_of, person, signed_in

NEW_PASSWORD = "an even longer passphrase 7"
FILE = b"Order,Customer,Amount due\n1042,Ana Ruiz,42.50\n"
COLUMNS = {"step": "match", "number": "0", "customer_name": "1", "amount": "2", "currency": "usd", "mark": "."}


@dataclass
class World:
    """A shop, its owner signed in, and what a deed needs made as it asks for it."""

    till: Till
    owner: User
    client: Client

    def order(self, **facts: Any) -> Order:
        order = self.till.order()
        Order.objects.filter(pk=order.pk).update(**facts)
        order.refresh_from_db()
        return order

    def paid(self, **how: Any) -> Payment:
        return fresh(self.till.pay(self.till.order(), phone=MARY, **how))

    def call(self) -> Call:
        return call_of(self.till, self.paid())


class Deed(NamedTuple):
    """`leaves` is the name of an event, "" where there is none, because of `reason`."""

    leaves: str
    do: Callable[[World], Any]
    reason: str = ""


def nothing(reason: str) -> Deed:
    return Deed("", lambda world: None, reason)


def of_order(deed: str, leaves: str, data: dict[str, str] | None = None, **facts: Any) -> Deed:
    return Deed(leaves, lambda world: world.client.post(f"/orders/{world.order(**facts).pk}/{deed}", data or {}))


def settings_deed(page: str, /, leaves: str = types.LINE_CHANGED, **typed: Any) -> Deed:
    return Deed(leaves, lambda world: world.client.post(f"/settings/{page}", typed))


def edit(world: World) -> Any:
    order = world.order()
    page = world.client.get(f"/orders/{order.pk}/edit").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    typed = {"number": order.number, "amount": "43", "seen": seen[1] if seen else ""}
    return world.client.post(f"/orders/{order.pk}/edit", typed)


def attach(world: World) -> Any:
    meant, made = world.till.order("INV-0042"), world.till.pay(None, keys="1243").order
    assert made is not None
    return world.client.post(f"/orders/{made.pk}/attach", {"number": meant.number, "to": meant.number})


def number(world: World) -> Any:
    made = world.till.pay(None, keys="1243").order
    assert made is not None
    return world.client.post(f"/orders/{made.pk}/number", {"number": "1244"})


def right(world: World) -> Any:
    world.till.order("INV-0042")
    made = world.till.pay(None, keys="1243").order
    assert made is not None
    return world.client.post(f"/orders/{made.pk}/right")


def refunded_order(world: World) -> Order:
    payment = world.paid()
    world.till.refund(payment)
    order = fresh(payment).order
    assert order is not None
    return order


def upload(world: World) -> str:
    answer = world.client.post("/orders/load", {"file": SimpleUploadedFile("orders.csv", FILE)})
    return str(answer.headers["Location"])


def load(world: World) -> Any:
    address = upload(world)
    world.client.post(address, COLUMNS)
    return world.client.post(address, {"step": "confirm", "updates": "no"})


def load_errors(world: World) -> Any:
    data = FILE + b"1043,Bo Lindqvist,free\n"
    address = world.client.post("/orders/load", {"file": SimpleUploadedFile("orders.csv", data)}).headers["Location"]
    world.client.post(address, COLUMNS)
    return b"".join(world.client.get(f"{address}/errors.csv"))


def known(world: World) -> Any:
    payment = world.paid()
    EarlyFraudWarning.objects.create(
        merchant=world.till.shop, stripe_id="issfr_1", payment=payment, fraud_type="made_with_stolen_card",
        warned_at=timezone.now(), livemode=payment.livemode, actionable=True,
    )  # fmt: skip
    return world.client.post(f"/payments/{payment.pk}/known")


def unknown_again(world: World) -> Any:
    payment = world.till.agree(world.till.order())
    world.till.claim(payment)
    Payment.objects.filter(pk=payment.pk).update(
        status="unknown", due_at=timezone.now() + timedelta(minutes=9), lease_until=None, tries=1
    )
    return world.client.post(f"/settings/worker/payment/{payment.pk}/again")


def explain(world: World) -> Any:
    now = timezone.now()
    row = Discrepancy.objects.create(
        merchant=world.till.shop, livemode=False, kind="not_here", stripe_object="re_1", open_key="not_here:re_1",
        theirs=100, currency="usd", happened_at=now, since=now, seen_at=now,
    )  # fmt: skip
    return world.client.post(f"/settings/books/{row.pk}/explain", {"note": "Typed in by hand"})


def invited(world: World) -> Invitation:
    by = actor(world.owner)
    return invite(
        email="bo@example.com", name="Bo", role=Role.OPERATOR, by=by, now=timezone.now(), invited_by=world.owner
    )


def oscar(world: World) -> User:
    return person(Role.OPERATOR)


def sign_in(password: str) -> Callable[[World], Any]:
    return lambda world: Client().post("/sign-in", {"login": world.owner.email, "password": password})


def second_step(world: World) -> Any:
    totp.TOTP.activate(world.owner, totp.generate_totp_secret())
    client = Client()
    client.post("/sign-in", {"login": world.owner.email, "password": PASSWORD})
    return client.post("/sign-in/second-step", {"code": "000000"})


def new_password(world: World) -> Any:
    client = Client()
    form = client.get(new_password_link(world.owner, base=""), follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def activate(world: World) -> Any:
    world.client.get(path("mfa_activate_totp"))
    secret = world.client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    return world.client.post(path("mfa_activate_totp"), {"code": code})


def with_app(world: World) -> None:
    totp.TOTP.activate(world.owner, totp.generate_totp_secret())
    RecoveryCodes.activate(world.owner)


def at_step(route: str, **typed: str) -> Callable[[World], Any]:
    def do(world: World) -> Any:
        with_app(world)
        return world.client.post(path(route), typed)

    return do


def passkey_deed(route: str, **typed: str) -> Callable[[World], Any]:
    def do(world: World) -> Any:
        with_app(world)
        key: Authenticator = _passkey(world.owner, "Phone").instance
        return world.client.post(path(route, key.pk), typed)

    return do


def path(route: str, *args: object) -> str:
    return reverse(route, args=args)


def others(world: World) -> Any:
    signed_in(world.owner).get("/account/sessions")
    world.client.get("/account/sessions")
    return world.client.post("/account/sessions")
