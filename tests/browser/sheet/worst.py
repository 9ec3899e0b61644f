"""The worst: names of sixty letters, -€1,234,567.89, errors of twelve lines, forty needs, in Spanish."""

from __future__ import annotations

from django.utils import timezone

from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from phonepay.payments.book_models import ReconciliationRun
from phonepay.payments.models import Payment, Refund, StripeEvent
from phonepay.protection.callers import HIDDEN, key_of
from phonepay.protection.judging import Verdict
from phonepay.protection.limits import WEEK
from phonepay.protection.measures import take, take_line_step
from phonepay.protection.steps import Step, Why
from tests.browser.sheet.rows import Style, make_rows
from tests.browser.sheet.setting_up import set_up
from tests.browser.sheet.worlds import LONG, World, people_of, seal_activity
from tests.payments.books import check_books
from tests.shop import Till, make_line

MOST_AT_ONCE = 99_999_999  # minor units: Stripe takes no more
WORST_SUM = 123_456_789
NEEDS = 40
ERROR = "\n".join(f"{line}. request req_{'x' * 24} failed: {LONG}" for line in range(1, 13))
HEAD = "Order,Customer,Phone,Amount due,Remarks\n"
FILE = HEAD + f"2026-0022-3301,{LONG},+34 600 000 102,999999.99,{'x' * 300}\n"
FAULTS = HEAD + "".join(f"F-{row}-{LONG},{LONG},12,{LONG},4242 4242 4242 4242\n" for row in range(12))


def make(till: Till) -> World:
    world = World("worst")
    Merchant.objects.update(name=f"Panadería {LONG}", time_zone="Europe/Madrid", region="ES")
    for number in ("+34600000199", "+34600000198"):
        make_line(till.shop, phone_number=number)
    Line.objects.update(
        currency="eur", ceiling=MOST_AT_ONCE, fixed_amount=MOST_AT_ONCE, locales=["es-ES", "en-US", "es-MX"],
        behavior_by=LONG, overage="ask", overage_cap=5_000, person_number="+34600000142",
        words={"es-ES": {"order.confirm": f"{LONG} {{order}} {{amount}} 1 2"}},
    )  # fmt: skip
    till.shop.refresh_from_db()
    people_of(world, name=LONG, language="es")
    set_up(till, world, done=6, word=LONG)
    _a_million_back(till)
    check_books(till)
    files = (FILE, FAULTS, FILE.replace("3301", "4401"))
    make_rows(till, world, Style((LONG,), "2026-0011-", MOST_AT_ONCE, "eur", "x" * 500, files))
    payment = Payment.objects.get(pk=world.rows["refunded"])
    _forty_needs(till, payment)
    Payment.objects.filter(pk=payment.pk).update(amount=WORST_SUM, refunded=WORST_SUM)
    Refund.objects.filter(payment=payment).update(amount=WORST_SUM, note="x" * 500)
    Order.objects.filter(pk=payment.order_id).update(amount=WORST_SUM)
    Payment.objects.filter(pk=world.rows["declined"]).update(failure=ERROR[:200])
    Payment.objects.filter(pk=world.rows["unknown"]).update(error=ERROR[:500], tries=40)
    ReconciliationRun.objects.update(error=ERROR)
    StripeEvent.objects.filter(handled_at=None).update(error=ERROR, tries=40)
    _all_that_is_held(till)
    seal_activity(torn=True)
    return world


def _all_that_is_held(till: Till) -> None:
    """Both lines in their last steps, a card, those who hide their number, and a caller whose call is known."""
    now = timezone.now()
    sid = Payment.objects.exclude(call_sid="").values_list("call_sid", flat=True)[0]
    held = {("caller", key_of("+34600000102")): 12, ("caller", HIDDEN): 1234, ("card", "Xt5EWLLDS7FJjR1c"): 6}
    for (kind, key), count in held.items():
        verdict = Verdict(Step.REFUSED, Why.CARDS if kind == "caller" else Why.CARD_CALLERS, count, now + WEEK)
        take(line=till.line, kind=kind, key=key, verdict=verdict, call_sid=sid, now=now)
    for line in Line.objects.all():
        take_line_step(line=line, step=Step.PERSON, why=Why.LINE_DECLINES, count=1234, call_sid="", now=now)


def _a_million_back(till: Till) -> None:
    """Two payments of today that went back: together the sum to be seen."""
    for amount in (MOST_AT_ONCE, WORST_SUM - MOST_AT_ONCE):
        till.refund(till.pay(till.order(f"{amount}", amount, "eur"), currency="eur"))


def _forty_needs(till: Till, payment: Payment) -> None:
    """Money that came a second time, for each of which somebody has to decide."""
    for _ in range(NEEDS):
        twice = till.agree(None, now=payment.agreed_at, currency="eur")
        Payment.objects.filter(pk=twice.pk).update(
            overpaid=True,
            status="succeeded",
            charge_id=f"ch_{twice.pk}",
            order=payment.order,
            settled_at=twice.agreed_at,
        )
