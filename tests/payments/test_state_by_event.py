"""The table state × event: what each thing that can happen does to a payment in each state, one test a cell.

The order is for 42.50, the consent allows 100.00. Columns: the next state; minor units at Stripe and in the ledger; the
order's status and whether it is claimed; what the one who did it is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from phonepay.orders.models import Order
from phonepay.payments import stripe_side
from tests.payments.states_and_events import EVENTS, STATES
from tests.shop import Till, consent, fresh

TABLE = """
agreed           | action                    | succeeded | 4250 | 4250 | paid             | free | paid
agreed           | action, declined          | declined  |    0 |    0 | unpaid           | free | declined
agreed           | action, answer lost       | unknown   |    0 |    0 | unpaid           | held | checking
agreed           | action, Stripe refuses    | failed    |    0 |    0 | unpaid           | free | failed
agreed           | action, order changed     | abandoned |    0 |    0 | unpaid           | free | changed
agreed           | action again later        | succeeded | 4250 | 4250 | paid             | free | as it is
agreed           | action twice at once      | succeeded | 4250 | 4250 | paid             | free | once
agreed           | action of an older card   | agreed    |    0 |    0 | unpaid           | free | as it is
agreed           | further card              | succeeded | 4250 | 4250 | paid             | free | paid
agreed           | hang-up                   | agreed    |    0 |    0 | unpaid           | free | ends soon
agreed           | call ended                | abandoned |    0 |    0 | unpaid           | free | ended
agreed           | event: succeeded          | succeeded | 4250 | 4250 | paid             | free | -
agreed           | event: payment_failed     | agreed    |    0 |    0 | unpaid           | free | -
agreed           | event: canceled           | agreed    |    0 |    0 | unpaid           | free | -
agreed           | sweeper, a minute later   | agreed    |    0 |    0 | unpaid           | free | -
agreed           | sweeper, an hour later    | abandoned |    0 |    0 | unpaid           | free | -
agreed           | sweeper, turned away      | agreed    |    0 |    0 | unpaid           | free | -
agreed           | operator edits            | agreed    |    0 |    0 | unpaid           | free | done
agreed           | operator cancels          | agreed    |    0 |    0 | cancelled        | free | done
agreed           | operator marks paid       | agreed    |    0 |    0 | paid_another_way | free | done
agreed           | operator refunds          | agreed    |    0 |    0 | unpaid           | free | refused
agreed           | operator charges more     | agreed    |    0 |    0 | unpaid           | free | unpaid

charging         | action                    | charging  |    0 |    0 | unpaid           | held | as it is
charging         | action, declined          | charging  |    0 |    0 | unpaid           | held | as it is
charging         | action, answer lost       | charging  |    0 |    0 | unpaid           | held | as it is
charging         | action, Stripe refuses    | charging  |    0 |    0 | unpaid           | held | as it is
charging         | action, order changed     | charging  |    0 |    0 | unpaid           | held | as it is
charging         | action again later        | charging  |    0 |    0 | unpaid           | held | as it is
charging         | action twice at once      | charging  |    0 |    0 | unpaid           | held | never
charging         | action of an older card   | charging  |    0 |    0 | unpaid           | held | as it is
charging         | further card              | charging  |    0 |    0 | unpaid           | held | no card
charging         | hang-up                   | charging  |    0 |    0 | unpaid           | held | goes on
charging         | call ended                | charging  |    0 |    0 | unpaid           | held | goes on
charging         | event: succeeded          | succeeded | 4250 | 4250 | paid             | free | -
charging         | event: payment_failed     | declined  |    0 |    0 | unpaid           | free | -
charging         | event: canceled           | failed    |    0 |    0 | unpaid           | free | -
charging         | sweeper, a minute later   | succeeded | 4250 | 4250 | paid             | free | -
charging         | sweeper, an hour later    | failed    |    0 |    0 | unpaid           | free | -
charging         | sweeper, turned away      | declined  |    0 |    0 | unpaid           | free | -
charging         | operator edits            | charging  |    0 |    0 | unpaid           | held | refused
charging         | operator cancels          | charging  |    0 |    0 | unpaid           | held | refused
charging         | operator marks paid       | charging  |    0 |    0 | unpaid           | held | refused
charging         | operator refunds          | charging  |    0 |    0 | unpaid           | held | refused
charging         | operator charges more     | charging  |    0 |    0 | unpaid           | held | unpaid

unknown, moved   | action                    | unknown   | 4250 |    0 | unpaid           | held | as it is
unknown, moved   | action, declined          | unknown   | 4250 |    0 | unpaid           | held | as it is
unknown, moved   | action, answer lost       | unknown   | 4250 |    0 | unpaid           | held | as it is
unknown, moved   | action, Stripe refuses    | unknown   | 4250 |    0 | unpaid           | held | as it is
unknown, moved   | action, order changed     | unknown   | 4250 |    0 | unpaid           | held | as it is
unknown, moved   | action again later        | unknown   | 4250 |    0 | unpaid           | held | as it is
unknown, moved   | action twice at once      | unknown   | 4250 |    0 | unpaid           | held | never
unknown, moved   | action of an older card   | unknown   | 4250 |    0 | unpaid           | held | as it is
unknown, moved   | further card              | unknown   | 4250 |    0 | unpaid           | held | no card
unknown, moved   | hang-up                   | unknown   | 4250 |    0 | unpaid           | held | goes on
unknown, moved   | call ended                | unknown   | 4250 |    0 | unpaid           | held | goes on
unknown, moved   | event: succeeded          | succeeded | 4250 | 4250 | paid             | free | -
unknown, moved   | event: payment_failed     | succeeded | 4250 | 4250 | paid             | free | -
unknown, moved   | event: canceled           | succeeded | 4250 | 4250 | paid             | free | -
unknown, moved   | sweeper, a minute later   | succeeded | 4250 | 4250 | paid             | free | -
unknown, moved   | sweeper, an hour later    | succeeded | 4250 | 4250 | paid             | free | -
unknown, moved   | sweeper, turned away      | succeeded | 4250 | 4250 | paid             | free | -
unknown, moved   | operator edits            | unknown   | 4250 |    0 | unpaid           | held | refused
unknown, moved   | operator cancels          | unknown   | 4250 |    0 | unpaid           | held | refused
unknown, moved   | operator marks paid       | unknown   | 4250 |    0 | unpaid           | held | refused
unknown, moved   | operator refunds          | unknown   | 4250 |    0 | unpaid           | held | refused
unknown, moved   | operator charges more     | unknown   | 4250 |    0 | unpaid           | held | unpaid

unknown, lost    | action                    | unknown   |    0 |    0 | unpaid           | held | as it is
unknown, lost    | action, declined          | unknown   |    0 |    0 | unpaid           | held | as it is
unknown, lost    | action, answer lost       | unknown   |    0 |    0 | unpaid           | held | as it is
unknown, lost    | action, Stripe refuses    | unknown   |    0 |    0 | unpaid           | held | as it is
unknown, lost    | action, order changed     | unknown   |    0 |    0 | unpaid           | held | as it is
unknown, lost    | action again later        | unknown   |    0 |    0 | unpaid           | held | as it is
unknown, lost    | action twice at once      | unknown   |    0 |    0 | unpaid           | held | never
unknown, lost    | action of an older card   | unknown   |    0 |    0 | unpaid           | held | as it is
unknown, lost    | further card              | unknown   |    0 |    0 | unpaid           | held | no card
unknown, lost    | hang-up                   | unknown   |    0 |    0 | unpaid           | held | goes on
unknown, lost    | call ended                | unknown   |    0 |    0 | unpaid           | held | goes on
unknown, lost    | event: succeeded          | succeeded | 4250 | 4250 | paid             | free | -
unknown, lost    | event: payment_failed     | declined  |    0 |    0 | unpaid           | free | -
unknown, lost    | event: canceled           | failed    |    0 |    0 | unpaid           | free | -
unknown, lost    | sweeper, a minute later   | failed    |    0 |    0 | unpaid           | free | -
unknown, lost    | sweeper, an hour later    | failed    |    0 |    0 | unpaid           | free | -
unknown, lost    | sweeper, turned away      | failed    |    0 |    0 | unpaid           | free | -
unknown, lost    | operator edits            | unknown   |    0 |    0 | unpaid           | held | refused
unknown, lost    | operator cancels          | unknown   |    0 |    0 | unpaid           | held | refused
unknown, lost    | operator marks paid       | unknown   |    0 |    0 | unpaid           | held | refused
unknown, lost    | operator refunds          | unknown   |    0 |    0 | unpaid           | held | refused
unknown, lost    | operator charges more     | unknown   |    0 |    0 | unpaid           | held | unpaid

succeeded        | action                    | succeeded | 4250 | 4250 | paid             | free | as it is
succeeded        | action, declined          | succeeded | 4250 | 4250 | paid             | free | as it is
succeeded        | action, answer lost       | succeeded | 4250 | 4250 | paid             | free | as it is
succeeded        | action, Stripe refuses    | succeeded | 4250 | 4250 | paid             | free | as it is
succeeded        | action, order changed     | succeeded | 4250 | 4250 | paid             | free | as it is
succeeded        | action again later        | succeeded | 4250 | 4250 | paid             | free | as it is
succeeded        | action twice at once      | succeeded | 4250 | 4250 | paid             | free | never
succeeded        | action of an older card   | succeeded | 4250 | 4250 | paid             | free | as it is
succeeded        | further card              | succeeded | 4250 | 4250 | paid             | free | no card
succeeded        | hang-up                   | succeeded | 4250 | 4250 | paid             | free | goes on
succeeded        | call ended                | succeeded | 4250 | 4250 | paid             | free | goes on
succeeded        | event: succeeded          | succeeded | 4250 | 4250 | paid             | free | -
succeeded        | event: payment_failed     | succeeded | 4250 | 4250 | paid             | free | -
succeeded        | event: canceled           | succeeded | 4250 | 4250 | paid             | free | -
succeeded        | sweeper, a minute later   | succeeded | 4250 | 4250 | paid             | free | -
succeeded        | sweeper, an hour later    | succeeded | 4250 | 4250 | paid             | free | -
succeeded        | sweeper, turned away      | succeeded | 4250 | 4250 | paid             | free | -
succeeded        | operator edits            | succeeded | 4250 | 4250 | paid             | free | refused
succeeded        | operator cancels          | succeeded | 4250 | 4250 | paid             | free | refused
succeeded        | operator marks paid       | succeeded | 4250 | 4250 | paid             | free | refused
succeeded        | operator refunds          | succeeded |    0 |    0 | refunded         | free | refunded
succeeded        | operator charges more     | succeeded | 5250 | 5250 | paid             | free | charged

declined         | action                    | declined  |    0 |    0 | unpaid           | free | as it is
declined         | action, declined          | declined  |    0 |    0 | unpaid           | free | as it is
declined         | action, answer lost       | declined  |    0 |    0 | unpaid           | free | as it is
declined         | action, Stripe refuses    | declined  |    0 |    0 | unpaid           | free | as it is
declined         | action, order changed     | declined  |    0 |    0 | unpaid           | free | as it is
declined         | action again later        | declined  |    0 |    0 | unpaid           | free | as it is
declined         | action twice at once      | declined  |    0 |    0 | unpaid           | free | never
declined         | action of an older card   | declined  |    0 |    0 | unpaid           | free | as it is
declined         | further card              | succeeded | 4250 | 4250 | paid             | free | paid
declined         | hang-up                   | declined  |    0 |    0 | unpaid           | free | goes on
declined         | call ended                | declined  |    0 |    0 | unpaid           | free | ended
declined         | event: succeeded          | succeeded | 4250 | 4250 | paid             | free | -
declined         | event: payment_failed     | declined  |    0 |    0 | unpaid           | free | -
declined         | event: canceled           | declined  |    0 |    0 | unpaid           | free | -
declined         | sweeper, a minute later   | declined  |    0 |    0 | unpaid           | free | -
declined         | sweeper, an hour later    | declined  |    0 |    0 | unpaid           | free | -
declined         | sweeper, turned away      | declined  |    0 |    0 | unpaid           | free | -
declined         | operator edits            | declined  |    0 |    0 | unpaid           | free | done
declined         | operator cancels          | declined  |    0 |    0 | cancelled        | free | done
declined         | operator marks paid       | declined  |    0 |    0 | paid_another_way | free | done
declined         | operator refunds          | declined  |    0 |    0 | unpaid           | free | refused
declined         | operator charges more     | declined  |    0 |    0 | unpaid           | free | unpaid

abandoned        | action                    | abandoned |    0 |    0 | unpaid           | free | as it is
abandoned        | action, declined          | abandoned |    0 |    0 | unpaid           | free | as it is
abandoned        | action, answer lost       | abandoned |    0 |    0 | unpaid           | free | as it is
abandoned        | action, Stripe refuses    | abandoned |    0 |    0 | unpaid           | free | as it is
abandoned        | action, order changed     | abandoned |    0 |    0 | unpaid           | free | as it is
abandoned        | action again later        | abandoned |    0 |    0 | unpaid           | free | as it is
abandoned        | action twice at once      | abandoned |    0 |    0 | unpaid           | free | never
abandoned        | action of an older card   | abandoned |    0 |    0 | unpaid           | free | as it is
abandoned        | further card              | abandoned |    0 |    0 | unpaid           | free | no card
abandoned        | hang-up                   | abandoned |    0 |    0 | unpaid           | free | goes on
abandoned        | call ended                | abandoned |    0 |    0 | unpaid           | free | goes on
abandoned        | event: succeeded          | succeeded | 4250 | 4250 | paid             | free | -
abandoned        | event: payment_failed     | abandoned |    0 |    0 | unpaid           | free | -
abandoned        | event: canceled           | abandoned |    0 |    0 | unpaid           | free | -
abandoned        | sweeper, a minute later   | abandoned |    0 |    0 | unpaid           | free | -
abandoned        | sweeper, an hour later    | abandoned |    0 |    0 | unpaid           | free | -
abandoned        | sweeper, turned away      | abandoned |    0 |    0 | unpaid           | free | -
abandoned        | operator edits            | abandoned |    0 |    0 | unpaid           | free | done
abandoned        | operator cancels          | abandoned |    0 |    0 | cancelled        | free | done
abandoned        | operator marks paid       | abandoned |    0 |    0 | paid_another_way | free | done
abandoned        | operator refunds          | abandoned |    0 |    0 | unpaid           | free | refused
abandoned        | operator charges more     | abandoned |    0 |    0 | unpaid           | free | unpaid

failed           | action                    | failed    |    0 |    0 | unpaid           | free | as it is
failed           | action, declined          | failed    |    0 |    0 | unpaid           | free | as it is
failed           | action, answer lost       | failed    |    0 |    0 | unpaid           | free | as it is
failed           | action, Stripe refuses    | failed    |    0 |    0 | unpaid           | free | as it is
failed           | action, order changed     | failed    |    0 |    0 | unpaid           | free | as it is
failed           | action again later        | failed    |    0 |    0 | unpaid           | free | as it is
failed           | action twice at once      | failed    |    0 |    0 | unpaid           | free | never
failed           | action of an older card   | failed    |    0 |    0 | unpaid           | free | as it is
failed           | further card              | failed    |    0 |    0 | unpaid           | free | no card
failed           | hang-up                   | failed    |    0 |    0 | unpaid           | free | goes on
failed           | call ended                | failed    |    0 |    0 | unpaid           | free | goes on
failed           | event: succeeded          | succeeded | 4250 | 4250 | paid             | free | -
failed           | event: payment_failed     | failed    |    0 |    0 | unpaid           | free | -
failed           | event: canceled           | failed    |    0 |    0 | unpaid           | free | -
failed           | sweeper, a minute later   | failed    |    0 |    0 | unpaid           | free | -
failed           | sweeper, an hour later    | failed    |    0 |    0 | unpaid           | free | -
failed           | sweeper, turned away      | failed    |    0 |    0 | unpaid           | free | -
failed           | operator edits            | failed    |    0 |    0 | unpaid           | free | done
failed           | operator cancels          | failed    |    0 |    0 | cancelled        | free | done
failed           | operator marks paid       | failed    |    0 |    0 | paid_another_way | free | done
failed           | operator refunds          | failed    |    0 |    0 | unpaid           | free | refused
failed           | operator charges more     | failed    |    0 |    0 | unpaid           | free | unpaid
"""


@dataclass(frozen=True)
class Cell:
    state: str
    event: str
    becomes: str
    at_stripe: int
    in_ledger: int
    order: str
    claim: str
    told: str


def cells() -> list[Cell]:
    rows = [[part.strip() for part in line.split("|")] for line in TABLE.splitlines() if line.strip()]
    return [Cell(*row[:3], int(row[3]), int(row[4]), *row[5:]) for row in rows]


@pytest.mark.database
@pytest.mark.parametrize("cell", cells(), ids=lambda cell: f"{cell.state} × {cell.event}")
def test_a_payment(cell: Cell, till: Till) -> None:
    order = till.order()
    payment = till.agree(order, consent=consent())
    stripe_side.prepare(payment)
    STATES[cell.state](till, payment)

    told = EVENTS[cell.event](till, fresh(payment))

    order = Order.objects.get(pk=order.pk)
    claim = {None: "free", payment.pk: "held"}[order.claimed_by]
    seen = (fresh(payment).status, till.at_stripe, till.in_ledger, order.status, claim, told)
    assert seen == (cell.becomes, cell.at_stripe, cell.in_ledger, cell.order, cell.claim, cell.told)


def test_the_table_has_every_cell_once() -> None:
    assert sorted((cell.state, cell.event) for cell in cells()) == sorted(
        (state, event) for state in STATES for event in EVENTS
    )
