"""What stands around the pages, and what of it stands around everything.

Twilio's and Stripe's requests and the health check carry their own proof and know no session, language or message:
they pay for none of them (a turn of a call has a budget of 20 statements and about a millisecond).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed, PermissionDenied
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django_htmx.http import HttpResponseClientRedirect

from phonepay import measuring
from phonepay.configuration.context import About, new_request_id
from phonepay.configuration.reporting import span
from phonepay.events.actors import from_panel
from phonepay.lib.cards import looks_like_card_number, mask_card_numbers
from phonepay.people.models import User
from phonepay.web.accounts import proof
from phonepay.web.addresses import address_of
from phonepay.web.panel.access import Answer, answer_for, is_machine
from phonepay.web.panel.shop import the_shop

Handler = Callable[[HttpRequest], HttpResponseBase]

_SEEN_TO_WITHIN = timedelta(minutes=5)
# Headers that are kept with a session, an event or a log line.
_KEPT_HEADERS = (
    "HTTP_USER_AGENT",
    "HTTP_REFERER",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_HX_CURRENT_URL",
    "HTTP_X_FORWARDED_FOR",
)


def _without_card_numbers(request: HttpRequest) -> None:
    """Nobody sends one in a header on purpose; whoever does it all the same finds it nowhere."""
    for name in _KEPT_HEADERS:
        if (value := request.META.get(name)) and looks_like_card_number(value):
            request.META[name] = mask_card_numbers(value).encode("ascii", "replace").decode()


class PeopleOnly:
    """Puts PHONEPAY_PEOPLE_MIDDLEWARE around every path but those of machines."""

    def __init__(self, get_response: Handler) -> None:
        self.machines = get_response
        self.views: list[Callable[..., HttpResponseBase | None]] = []
        self.failures: list[Callable[..., HttpResponseBase | None]] = []
        people: Any = get_response  # Django types what it wraps as perhaps asynchronous; here nothing is
        for name in reversed(settings.PHONEPAY_PEOPLE_MIDDLEWARE):
            try:
                middleware = import_string(name)(people)
            except MiddlewareNotUsed:
                continue
            # The same order as Django's own: on the way in from the outside, on the way out from the inside.
            if hasattr(middleware, "process_view"):
                self.views.insert(0, middleware.process_view)
            if hasattr(middleware, "process_exception"):
                self.failures.append(middleware.process_exception)
            people = convert_exception_to_response(middleware)
        self.people: Callable[[HttpRequest], HttpResponseBase] = people

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_machine(request.path_info):
            return self.machines(request)
        began = perf_counter()
        _without_card_numbers(request)
        # Django leaves the language of one request on for the next of the same thread.
        with translation.override(settings.LANGUAGE_CODE), About(request=new_request_id()), span("page"):
            response = self.people(request)
        measuring.page_answered(response.status_code, perf_counter() - began)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if is_machine(request.path_info):
            return None
        return _first_answer(hook(request, view, args, kwargs) for hook in self.views)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if is_machine(request.path_info):
            return None
        return _first_answer(hook(request, exception) for hook in self.failures)


def _first_answer(answers: Any) -> HttpResponseBase | None:
    return next((answer for answer in answers if answer is not None), None)


class ReaderMiddleware:
    """Shows a page in its reader's language and on its reader's clock, which is the shop's if they have not chosen."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        zone = ""
        if isinstance(user, User):
            zone = user.time_zone
            user.asked_from = from_panel(address_of(request))
            _note_presence(user)
            if user.language:
                translation.activate(user.language)
                request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        if not zone:
            shop = the_shop(request)
            zone = shop.time_zone if shop else settings.TIME_ZONE
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)


def _note_presence(user: User) -> None:
    now = timezone.now()
    if user.last_seen_at is None or now - user.last_seen_at > _SEEN_TO_WITHIN:
        User.objects.filter(pk=user.pk).update(last_seen_at=now)
        user.last_seen_at = now


class AccessMiddleware:
    """Lets in by the table of panel/access.py alone; a route without a row lets nobody in."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # No page needs the host, so that nothing else would refuse one that is not ours (ALLOWED_HOSTS).
        request.get_host()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        route = (match.url_name or match.route) if match else ""
        if proof.COMES_BACK in request.GET and (elsewhere := proof.take_up(request)) is not None:
            return HttpResponseRedirect(elsewhere)
        answer = answer_for(route, request.user, request.method or "GET", fresh=lambda: proof.is_fresh(request))
        if answer is Answer.SIGN_IN:
            return _to(request, reverse(settings.LOGIN_URL), {"next": proof.where(request)})
        if answer is Answer.SECOND_STEP:
            return _to(request, reverse("mfa_index"), {})
        if answer is Answer.WHO:
            return _to(request, reverse("account_reauthenticate"), {"next": proof.keep(request)})
        if answer is Answer.NO:
            raise PermissionDenied
        return None


def _to(request: HttpRequest, path: str, query: dict[str, str]) -> HttpResponse:
    url = f"{path}?{urlencode(query)}" if query else path
    # A part that is swapped into a page cannot hold the sign-in form: the whole page goes there.
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
