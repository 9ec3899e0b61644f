"""Words for roles, and for what is refused: what, why, what now."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.people.models import Role


@dataclass(frozen=True, slots=True)
class RoleWords:
    word: str | Promise
    means: str | Promise


ROLES = {
    Role.OWNER: RoleWords(gettext_lazy("Owner"), gettext_lazy("Everything, with people and settings.")),
    Role.OPERATOR: RoleWords(gettext_lazy("Operator"), gettext_lazy("Orders, refunds and extra charges.")),
    Role.AUDITOR: RoleWords(gettext_lazy("Auditor"), gettext_lazy("Sees everything, changes nothing.")),
}


def invitation_refusal(reason: str) -> str:
    """Why nobody was invited, or why a link opens nothing."""
    return {
        "email": _("This is not an e-mail address. Look at it again."),
        "role": _("Choose what they may do."),
        "card": _("That looks like a card number, and is not kept. Write a name and an address."),
        "exists": _("Somebody signs in with this address already."),
        "used": _("This link was used already. Sign in, or ask an owner for a new one."),
        "withdrawn": _("This invitation was withdrawn. Ask an owner for a new one."),
        "expired": _("This invitation is older than three days. Ask an owner for a new one."),
        "unreadable": _("This link is not whole. Copy all of it, or ask for it again."),
    }[reason]


def membership_refusal(reason: str) -> str:
    return {
        "role": _("Choose what they may do."),
        "last_owner": _(
            "Nothing was changed: without this person there would be no owner. Make somebody else one first."
        ),
    }[reason]
