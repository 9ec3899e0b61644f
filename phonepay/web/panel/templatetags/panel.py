"""{% load panel %}: the tags of every page: money, times, phones, states, icons."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from phonepay.lib import phone as lib_phone
from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from phonepay.web.panel import formats
from phonepay.web.panel.icons import ICONS
from phonepay.web.panel.money.reasons import decline as declined
from phonepay.web.panel.money.reasons import not_charged as not_charged_words
from phonepay.web.panel.states import State

register = template.Library()


@register.simple_tag(takes_context=True)
def money(context: template.Context, amount: int, currency: str) -> str:
    """{% money payment.amount payment.currency %}: minor units as the reader writes them."""
    return formats.money(amount, currency, _region(context))


@register.simple_tag(takes_context=True)
def amount(context: template.Context, amount: int, currency: str, state: State | None = None) -> SafeString:
    """The same in tabular figures, struck through where the state says that no money moved."""
    text = formats.money(amount, currency, _region(context))
    if state is not None and state.over:
        return format_html('<s class="amount">{}</s>', text)
    return format_html('<span class="amount">{}</span>', text)


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    """{% moment payment.agreed_at %}: "Today 14:32", exact with its zone on hover."""
    if at is None:
        return mark_safe("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), formats.exactly(at), formats.moment(at)
    )


@register.filter
def day(of: date) -> str:
    return formats.day(of)


@register.filter
def number(value: int) -> str:
    return formats.number(value)


@register.filter
def length_of(seconds: int | None) -> str:
    """Of a call: 1:42; nothing while it goes on."""
    return "" if seconds is None else formats.length(seconds)


@register.filter
def moment_text(at: datetime) -> str:
    """{% moment %} without its markup, for inside a sentence: `today 14:32`."""
    return formats.moment_within(at)


@register.filter
def date_of(at: datetime) -> str:
    """The day alone, on the reader's clock, for inside a sentence: `today`."""
    return formats.within(formats.day(timezone.localtime(at).date()))


@register.filter
def card(payment: Payment | None) -> str:
    """`Visa ·4242`."""
    return formats.card(payment.card_brand, payment.card_last4) if payment else ""


@register.filter
def not_charged(why: str) -> str:
    """Why a payment ended without a charge."""
    return not_charged_words(why)


@register.filter
def decline(code: str) -> str:
    """What the bank said."""
    return declined(code)


@register.filter
def who(name: str) -> str:
    """Who did it: a caller is named by a number."""
    return lib_phone.format_number(name) if name.startswith("+") else name


@register.simple_tag
def order_link(order: Order) -> SafeString:
    """An order's number, as the way to its page."""
    return format_html('<a href="{}">{}</a>', reverse("order", args=[order.pk]), order.number)


@register.simple_tag(takes_context=True)
def phone(context: template.Context, e164: str) -> SafeString:
    """A link that dials."""
    shown = lib_phone.format_number(e164, _region(context))
    return format_html('<a class="phone" href="tel:{}">{}</a>', e164, shown)


@register.simple_tag(takes_context=True)
def phone_text(context: template.Context, e164: str) -> str:
    """The same without the link, for what is one already."""
    return lib_phone.format_number(e164, _region(context))


@register.simple_tag
def badge(state: State) -> SafeString:
    """A state's one word in its one color."""
    return _badge(state.color, str(state.word))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing beside a word, never instead of one: hidden from screen readers. KeyError for one that is not there."""
    return _icon(name)


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """This page's address with some of its query changed; None takes a part out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else context["request"].path


# A page draws the same few again and again.
@cache
def _badge(color: str, word: str) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', color, word)


@cache
def _icon(name: str) -> SafeString:
    return format_html('<svg class="icon i-{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', name, ICONS[name])


def _region(context: template.Context) -> str:
    shop = context.get("shop")
    return str(shop.region) if shop else "US"
