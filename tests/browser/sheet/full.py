"""A shop at work: some days of the demo's month, the books checked, and one of each kind of row."""

from __future__ import annotations

from phonepay.calls.models import Call
from phonepay.cli.demo_month import Month
from phonepay.merchant.models import Line, Merchant
from phonepay.payments.models import LedgerEntry
from tests.browser.sheet.rows import Style, make_rows
from tests.browser.sheet.setting_up import set_up
from tests.browser.sheet.worlds import World, people_of, seal_activity
from tests.payments.books import check_books
from tests.shop import Till, make_line

DAYS = 9
NUMBER = "+12025550199"
FILE = (
    "Order,Customer,Phone,Amount due,Remarks\nM-1,Ana Ruiz,(202) 555-0101,42.50,\nM-2,Bo Lindqvist,,18.00,Call first\n"
)
FAULTY = FILE + "M-3,Chidi Okafor,12,18.00,\nM-4,Dolores de la Cruz,,free,\n"


def make(till: Till) -> World:
    world = World("full")
    Merchant.objects.update(name="Harbor Garage")
    make_line(till.shop, phone_number=NUMBER)
    Month(till.standin, till.key, NUMBER, days=DAYS).make(lambda _: None)  # type: ignore[arg-type]  # there is one
    Line.objects.update(
        person_hours={"0": [["09:00", "12:00"], ["13:00", "17:00"]], "5": [["10:00", "14:00"]]},
        locales=["en-US", "es-US"],
    )
    till.shop.refresh_from_db()
    people_of(world)
    set_up(till, world, done=7)
    till.account.pay_out()
    some = LedgerEntry.objects.filter(kind="sale").latest("pk")
    LedgerEntry._base_manager.filter(pk=some.pk).update(amount=some.amount - 250)  # so that the books differ once
    check_books(till)
    names = ("Ana Ruiz", "Bo Lindqvist", "Chidi Okafor", "Dolores de la Cruz")
    note = "Back door, ring twice"
    make_rows(till, world, Style(names, "", 12_450, "usd", note, (FILE, FAULTY, FILE.replace("M-", "N-"))))
    # One of the month's: they were spoken, while those of the rows have no words.
    world.rows["call"] = Call.objects.filter(told="paid", payment__status="succeeded", turn__gt=3).latest("pk").pk
    seal_activity()
    return world
