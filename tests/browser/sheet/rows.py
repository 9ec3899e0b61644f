"""What pages of one row are about: an order that is owed, one from a call, a charge that nobody knows the end of …"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert, over, seen
from phonepay.events.actors import caller
from phonepay.merchant.credentials import keep
from phonepay.notifications.models import Delivery
from phonepay.notifications.outbox import rest, went_out
from phonepay.notifications.smtp import MailRefused
from phonepay.orders.loading.models import Load
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order, cancel_order, mark_paid_another_way
from phonepay.payments.agreement import end_unpaid
from phonepay.payments.models import Payment, Refund
from tests.browser.sheet.worlds import World
from tests.browser.test_calls import talk
from tests.orders.files import confirmed, read, started
from tests.payments.telling import handle_all, tell, told
from tests.shop import DECLINED, LUIS, OLIVIA, Till, consent, fresh
from tests.web.cast import call_of

CONFIRM = "/v1/payment_intents/*/confirm"


@dataclass
class Style:
    """How the rows of a world look. Amounts in minor units of `currency`."""

    names: tuple[str, ...]
    prefix: str
    amount: int
    currency: str
    note: str
    files: tuple[str, str, str]  # to be matched, with errors, without


def make_rows(till: Till, world: World, style: Style) -> None:
    """Add them to the shop of `till`, and tell `world` of them."""
    desk = _Desk(till, style)
    paid = desk.paid(consent=consent(5_000))
    till.overage(Order.objects.get(pk=paid.order_id), 1_800)
    refunded = desk.paid()
    till.refund(refunded, style.amount // 3)
    disputed = desk.paid()
    till.account.dispute(disputed.intent_id, reason="product_not_received")
    tell(till, [each for each in told(till) if each["type"].startswith("charge.dispute")])
    handle_all()
    new = desk.paid_for_nothing_known()
    cancelled, elsewhere, owed = desk.owed(), desk.owed(), desk.owed()
    cancel_order(order=cancelled, by=OLIVIA, now=timezone.now())
    mark_paid_another_way(order=elsewhere, note=style.note, by=OLIVIA, now=timezone.now())
    world.rows |= {
        "payment": paid.pk,
        "consented": paid.pk,
        "consented_order": paid.order_id,
        "paid_order": refunded.order_id,
        "refunded": refunded.pk,
        "disputed": disputed.pk,
        "declined": desk.declined().pk,
        "unknown": desk.unknown().pk,
        "new": new.order_id,
        "meant": desk.owed(amount=new.amount).number,
        "cancelled": cancelled.pk,
        "elsewhere": elsewhere.pk,
        "owed": owed.pk,
        "call": call_of(till, paid).pk,
        "phone": f"%2B{paid.phone[1:]}",
        "word": style.names[0].split()[0],
        "live": talk(till, "", f"{owed.keyed}#", "9", "1", phone="+12025550144").pk,
    }
    world.rows |= desk.loads() | desk.failed_refund()
    _alerts(style)
    _letters(style, paid)


def _letters(style: Style, paid: Payment) -> None:
    """E-mail is set up, on this machine as all else: it goes out, or fails where notes are long."""
    now, worst = timezone.now(), len(style.note) > 100
    keys = {
        "email_url": "smtp://harbor:secret@localhost:2525",
        "email_from": "Harbor Garage <pay@harbor.example.com>",
    }
    keep(keys, by=OLIVIA, now=now)
    Order.objects.filter(pk=paid.order_id).update(customer_email="ana.ruiz@customer.example")
    sent = {"to": "ana.ruiz@customer.example", "language": "en", "made_at": now, "order_id": paid.order_id}
    Delivery.objects.create(kind="payment", subject=str(paid.pk), once="1", state="sent", sent_at=now, **sent)
    Delivery.objects.create(kind="refund", subject="0", once="2", state="failed", error="recipient 550 nobody", **sent)
    went_out(now=now)
    if worst:
        rest(MailRefused("password", style.note), now)


def _alerts(style: Style) -> None:
    """One of each color, one that is seen, one that is over."""
    now = timezone.now()
    alert(kind="pay_error", key="64004", facts={"code": "64004"}, times=12, now=now - timedelta(hours=3))
    alert(kind="fallback_used", now=now - timedelta(hours=2))
    why = style.note if len(style.note) > 100 else "403: this key may not confirm payments"
    alert(kind="stripe_refuses", facts={"why": why}, now=now - timedelta(hours=1))
    seen(row=Alert.objects.get(kind="fallback_used"), by=OLIVIA, now=now)
    alert(kind="hold", facts={"since_at": now.isoformat()}, now=now - timedelta(days=2))
    over(kind="hold", now=now - timedelta(days=1))


@dataclass
class _Desk:
    till: Till
    style: Style
    count: int = 0

    def owed(self, amount: int = 0, **facts: Any) -> Order:
        self.count += 1
        return add_order(
            merchant=self.till.shop,
            number=f"{self.style.prefix}{9000 + self.count}",
            amount=amount or self.style.amount,
            currency=self.style.currency,
            by=OLIVIA,
            now=timezone.now(),
            customer_name=self.style.names[self.count % len(self.style.names)],
            customer_phone="+12025550144",
            note=self.style.note,
        )

    def paid(self, **facts: Any) -> Payment:
        payment = self.till.pay(self.owed(), currency=self.style.currency, **facts)
        return fresh(payment)

    def paid_for_nothing_known(self) -> Payment:
        payment = self.till.pay(None, keys="7301", amount=self.style.amount, currency=self.style.currency)
        call_of(self.till, payment)
        return fresh(payment)

    def declined(self) -> Payment:
        payment = self.till.pay(self.owed(), number=DECLINED, currency=self.style.currency, phone=LUIS)
        end_unpaid(payment=payment, by=caller(LUIS), now=timezone.now())
        call_of(self.till, payment)
        return fresh(payment)

    def unknown(self) -> Payment:
        self.till.faults.drop("POST", CONFIRM)
        payment = self.till.pay(self.owed(), currency=self.style.currency)
        call_of(self.till, payment, ended="checking")
        return payment

    def failed_refund(self) -> dict[str, Any]:
        payment = self.paid()
        [refund] = self.till.refund(payment, self.style.amount // 3)
        Refund.objects.filter(pk=refund.pk).update(status=Refund.Status.FAILED, failure="lost_or_stolen_card")
        Payment.objects.filter(pk=payment.pk).update(refunded=0)
        return {"failed_refund": refund.pk, "failed_refund_of": payment.pk}

    def loads(self) -> dict[str, Any]:
        shop, (matching, faulty, good) = self.till.shop, self.style.files
        loads: dict[str, Load] = {
            "matching": started(shop, matching),
            "checked": read(shop, faulty),
            "loaded": confirmed(read(shop, good)),
        }
        return {name: load.pk for name, load in loads.items()}
