"""What was brought over, in the panel: as any other payment, with a refund and without an extra charge."""

from pathlib import Path

from django.urls import reverse

from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from tests.cli.conftest import Command
from tests.imports.ancestor.old import Old
from tests.imports.ancestor.told import charge, paid_order
from tests.shop import Till
from tests.web.cast import person, signed_in


def test_its_pages_open(phonepay: Command, old: Old, till: Till, tmp_path: Path) -> None:
    assert till.line.pk
    order = paid_order(old, charge(till))
    old.transaction(order, "failed", "Not available", '"The payment was not completed successfully"')
    assert phonepay("import-ancestor", old.url, "--write").code == 0
    reader = signed_in(person())
    payment = Payment.objects.get(status="succeeded")
    page = reader.get(f"/payments/{payment.pk}", follow=True)
    assert page.status_code == 200 and "Refund" in page.content.decode()
    for address in ("/", "/payments?period=all", "/orders", f"/orders/{Order.objects.get().pk}", reverse("activity")):
        page = reader.get(address, follow=True)
        assert page.status_code == 200
    assert "Brought over what the first Phone Pay kept" in page.content.decode()
    assert phonepay("payment", "show", "1234").code == 0
