"""What only Twilio's console can do, a screen each: where to click, what one will see; and what is compared after."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from phonepay.people.permissions import acting
from phonepay.setup import steps
from phonepay.setup.connector import CONNECTOR, compare_connector
from phonepay.setup.findings import Finding
from phonepay.setup.refusals import StepRefused
from phonepay.web.installer.forms import ConnectorForm
from phonepay.web.installer.gate import page, refused, setup_page, tell_next

PCI = "pci"  # beside the seven steps: said to be done by the owner, whom nobody can check


@setup_page
def consoles(request: HttpRequest) -> HttpResponse:
    """First PCI mode, which is for good."""
    if request.method == "POST":
        if request.POST.get("done") != "yes":
            return page(request, "pci", missing=True)
        steps.step_done(PCI, {"said": True}, now=timezone.now())
        return redirect("setup-connector")
    return page(request, "pci")


@setup_page
def connector(request: HttpRequest) -> HttpResponse:
    """Then the connector, and whether it is of the key's account."""
    there = steps.facts_of(CONNECTOR)
    mode = "live" if there.get("live") else "test"
    form = ConnectorForm(
        request.POST or None,
        initial={"name": there.get("name", "Default"), "account": there.get("account", ""), "mode": mode},
    )
    findings: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        facts, by = form.cleaned_data, acting(request.user, "change_settings")
        try:
            found = compare_connector(
                name=facts["name"], account=facts["account"], live=facts["mode"] == "live", by=by, now=timezone.now()
            )
        except StepRefused as refusal:
            findings = refused(refusal, form)
        else:
            tell_next(request, found)
            return redirect("setup-call")
    of_key = steps.facts_of(steps.STRIPE).get("account", "")
    return page(request, "connector", form=form, findings=findings, of_key=of_key)
