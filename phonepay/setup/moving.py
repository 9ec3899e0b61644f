"""Step 4: where the data are kept. Another database is tried first; `phonepay serve` takes the data along."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from phonepay.calls.models import Call
from phonepay.events.actors import Actor
from phonepay.people.permissions import require
from phonepay.setup.addresses import AddressRefused, failure, keep_database_url
from phonepay.setup.findings import Finding, in_order, note, problem
from phonepay.setup.refusals import StepRefused, in_words
from phonepay.setup.steps import DATABASE, step_done


def stay_here(*, by: Actor, now: datetime) -> list[Finding]:
    """The data stay in the database that this process is on. Raises NotAllowed."""
    require(by, "change_settings")
    found = [in_order(_("The database answers: %(name)s.") % {"name": connection.display_name})]
    step_done(DATABASE, {"engine": connection.display_name, "embedded": settings.PHONEPAY_DATABASE_EMBEDDED}, now=now)
    return found


def move(*, url: str, by: Actor, now: datetime) -> list[Finding]:
    """Try the database and keep its address: `phonepay serve` then takes what was set up so far along to it.

    Whether that went well is told by `arrived`. Raises StepRefused, NotAllowed.
    """
    require(by, "change_keys")
    if not url.strip():
        raise StepRefused({"address": _("Write the database's address.")})
    if Call.objects.exists():
        sentence = _("There are calls already, and moving while callers pay could lose one. Stop phonepay serve, then "
                     "take them along with phonepay backup and phonepay restore.")  # fmt: skip
        raise StepRefused({"address": sentence})
    try:
        there = keep_database_url(url=url, by=by, now=now)
    except AddressRefused as refused:
        raise StepRefused({"address": in_words(refused)}) from refused
    return [
        in_order(_("The database answers: %(name)s.") % {"name": f"{there.product} {there.version}"}),
        note(_("It is empty: what was set up so far is taken along to it.")),
    ]


def arrived(*, by: Actor, now: datetime) -> list[Finding]:
    """After `move`, once this process runs on what was kept. Raises StepRefused where it was taken back."""
    if why := failure():
        mend = _("Nothing was lost: the data are where they were. Mend it, then try again.")
        raise StepRefused(findings=[problem(why, callers="", mend=mend)])
    return stay_here(by=by, now=now)
