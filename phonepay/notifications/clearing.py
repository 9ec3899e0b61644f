"""The end of a sandbox, for letters: those about what was tried."""

from __future__ import annotations

from datetime import datetime

from phonepay.notifications.models import Delivery


def clear_tried(*, since: datetime) -> int:
    """Delete the letters to customers from `since` on; none of them was sent. How many there were."""
    gone, _ = Delivery.objects.filter(kind__in=Delivery.TO_CUSTOMERS, made_at__gte=since).delete()
    return gone
