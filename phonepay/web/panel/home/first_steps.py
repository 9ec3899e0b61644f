"""The first day: what is to be done until the first real payment, each ticked by what was done."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from phonepay.calls.models import Call
from phonepay.events import types
from phonepay.events.models import Event
from phonepay.lib.phone import format_number
from phonepay.merchant.credentials import current
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from phonepay.payments.gateway import key_is_live
from phonepay.people.models import Invitation, Role, User
from phonepay.setup import steps as setting_up


@dataclass(frozen=True, slots=True)
class Way:
    """A button: a link, or where `posts` a form that is sent."""

    word: str
    url: str
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    word: str
    why: str
    done: bool
    ways: tuple[Way, ...] = ()


def first_steps(shop: Merchant | None, line: Line | None, user: User) -> list[Step]:
    """In order; those that are not for this person are left out."""
    steps = [_a_line(shop, line)]
    if user.role == Role.OWNER and setting_up.is_open():
        why = _("About %(minutes)d minutes are left. It can be left and taken up again.") % {
            "minutes": max(setting_up.minutes_left(), 1)
        }
        steps.insert(0, Step(_("Finish the set-up"), why, False, _ways(("setup", _("Go on")))))
    if shop is None or line is None:
        return steps
    steps.append(_a_call(shop, line))
    if line.asks_order_number:
        done = Order.objects.filter(merchant=shop, origin=Order.Origin.SHOP).exists()
        why = _("Load what people owe you, and callers only confirm.")
        steps.append(
            Step(_("Add your orders"), why, done, _ways(("order-add", _("Add order")), ("load", _("Load a file"))))
        )
    if user.role != Role.AUDITOR:
        steps.append(_hearing())
    if user.role == Role.OWNER:
        done = User.objects.filter(is_active=True).count() > 1 or Invitation.objects.exists()
        why = _("With a role of their own: change nothing, refund and charge, or everything.")
        steps.append(Step(_("Invite someone"), why, done, _ways(("people", _("People")))))
        steps.append(_for_real())
    return steps


def _for_real() -> Step:
    if current().stays_here:
        why = _("This ends the sandbox. Your own Twilio and Stripe accounts take its place.")
        return Step(_("Connect my accounts"), why, False, _ways(("sandbox-leave", _("Connect"))))
    why = _("Put Stripe's live key and the live connector in the place of the test ones. Then money is real.")
    return Step(_("Go live"), why, key_is_live(), _ways(("go-live", _("Go live"))))


def _a_line(shop: Merchant | None, line: Line | None) -> Step:
    if shop is None or line is None:
        return Step(_("Set up a line"), _("On the server: phonepay line set. It takes one command."), False)
    if not line.phone_number:
        return Step(_("Set up a line"), _("It answers whatever number of yours is called."), True)
    dialed = format_number(line.phone_number, shop.region)
    return Step(_("Set up a line"), _("Callers reach you at %(dialed)s.") % {"dialed": dialed}, True)


def _a_call(shop: Merchant, line: Line) -> Step:
    stays_here = current().stays_here
    ways = _ways(("try-telephone" if stays_here else "try-the-line", _("Try the line")))
    if line.phone_number and not stays_here:
        dialed = format_number(line.phone_number, shop.region)
        ways = (*ways, Way(_("Call %(dialed)s") % {"dialed": dialed}, f"tel:{line.phone_number}"))
    why = _("Pay with a test card: 4242 4242 4242 4242, any date to come, any code.")
    if stays_here:
        why = _("From the telephone on the page, with the test cards that lie beside it.")
    return Step(_("Call your own number"), why, Call.objects.filter(merchant=shop).exists(), ways)


def _hearing() -> Step:
    done = Event.objects.filter(type=types.LINE_HEARD).exists()
    way = (Way(_("Hear it"), reverse("hear-it"), posts=True),)
    return Step(_("Hear what callers hear"), _("Every sentence, in your words if you like."), done, way)


def _ways(*wanted: tuple[str, str]) -> tuple[Way, ...]:
    return tuple(Way(word, reverse(route)) for route, word in wanted)
