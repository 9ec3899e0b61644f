"""The three shops of the contact sheet: a month of work, the first day, and the worst that data may be.

Each is made by the rooms' own verbs, with Stripe's stand-in behind; afterwards it is only read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import models
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from phonepay.events import sealing, watching
from phonepay.events.models import Event
from phonepay.people.invitations import invite
from phonepay.people.links import invitation_link, new_password_link
from phonepay.people.models import Role, User
from phonepay.people.permissions import actor
from tests.web.cast import PASSWORD, person, signed_in

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewiss"
A_DAY = 24 * 60 * 60


@dataclass
class World:
    """A shop, the rows that its pages are about, and who is signed in where (the keys of their sessions)."""

    name: str
    rows: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=lambda: {"nobody": ""})
    language: str = "en"


def people_of(world: World, *, name: str = "", language: str = "") -> User:
    """An owner, one with a second step set up, one half way through signing in, an auditor, somebody invited."""
    facts: dict[str, Any] = {"language": language} | ({"name": name} if name else {})
    owner = person(Role.OWNER, **facts)
    guarded = person(Role.OWNER, "guarded@example.com", **facts)
    totp.TOTP.activate(guarded, totp.generate_totp_secret())
    RecoveryCodes.activate(guarded)
    world.rows["passkey"] = _passkey(guarded, name or "Olivia's phone").instance.pk
    world.sessions |= {
        "owner": _session(owner),
        "guarded": _session(guarded),
        "auditor": _session(person(Role.AUDITOR, **facts)),
        "halfway": _halfway(guarded),
    }
    bo = invite(
        email=f"{name.lower() or 'bo'}@example.com",
        name=name,
        role=Role.OPERATOR,
        by=actor(owner),
        now=timezone.now(),
        invited_by=owner,
    )
    world.rows["invitation"] = invitation_link(bo, base="")
    # Its key is worth nothing once the person signs in: one who does not.
    forgetful = person(Role.OPERATOR, "forgetful@example.com", **facts)
    world.rows["reset"] = new_password_link(forgetful, base="")
    world.language = language or "en"
    return owner


def _session(user: User) -> str:
    """Signed in by password, so lately that nothing asks for it again, however long the pictures take."""
    client = signed_in(user, ago=-A_DAY)
    session = client.session
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
    UserSession.objects.create(user=user, session_key=session.session_key, ip="203.0.113.7", user_agent=agent)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _halfway(user: User) -> str:
    client = Client()
    client.post("/sign-in", {"login": user.email, "password": PASSWORD})
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _passkey(user: User, name: str) -> WebAuthn:
    """One as a phone makes it, but for its signature, which is only asked for when it is used."""
    key = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    made = AttestedCredentialData.create(Aaguid.NONE, b"a passkey's own name", key)
    data = AuthenticatorData.create(b"r" * 32, AuthenticatorData.FLAG(0x45), 1, made)
    shown = {
        "id": websafe_encode(made.credential_id),
        "rawId": websafe_encode(made.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(
                b'{"type":"webauthn.create","challenge":"","origin":"https://pay.example"}'
            ),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
    return WebAuthn.add(user, name, shown)


def seal_activity(*, torn: bool = False) -> None:
    """What the worker does all day; `torn`: somebody was at the database meanwhile."""
    now = timezone.now()
    while sealing.run_due(now):
        now += timedelta(minutes=1)
    if torn:
        rows = Event.objects.order_by("pk").values_list("pk", flat=True)[:12]
        models.QuerySet(Event).filter(pk__in=list(rows)).update(actor_name=LONG)
    while watching.run_due(now) is None:
        pass
