"""What needs a person about protection: a line that protects itself, callers who are turned away."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from phonepay.protection.models import Measure
from phonepay.protection.steps import Step
from phonepay.web.panel.guarded import lifting_word, what_is_met, why_of
from phonepay.web.panel.home.need import Asked, Need

_NOW = timedelta(0)  # the count is put together before the time is known: it takes a span from it (statement.py)


def line(asked: Asked) -> QuerySet[Measure]:
    """From the step on that some callers feel."""
    rows = Measure.objects.filter(merchant=asked.shop, step__gte=Step.ORDER, until__gt=asked.now - _NOW)
    return rows.filter(kind=Measure.Kind.LINE).select_related("line").order_by("since")


def tell_line(row: Measure, asked: Asked) -> Need:
    said = _("The line protects itself: %(step)s") % {"step": what_is_met(row, "", asked.shop.region)}
    return Need(row.since, said, _url(row), _("Look at it"), "red")


def callers(asked: Asked) -> QuerySet[Measure]:
    rows = Measure.objects.filter(merchant=asked.shop, step__gte=Step.REFUSED, until__gt=asked.now - _NOW)
    return rows.filter(kind=Measure.Kind.CALLER).order_by("since")


def tell_caller(row: Measure, asked: Asked) -> Need:
    said = f"{what_is_met(row, '', asked.shop.region)} {why_of(row.why, row.count)}"
    lift = reverse("protection-lift", args=[row.pk])
    return Need(row.since, said, _url(row), _("Look at it"), done_url=lift, done=lifting_word(row))


def _url(row: Measure) -> str:
    return f"{reverse('settings-protection')}?line={row.line_id}"
