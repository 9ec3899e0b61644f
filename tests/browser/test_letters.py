"""Every letter as a mail program shows it, in both languages: for somebody to look at, and held to what pages are.

The pictures are in .test/contact-sheet/letters, all of them on letters.png.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import escape
from uuid import UUID

import pytest
from django.utils import timezone, translation
from playwright.sync_api import Browser, Page
from pytest_django import Settings

from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert, over, told
from phonepay.events import types
from phonepay.events.models import record
from phonepay.merchant.mail_account import read
from phonepay.merchant.models import Merchant
from phonepay.notifications import outbox, postbox
from phonepay.notifications.letters import Letter, email_of
from phonepay.notifications.models import Delivery
from phonepay.orders.models import Order
from phonepay.payments.models import Payment, Refund
from phonepay.people.invitations import invite
from phonepay.people.permissions import actor
from tests.browser.conftest import AXE
from tests.browser.sheet import album
from tests.browser.sheet.camera import TAGS, TOO_WIDE
from tests.notifications.cast import owed
from tests.payments.conftest import stripe_standin, till
from tests.shop import DECLINED, OLIVIA, Till, consent, fresh
from tests.web.cast import person

__all__ = ["stripe_standin", "till"]

WIDTHS = {"desk": 700, "phone": 360}
LONG = "Wolfeschlegelsteinhausenbergerdorff y Compañía de Reparaciones"
FOLDER = album.FOLDER / "letters"


@pytest.fixture
def rows(till: Till, settings: Settings) -> dict[str, Delivery]:
    """A letter of each kind that is owed."""
    settings.PHONEPAY_EMAIL_URL, settings.PHONEPAY_EMAIL_FROM = "smtp://127.0.0.1:1", "pay@harbor.example"
    Merchant.objects.update(name="Harbor Garage", shop_phone="+12025550142")
    till.shop.refresh_from_db()
    now, ana = timezone.now(), person(email="ana@harbor.example")
    order = till.order("1042")
    paid = till.pay(order, consent=consent(5_000))
    extra = till.overage(Order.objects.get(pk=order.pk), 1_800)
    [refund] = till.refund(paid, 1_250)
    twice = till.pay(till.order("1043"))
    Payment.objects.filter(pk=twice.pk).update(overpaid=True)
    declined = till.charge(till.agree(till.order("1044")), DECLINED)
    invited = invite(email="bo@harbor.example", role="operator", by=OLIVIA, now=now, invited_by=ana)
    changed = record(types.PERSON_PASSWORD_CHANGED, subject=("person", ana.pk), by=actor(ana), now=now)
    for kind, facts in (("pay_error", {"code": "64004"}), ("fallback_used", {})):
        alert(kind=kind, facts=facts, times=12, now=now - timedelta(hours=2))
    failing, gone = Alert.objects.get(kind="pay_error"), Alert.objects.get(kind="fallback_used")
    told(row=gone, now=now)
    over(kind=gone.kind, now=now)
    subjects = {
        "payment": paid.pk, "overage": extra.pk, "refund": Refund.objects.get(pk=refund.pk).pk,
        "not_charged": fresh(declined).pk, "invitation": invited.pk, "password": ana.pk, "account": changed.pk,
        "alert": failing.pk, "alert_over": gone.pk,
    }  # fmt: skip
    made = {kind: owed(kind=kind, subject=str(subject), user=ana, order=order) for kind, subject in subjects.items()}
    return made | {"payment-twice": owed(kind="payment", subject=str(twice.pk), order=order)}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: pytest.fail(f"a letter asks for {request.url}"))
    yield page
    context.close()


def written(rows: dict[str, Delivery], language: str) -> dict[str, Letter]:
    letters = {}
    for name, row in rows.items():
        row.language = language
        letter = outbox.write(row, timezone.now())
        assert letter is not None, f"{name} is not written"
        letters[name] = letter
    with translation.override(language):
        letters["test"] = postbox._letter(timezone.now())
    worst = letters["payment"]
    facts = (*worst.facts, (LONG, LONG * 2))
    return letters | {
        "worst": replace(worst, shop=LONG, figure="$12,345,678,901.23", facts=facts, paragraphs=(LONG * 9,))
    }


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_letter_reads_well(language: str, rows: dict[str, Delivery], page: Page) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    account = read("smtp://127.0.0.1:1", "pay@harbor.example", "")
    assert account is not None
    faults, pictures = [], []
    for name, letter in written(rows, language).items():
        with translation.override(language):
            message = email_of(letter, to="ana@customer.example", identity=UUID(int=7), account=account)
        (alternative,) = message.alternatives
        (FOLDER / f"{name}--{language}.txt").write_text(f"{message.subject}\n\n{message.body}", encoding="utf-8")
        page.set_content(str(alternative.content))
        for width, wide in WIDTHS.items():
            page.set_viewport_size({"width": wide, "height": 400})
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of its words
                path = FOLDER / f"{name}--{language}--{width}--{theme}.png"
                page.screenshot(path=path, full_page=True)
                pictures.append(path.name)
                page.evaluate(AXE.read_text(encoding="utf-8"))
                found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
                faults += [f"{name}, {theme}: {each['id']}: {node['html'][:120]}"
                           for each in found["violations"] for node in each["nodes"]]  # fmt: skip
            too_wide = page.evaluate(TOO_WIDE)
            faults += [f"{name}, {width}: {too_wide} pixels too wide"] if too_wide > 0 else []
        assert max(len(line) for line in message.body.splitlines() if not line.startswith("http")) < 200
    _lay_out(page, language, pictures)
    assert not faults, "\n".join(sorted(set(faults)))


def _lay_out(page: Page, language: str, pictures: list[str]) -> None:
    """All of one language on one picture."""
    images = "".join(
        f'<img src="{escape(each)}" height="420">' for each in pictures if "desk" in each or "dark" in each
    )
    source = FOLDER / f".{language}.html"
    source.write_text(f'<body style="background:#ccc">{images}</body>', encoding="utf-8")
    sheet = page.context.browser.new_page(viewport={"width": 2000, "height": 800})  # type: ignore[union-attr]  # it is there
    sheet.goto(source.as_uri())
    sheet.screenshot(path=FOLDER / f"letters-{language}.png", full_page=True)
    sheet.close()
    source.unlink()
