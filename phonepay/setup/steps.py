"""The seven steps of the set-up: their order, the minutes that each asks of a reader, and how far somebody has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.people.membership import change_person
from phonepay.people.models import User
from phonepay.people.permissions import require
from phonepay.setup.codes import PLACEHOLDER, has_owner, wanted
from phonepay.setup.models import SetUp

OWNER, SHOP, REACH, DATABASE, STRIPE, TWILIO, BEHAVIOR = (
    "owner", "shop", "reach", "database", "stripe", "twilio", "behavior",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """`seconds` is what somebody needs who reads the page at 200 words a minute and has what it asks for at hand."""

    name: str
    word: str | Promise
    seconds: int
    can_wait: bool = False  # the rest can be done without it


STEPS = (
    Step(OWNER, _("Your account"), 40),
    Step(SHOP, _("Your shop"), 45),
    Step(REACH, _("How the phone network reaches this server"), 90),
    Step(DATABASE, _("Where the data are kept"), 35),
    Step(STRIPE, _("Stripe"), 75),
    Step(TWILIO, _("Twilio and the number"), 150),
    Step(BEHAVIOR, _("What callers are asked"), 60),
)
NAMES = tuple(step.name for step in STEPS)


@dataclass(frozen=True, slots=True)
class Standing:
    """A step as somebody stands to it: `facts` is what was found when it was done, {} before."""

    step: Step
    facts: dict[str, Any]

    @property
    def done(self) -> bool:
        return bool(self.facts)


def begin(*, now: datetime) -> bool:
    """Begin the set-up where there is none and nobody owns the installation yet. Returns whether it is open."""
    if wanted():
        SetUp.objects.get_or_create(pk=1, defaults={"begun_at": now})
    return is_open()


def is_open() -> bool:
    """Whether the set-up goes on: it was begun, and never finished."""
    return SetUp.objects.filter(pk=1, done_at=None).exists()


def standings() -> list[Standing]:
    """Every step in order."""
    row = SetUp.objects.filter(pk=1).first()
    return [Standing(step, row.facts(step.name) if row else {}) for step in STEPS]


def next_step() -> str:
    """The first step that is still to be done; "" where all are."""
    return next((each.step.name for each in standings() if not each.done), "")


def minutes_left() -> int:
    """Whole minutes, rounded up, of the steps that are still to be done."""
    return -(-sum(each.step.seconds for each in standings() if not each.done) // 60)


def step_done(step: str, facts: dict[str, Any], *, now: datetime, after_it_closed: bool = False) -> None:
    """Write down that a step was done and what was found there, JSON-safe and without a secret.

    `after_it_closed`: it belongs to what is done later too, as going live.
    """
    with transaction.atomic():
        row = SetUp.objects.select_for_update().filter(pk=1).first()
        if row is None or (row.done_at and not after_it_closed):
            return  # what was set up is not set up by these steps
        row.steps = row.steps | {step: facts | {"at": now.isoformat()}}
        row.save(update_fields=["steps"])


def facts_of(step: str) -> dict[str, Any]:
    row = SetUp.objects.filter(pk=1).first()
    return row.facts(step) if row else {}


def finish(*, by: Actor, now: datetime) -> bool:
    """Close the set-up for good. False where it was closed already, or nobody owns the installation yet.

    Who tried the sandbox and was never made the first owner, as somebody else came to own it, is taken out.
    """
    require(by, "change_settings")
    with transaction.atomic():
        rows = SetUp.objects.filter(pk=1, done_at=None)
        if not has_owner() or not rows.update(done_at=now, code_hash="", session_hash="", nonce=""):
            return False
        for tried in User.objects.filter(email=PLACEHOLDER, is_active=True):
            change_person(user=tried, by=by, now=now, active=False)
        record(types.SETUP_FINISHED, subject=("setup", 1), by=by, now=now)
    return True
