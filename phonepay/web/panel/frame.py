"""What stands around every page: the shop's name, the ways to other pages, whether money is real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from phonepay.merchant import mail_account
from phonepay.merchant.credentials import KEPT, current
from phonepay.payments.gateway import key_is_live
from phonepay.people.models import Role, User
from phonepay.web.panel.access import may_open
from phonepay.web.panel.home.counting import counter
from phonepay.web.panel.shop import the_shop


@dataclass(frozen=True, slots=True)
class Place:
    """A way in the navigation. `route` names the page; `holds` begins the names of the routes that belong to it."""

    route: str
    word: str | Promise
    icon: str
    holds: tuple[str, ...]
    on_phone: bool = True  # else under More
    in_sandbox: str = ""  # the page that stands first there

    @property
    def to(self) -> str:
        """The name of the page that it leads to now."""
        return self.in_sandbox if self.in_sandbox and current().stays_here else self.route


PLACES = (
    Place("home", _("Home"), "home", ("home", "needs")),
    Place("payments", _("Payments"), "card", ("payment",)),
    Place("orders", _("Orders"), "list", ("order", "load")),
    Place("calls", _("Calls"), "phone", ("call",)),
    Place("try-the-line", _("Try the line"), "dialpad", ("try-",), on_phone=False, in_sandbox="try-telephone"),
    Place(
        "settings",
        _("Settings"),
        "sliders",
        ("settings", "people", "activity", "books", "worker", "alert"),
        on_phone=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    place: Place
    url: str
    here: bool


def links(request: HttpRequest) -> list[Link]:
    """The places that this person may open, in order."""
    match = request.resolver_match
    route = (match.url_name or "") if match else ""
    return [
        Link(place, reverse(place.to), route.startswith(place.holds))
        for place in PLACES
        if may_open(place.route, request.user)
    ]


def may_leave_sandbox(user: User) -> bool:
    """Whether this person can connect real accounts: where the environment names the stand-ins, nobody here can."""
    connections = current()
    return user.role == Role.OWNER and connections.stays_here and connections.sources["twilio_api_base"] == KEPT


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of every template. Nothing is read for a page that does not show it."""
    user = getattr(request, "user", None)
    facts = {
        "test_mode": not key_is_live(),
        "sandbox": current().stays_here,
        "mail_is_set_up": mail_account.current() is not None,
    }
    if not isinstance(user, User):
        return facts | {"theme": request.COOKIES.get("phonepay_theme", "")}
    return facts | {
        "shop": SimpleLazyObject(lambda: the_shop(request)),
        "theme": user.theme,
        "help_url": reverse("help"),
        "go_live_url": reverse("go-live") if user.role == Role.OWNER else "",
        "connect_url": reverse("sandbox-leave") if may_leave_sandbox(user) else "",
        "needs_you_count": counter(request),
        "links": SimpleLazyObject(lambda: links(request)),
    }
