"""A card that cannot be taken at Twilio is an alert with Twilio's own number, and over when one can be taken."""

from __future__ import annotations

from phonepay.alerts.models import Alert
from phonepay.merchant.models import Line
from phonepay.notifications import due
from tests.journeys.phone import Phone
from tests.journeys.shop import VISA, Shop


def test_a_connector_that_is_not_there_is_an_alert_until_a_card_is_taken(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", connector="Nowhere")
    due.run_due(shop.clock.now)
    phone.tell("1")
    due.run_due(shop.clock.now)
    alert = Alert.objects.get(kind="pay_error")
    assert (alert.key, alert.facts) == ("64004", {"code": "64004"})
    Line.objects.update(connector="Default")
    phone.dial().then("1", VISA)
    due.run_due(shop.clock.now)
    alert.refresh_from_db()
    assert alert.closed_at is not None


def test_a_caller_who_stops_is_no_alert(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    phone.tell("1", "*")
    due.run_due(shop.clock.now)
    assert not Alert.objects.exists()
