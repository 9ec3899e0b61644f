"""What the flow asks of the shop: which order do these keys name, and was this paid from this phone just now?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from phonepay.calls.models import Call
from phonepay.ivr.events import FindOrder, FindRepeat, OrderFound, Query, RepeatFound
from phonepay.merchant import mail_account
from phonepay.merchant.models import Merchant
from phonepay.orders.claims import find_by_keys
from phonepay.orders.models import Order
from phonepay.orders.second_fact import fits
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import Payment

REPEAT_WITHIN = timedelta(hours=1)
_Found = Literal["unknown", "payable", "paid", "refunded", "cancelled", "busy", "checking"]


def answer_query(call: Call, query: Query, *, now: datetime) -> OrderFound | RepeatFound:
    """The event that answers the flow's query."""
    if isinstance(query, FindOrder):
        return find_order(call.line.merchant, query, now=now)
    return _repeat(call, query, now)


def find_order(merchant: Merchant, query: FindOrder, *, now: datetime) -> OrderFound:
    """Which order these keys name, and how it stands. Only reads."""
    zone = ZoneInfo(merchant.time_zone)
    order = find_by_keys(merchant, query.keys)
    if order is None or not _belongs(order, query):
        return OrderFound("unknown", query.keys, 0, None, now.astimezone(zone))
    paid_at = order.paid_at or (order.updated_at if order.status == Order.Status.PAID_ANOTHER_WAY else None)
    return OrderFound(
        status=order_status(order, now=now),
        number=order.number,
        amount=order.amount,
        paid_at=paid_at.astimezone(zone) if paid_at else None,
        now=now.astimezone(zone),
        order_id=None if order.status == Order.Status.RESERVED else order.pk,
        currency=order.currency,
        receipt_to="email" if order.customer_email and mail_account.current() is not None else "",
    )


def _belongs(order: Order, query: FindOrder) -> bool:
    if query.fact == "off":
        return True
    fit = fits(order, query.fact, query.keyed)
    return fit == "yes" or (fit == "unknown" and query.passes_without)


def order_status(order: Order, *, now: datetime) -> _Found:
    """How an order stands, for a caller."""
    if order.claimed_by is not None:
        held = Payment.objects.filter(pk=order.claimed_by).only("status", "charging_at").first()
        unknown = held is not None and held.status == Payment.Status.UNKNOWN
        return "checking" if unknown else "busy"
    if order.is_payable(livemode=key_is_live()):
        return "payable"
    if order.status == Order.Status.REFUNDED:
        return "refunded"
    return "cancelled" if order.status == Order.Status.CANCELLED else "paid"


def _repeat(call: Call, query: FindRepeat, now: datetime) -> RepeatFound:
    if not call.phone:
        return RepeatFound("")
    before = Payment.objects.filter(
        merchant_id=call.merchant_id,
        phone=call.phone,
        agreed_at__gt=now - REPEAT_WITHIN,
        amount=query.amount,
        currency=call.script["currency"],
        kind=Payment.Kind.INITIAL,
        livemode=key_is_live(),
        status__in=(Payment.Status.SUCCEEDED, *Payment.UNDER_WAY),
        refunded=0,
    )
    last = before.order_by("-agreed_at").only("status", "agreed_at", "settled_at").first()
    if last is None:
        return RepeatFound("")
    if last.status != Payment.Status.SUCCEEDED:
        return RepeatFound("checking")
    return RepeatFound("paid", int((now - (last.settled_at or last.agreed_at)).total_seconds()))
