"""What the shop's people get: invitations, links for a new password, and alerts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from phonepay.alerts.models import Alert
from phonepay.alerts.words import tell
from phonepay.events import types
from phonepay.events.models import Event
from phonepay.merchant.models import Merchant
from phonepay.notifications.letters import Letter, moment
from phonepay.notifications.models import Delivery
from phonepay.people import links
from phonepay.people.invitations import still_open
from phonepay.people.models import Role, User

HERE = "Phone Pay"


def shop_name() -> str:
    return Merchant.objects.order_by("pk").values_list("name", flat=True).first() or HERE


def shop_zone() -> str:
    return Merchant.objects.order_by("pk").values_list("time_zone", flat=True).first() or "UTC"


def compose(delivery: Delivery, now: datetime) -> Letter | None:
    """In the delivery's language, on the reader's clock; None where it is not needed any more."""
    writes = {
        Delivery.Kind.INVITATION: _invitation,
        Delivery.Kind.PASSWORD: _password,
        Delivery.Kind.ACCOUNT: _account,
        Delivery.Kind.ALERT: _alert,
        Delivery.Kind.ALERT_OVER: _alert_over,
    }
    with _reading(delivery):
        return writes[Delivery.Kind(delivery.kind)](delivery, now)


@contextmanager
def _reading(delivery: Delivery) -> Iterator[None]:
    own = delivery.user.time_zone if delivery.user else ""
    with translation.override(delivery.language or "en"), timezone.override(own or shop_zone()):
        yield


def base() -> str:
    return str(settings.PHONEPAY_PUBLIC_URL or "")


def _invitation(delivery: Delivery, now: datetime) -> Letter | None:
    found = still_open(now).filter(pk=delivery.subject).select_related("invited_by").first()
    if found is None or not base():
        return None
    shop = shop_name()
    who = found.invited_by.get_full_name() if found.invited_by else shop
    role = {Role.OWNER: _("owner"), Role.OPERATOR: _("operator"), Role.AUDITOR: _("auditor")}[Role(found.role)]
    return Letter(
        shop=shop,
        subject=_("%(who)s invites you to the payments of %(shop)s") % {"who": who, "shop": shop},
        heading=_("Come and see the payments of %(shop)s") % {"shop": shop},
        paragraphs=(
            _("%(who)s has made a place for you as %(role)s. Choose a password, and you are in.")
            % {"who": who, "role": role},
        ),
        button=(_("Choose a password"), links.invitation_link(found, base=base())),
        small=(
            _("The link works once, until %(until)s. Hand it to nobody: whoever opens it becomes you.")
            % {"until": moment(found.expires_at)},
            _("You know nothing of this? Then leave it: nothing happens."),
        ),
    )


def _password(delivery: Delivery, now: datetime) -> Letter | None:
    # Asked for on the page that tells nobody who has an account: only here is it looked up.
    user = delivery.user or User.objects.filter(email=delivery.to).first()
    if user is None or not user.is_active or not base():
        return None
    shop = shop_name()
    return Letter(
        shop=shop,
        subject=_("A new password for the payments of %(shop)s") % {"shop": shop},
        heading=_("Set a new password"),
        paragraphs=(_("Somebody, most likely you, asked for a new password of %(email)s.") % {"email": user.email},),
        button=(_("Set a new password"), links.new_password_link(user, base=base())),
        small=(
            _("The link works once, for two hours. Hand it to nobody."),
            _("It was not you? Then leave it: your password stays as it is."),
        ),
    )


def _account(delivery: Delivery, now: datetime) -> Letter | None:
    event = Event.objects.filter(pk=delivery.subject).first()
    if event is None or delivery.user is None:
        return None
    facts, shop = {"email": delivery.user.email}, shop_name()
    said = {
        types.PERSON_ACCOUNT_CHANGED: _("You sign in with %(email)s from now on."),
        types.PERSON_PASSWORD_CHANGED: _("The password of %(email)s was changed."),
        types.PERSON_PASSWORD_RESET: _("The password of %(email)s was set anew, by a link."),
        types.PERSON_STEP_ADDED: _("A second step of %(email)s at sign-in was added."),
        types.PERSON_STEP_REMOVED: _("A second step of %(email)s at sign-in was taken away."),
    }[event.type]
    return Letter(
        shop=shop,
        subject=_("Your account for the payments of %(shop)s was changed") % {"shop": shop},
        heading=_("Your account was changed"),
        paragraphs=(said % facts, _("It was you? Then all is well.")),
        facts=((_("When"), moment(event.at)),),
        small=(_("It was not you? Tell an owner at once: they can take you out and let you in anew."),),
    )


def _alert(delivery: Delivery, now: datetime) -> Letter | None:
    row = Alert.objects.filter(pk=delivery.subject).first()
    if row is None or row.closed_at is not None or row.seen_at is not None:
        return None
    said, shop = tell(row), shop_name()
    often = [(_("Since"), moment(row.since))]
    if row.count > 1:
        times = ngettext("%(count)s time", "%(count)s times", row.count) % {"count": row.count}
        often.append((_("Happened"), times))
    again = row.told_count > 1
    subject = _("%(shop)s, still: %(what)s") if again else _("%(shop)s: %(what)s")
    return Letter(
        shop=shop,
        subject=subject % {"shop": shop, "what": said.title},
        heading=said.what,
        paragraphs=(said.means, said.mend),
        facts=tuple(often),
        button=(said.button, f"{base()}{said.url}") if base() else None,
        small=(_why_you(),),
    )


def _alert_over(delivery: Delivery, now: datetime) -> Letter | None:
    row = Alert.objects.filter(pk=delivery.subject).first()
    if row is None or row.closed_at is None:
        return None
    said, shop = tell(row), shop_name()
    how = {
        Alert.End.QUIET: _("It has not happened again for a while, so nothing is left to do."),
        Alert.End.OVER: _("It works again. Nothing is left to do."),
    }.get(Alert.End(row.ended), _("Nothing is left to do."))
    return Letter(
        shop=shop,
        subject=_("%(shop)s, over: %(what)s") % {"shop": shop, "what": said.title},
        heading=_("Over: %(what)s") % {"what": said.title},
        paragraphs=(how,),
        facts=((_("Began"), moment(row.since)), (_("Ended"), moment(row.closed_at))),
        small=(_why_you(),),
    )


def _why_you() -> str:
    return _("You get this because you look after the payments. My account has the choice.")


def language_of(user: User | None) -> str:
    """Of a person; who left it to the browser gets the shop's: that of its first line."""
    if user is not None and user.language:
        return user.language
    locales = Merchant.objects.order_by("pk").values_list("lines__locales", flat=True).first()
    return "es" if locales and str(locales[0]).startswith("es") else "en"
