"""E-mail, which can wait: the mail server and the sender, kept once a letter to the owner has gone out."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from phonepay.events.actors import Actor
from phonepay.merchant import credentials
from phonepay.notifications.postbox import TestRefused, send_test
from phonepay.people.permissions import require
from phonepay.setup.findings import Finding, in_order
from phonepay.setup.refusals import StepRefused
from phonepay.setup.steps import note

EMAIL = "email"  # beside the seven steps: it can wait


def connect_email(
    *, email_url: str, email_from: str, to: str, language: str = "en", by: Actor, now: datetime
) -> list[Finding]:
    """Keep the mail server and the sender, and send a letter to `to`; what was kept before counts on if it fails.

    Raises StepRefused, NotAllowed. It waits for the mail server, so no transaction may be open.
    """
    require(by, "change_keys")
    before = credentials.current()
    typed = {"email_url": email_url.strip(), "email_from": email_from.strip()}
    try:
        credentials.keep(typed, by=by, now=now)
    except credentials.KeyRefused as refused:
        raise StepRefused({str(refused.facts.get("name", "email_url")): str(refused)}) from refused
    try:
        send_test(to=to, language=language, by=by, now=now)
    except TestRefused as refused:
        _as_before(before, by=by, now=now)
        raise StepRefused({"email_url": str(refused)}) from refused
    note(EMAIL, {"from": typed["email_from"]}, now=now)
    return [in_order(_("A letter went out to %(email)s.") % {"email": to})]


def _as_before(before: credentials.Connections, *, by: Actor, now: datetime) -> None:
    there = {"email_url": before.email_url, "email_from": before.email_from}
    credentials.forget([name for name, value in there.items() if not value], by=by, now=now)
    if kept := {name: value for name, value in there.items() if value}:
        credentials.keep(kept, by=by, now=now)
