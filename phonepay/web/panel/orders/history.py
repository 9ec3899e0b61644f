"""All that happened to an order: what was done to it, its calls, its cards, its money."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from phonepay.calls.models import Call
from phonepay.events import types
from phonepay.events.models import PERSONAL, Event
from phonepay.lib import phone
from phonepay.orders.models import Order
from phonepay.web.panel import formats
from phonepay.web.panel.calls_told import told
from phonepay.web.panel.money.figures import Money
from phonepay.web.panel.payments.history import Happened, history

_FIELDS: dict[str, Callable[[], str]] = {
    "number": lambda: _("number"),
    "amount": lambda: _("amount"),
    "customer_name": lambda: _("name"),
    "customer_phone": lambda: _("phone"),
    "customer_email": lambda: _("e-mail"),
    "customer_postal": lambda: _("postal code"),
    "note": lambda: _("note"),
}
_MOST_OTHERS = 100


def history_of(order: Order, money: Money) -> list[Happened]:
    """Oldest first."""
    shown = {each.pk for each in (*money.charges, *money.extras)}
    others = [each for each in order.payments.order_by("-agreed_at")[:_MOST_OTHERS] if each.pk not in shown]
    found = history(money, *others)
    for event in Event.objects.filter(subject_kind="order", subject_id=str(order.pk)):
        found += _of_order(event, order)
    if order.load is not None:
        said = _("Added from the file %(file)s") % {"file": order.load.file_name}
        found.append(Happened(order.created_at, order.load.by_name, said))
    found += _calls([*shown, *(each.pk for each in others)], order)
    return sorted(found, key=lambda each: each.at)


_ENDS = {
    Order.Status.CANCELLED: types.ORDER_CANCELLED,
    Order.Status.PAID_ANOTHER_WAY: types.ORDER_PAID_ANOTHER_WAY,
    Order.Status.ATTACHED: types.ORDER_ATTACHED,
}


def ended_by(order: Order) -> str:
    """The name of who cancelled it, or said that it was paid; "" where the order is not so."""
    ended = _ENDS.get(Order.Status(order.status))
    rows = Event.objects.filter(subject_kind="order", subject_id=str(order.pk), type=ended).order_by("-at")
    return rows.values_list("actor_name", flat=True).first() or "" if ended else ""


def _of_order(event: Event, order: Order) -> list[Happened]:
    data = event.data
    words = {
        types.ORDER_ADDED: pgettext("an order", "Added"),
        types.ORDER_CANCELLED: pgettext("an order", "Cancelled"),
        types.ORDER_RESTORED: _("Restored: to pay again"),
        types.ORDER_REOPENED: _("Reopened: to pay again"),
        types.ORDER_NUMBER_RIGHT: _("The number that the caller keyed is right"),
        types.ORDER_PAID_ANOTHER_WAY: _("Marked as paid another way"),
    }
    if event.type in words:
        # How it was paid is kept on the order: a person's words have no place in what is never changed.
        note = order.paid_how if event.type == types.ORDER_PAID_ANOTHER_WAY else ""
        return [Happened(event.at, event.actor_name, words[event.type], note=note)]
    if event.type == types.ORDER_EDITED:
        return [Happened(event.at, event.actor_name, _edited(data, order))]
    if event.type == types.ORDER_RENUMBERED:
        said = _("Given the right number: %(after)s instead of %(before)s")
        numbers = {"before": data["before"]["number"], "after": data["after"]["number"]}
        return [Happened(event.at, event.actor_name, said % numbers)]
    return _attached(event, order)


def _edited(data: dict[str, dict[str, object]], order: Order) -> str:
    changes = []
    for name, word in _FIELDS.items():
        if name in PERSONAL and name in data["after"]:
            # Which fact was changed is kept, not what it was: people's data can be erased, events cannot.
            changes.append(word())
        elif name in data["after"]:
            before, after = (_shown(name, data[side][name], order) for side in ("before", "after"))
            facts = {"field": word(), "before": before or "–", "after": after or "–"}
            changes.append(_("%(field)s %(after)s instead of %(before)s") % facts)
    return _("Changed: %(changes)s") % {"changes": ", ".join(changes)}


def _shown(name: str, value: object, order: Order) -> str:
    if name == "amount":
        return formats.money(int(str(value)), order.currency, order.merchant.region)
    return str(value)


def _attached(event: Event, order: Order) -> list[Happened]:
    data = event.data
    if event.type not in (types.ORDER_ATTACHED, types.ORDER_TOOK_OVER):
        return []
    amount = formats.money(data["amount"], data["currency"], order.merchant.region)
    if event.type == types.ORDER_ATTACHED:
        said = _("Attached to another order; the %(amount)s paid here, under %(number)s, is that order's now")
        url = reverse("order", args=[data["to"]])
    else:
        said = _("The %(amount)s that a caller paid under %(number)s was attached to this order")
        url = reverse("order", args=[data["order"]])
    return [Happened(event.at, event.actor_name, said % {"amount": amount, "number": data["number"]}, url=url)]


def _calls(payments: Iterable[object], order: Order) -> list[Happened]:
    region = order.merchant.region
    calls = Call.objects.filter(payment__in=list(payments)).select_related("payment__order")
    found = []
    for call in calls:
        said = _("Call: %(what)s") % {"what": told(call, region).what}
        if call.seconds is not None:
            said = f"{said} · {formats.length(call.seconds)}"
        who = phone.format_number(call.phone, region) if call.phone else _("Hidden number")
        found.append(Happened(call.started_at, who, said, url=reverse("call", args=[call.pk])))
    return found
