"""E-mail, which can wait: the mail server and the sender, kept once a letter to the owner has gone out."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from phonepay.configuration import values
from phonepay.events.actors import Actor
from phonepay.merchant import mail_account
from phonepay.merchant.mail_account import MailAccount
from phonepay.notifications.postbox import TestRefused, send_test
from phonepay.people.permissions import require
from phonepay.setup.findings import Finding, in_order
from phonepay.setup.refusals import StepRefused, check_written, keep_keys
from phonepay.setup.steps import step_done

EMAIL = "email"  # beside the seven steps: it can wait


def connect_email(
    *, email_url: str, email_from: str, to: str, language: str = "en", by: Actor, now: datetime
) -> list[Finding]:
    """Send a letter to `to` through the mail server, and keep it with the sender once that went out.

    Raises StepRefused, with nothing changed, and NotAllowed. It waits for the mail server, so no transaction may be
    open.
    """
    require(by, "change_keys")
    typed = {"email_url": email_url.strip(), "email_from": email_from.strip()}
    try:
        send_test(to=to, language=language, by=by, now=now, through=account_of(**typed))
    except TestRefused as refused:
        raise StepRefused({"email_url": str(refused)}) from refused
    keep_keys(typed, by=by, now=now)
    step_done(EMAIL, {"from": typed["email_from"]}, now=now)
    return [in_order(_("A letter went out to %(email)s.") % {"email": to})]


def account_of(*, email_url: str, email_from: str) -> MailAccount:
    """What these two come to, with nothing kept. Raises StepRefused at each that is written wrong."""
    check_written(("email_url", email_url, values.email_url), ("email_from", email_from, values.email_from))
    account = mail_account.read(email_url, email_from, settings.PHONEPAY_PUBLIC_URL or "")
    if account is None:
        raise StepRefused({"email_from": _("Give the address that letters are from.")})
    return account
