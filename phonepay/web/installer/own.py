"""Steps 1, 2 and 7: what only the owner knows, and nobody has to be asked for."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from phonepay.events.actors import from_panel
from phonepay.lib import money
from phonepay.people.permissions import acting
from phonepay.setup import steps
from phonepay.setup.behavior import choose_behavior
from phonepay.setup.email import connect_email
from phonepay.setup.owner import OwnerRefused, make_first_owner
from phonepay.setup.refusals import StepRefused
from phonepay.setup.shop import set_shop, shop_now, the_line
from phonepay.web.addresses import address_of
from phonepay.web.installer.forms import BehaviorForm, EmailForm, OwnerForm, ShopForm
from phonepay.web.installer.gate import came_by_code, onward, owns, page, refused, setup_page, tell_next


@setup_page
def owner(request: HttpRequest) -> HttpResponse:
    """Step 1: the account that everything is set up with, made once, by whoever has the code."""
    if owns(request.user):
        return page(request, "owner_there", steps.OWNER)
    if not came_by_code(request):
        return redirect("setup")
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts, source = form.cleaned_data, from_panel(address_of(request))
        try:
            user = make_first_owner(
                email=facts["email"], name=facts["name"], password=facts["password"], now=timezone.now(), source=source
            )
        except OwnerRefused as refusal:
            form.add_error("email", _owner_refusal(refusal.reason))
        else:
            login(request, user)
            return onward(request, steps.OWNER)
    return page(request, "owner", steps.OWNER, form=form)


def _owner_refusal(reason: str) -> str:
    if reason == "email":
        return _("This is not an e-mail address: write it as olivia@example.com.")
    if reason == "exists":
        return _("Somebody has an account with this address already: sign in with it.")
    return _("Somebody made the first account just now: sign in, or ask them for an invitation.")


@setup_page
def shop(request: HttpRequest) -> HttpResponse:
    """Step 2."""
    form = ShopForm(request.POST or None, initial=shop_now())
    if not steps.facts_of(steps.SHOP):
        form.fields["time_zone"].widget.attrs["data-own-zone"] = ""  # the browser knows it, until somebody chose
    if request.method == "POST" and form.is_valid():
        try:
            set_shop(**form.cleaned_data, by=acting(request.user, "change_settings"), now=timezone.now())
        except StepRefused as refusal:
            refused(refusal, form)
        else:
            return onward(request, steps.SHOP)
    return page(request, "shop", steps.SHOP, form=form)


@setup_page
def behavior(request: HttpRequest) -> HttpResponse:
    """Step 7."""
    line = the_line()
    there = {"behavior": "fixed-with-order", "overage": "off", "overage_days": 30}
    if line is not None and steps.facts_of(steps.BEHAVIOR):
        there = {
            "behavior": line.behavior, "overage": line.overage, "overage_days": line.overage_days,
            "fixed_amount": _plain(line.fixed_amount, line.currency),
            "overage_cap": _plain(line.overage_cap, line.currency),
        }  # fmt: skip
    form = BehaviorForm(request.POST or None, initial=there, currency=line.currency if line else "usd")
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data | {"overage_days": str(form.cleaned_data.get("overage_days") or "")}
        try:
            choose_behavior(**facts, by=acting(request.user, "change_settings"), now=timezone.now())
        except StepRefused as refusal:
            refused(refusal, form)
        else:
            return redirect("setup-email")
    return page(request, "behavior", steps.BEHAVIOR, form=form, line=line)


@setup_page
def email(request: HttpRequest) -> HttpResponse:
    """What can wait: a letter to the owner goes out, or nothing is kept."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, to, language = acting(request.user, "change_keys"), request.user.email, get_language() or "en"  # type: ignore[union-attr]  # acting has seen that it is somebody
        try:
            findings = connect_email(**form.cleaned_data, to=to, language=language, by=by, now=timezone.now())
        except StepRefused as refusal:
            refused(refusal, form)
        else:
            tell_next(request, findings)
            return redirect("setup-consoles")
    return page(request, "email", form=form)


def _plain(amount: int | None, currency: str) -> str:
    """As it is typed: digits and a point."""
    facts = money.currency(currency)
    return f"{Decimal(amount).scaleb(-facts.decimals):.{facts.shown_decimals}f}" if amount else ""
