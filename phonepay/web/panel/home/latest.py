"""The latest calls: those on the line on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phonepay.calls.models import Call
from phonepay.merchant.models import Merchant
from phonepay.payments.gateway import key_is_live
from phonepay.web.panel.calls_told import Told, told

MOST = 8


@dataclass(frozen=True, slots=True)
class Latest:
    """`live`: somebody is on the line, so that the part is worth asking for again."""

    rows: Sequence[Told]
    live: bool


def latest(shop: Merchant) -> Latest:
    """Two queries: on the line, and ended."""
    calls = Call.objects.filter(merchant=shop, livemode=key_is_live()).select_related("payment__order")
    calls = calls.order_by("-started_at", "-pk")
    on_the_line = list(calls.filter(ended_at=None)[:MOST])
    ended = list(calls.filter(ended_at__isnull=False)[: MOST - len(on_the_line)])
    return Latest([told(call, shop.region) for call in (*on_the_line, *ended)], bool(on_the_line))
