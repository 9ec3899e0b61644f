"""The old staff, as invitations: their passwords (MD5 of MD5) are never carried, not even read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from phonepay.events.actors import Actor
from phonepay.imports.ancestor.reading import safe
from phonepay.imports.ancestor.report import Report
from phonepay.imports.ancestor.rows import OldStaff
from phonepay.people.invitations import InvitationRefused, invite, still_open
from phonepay.people.models import Invitation, Role

ROLES = {"super_admin": Role.OWNER, "admin": Role.OPERATOR, "auditor": Role.AUDITOR}


def carry(staff: Sequence[OldStaff], *, report: Report, by: Actor, now: datetime) -> list[Invitation]:
    """Invite those who are not here. Returns the invitations that somebody can accept now, earlier ones too.

    An invitation that is open stays, one that was withdrawn is not made again, one that has expired is.
    """
    found: dict[str, Invitation] = {}
    met: set[str] = set()
    for person in staff:
        email = person.email.strip().lower()
        if email in met:
            report.left_out("mail_twice", "staff", person.id, email)
            continue
        met |= {email} - {""}
        earlier = Invitation.objects.filter(email=email) if email else Invitation.objects.none()
        there = still_open(now).filter(email=email).first() if email else None
        if there is not None:
            found[email] = there
            report.carried("people invited before")
            continue
        if earlier.exclude(withdrawn_at=None).exists() and not earlier.filter(withdrawn_at=None).exists():
            report.left_out("withdrawn", "staff", person.id, email)
            continue
        # The installer gave the first person no role, and MySQL then wrote "". Of anybody else that is dirt.
        unknown = Role.OWNER if person is staff[0] and not person.status else Role.AUDITOR
        role = ROLES.get(person.status, unknown)
        name = safe(f"{person.first_name} {person.last_name}", 120)
        try:
            found[email] = invite(email=email, role=role, name=name, by=by, now=now, invited_by=None)
        except InvitationRefused as refused:
            reason = "person_here" if refused.reason == "exists" else "no_email"
            report.left_out(reason, "staff", person.id, email)
        else:
            report.carried("people invited")
            if person.status not in ROLES and role == Role.AUDITOR:
                report.changed("unknown_role", "staff", person.id, person.status)
    return list(found.values())
