"""Stripe's events: stored once, handled later by reading again, forgotten where they are somebody else's."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
import stripe
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from phonepay.payments import stripe_events, stripe_side
from phonepay.payments.gateway import BadSignature, EventFacts, read_event
from phonepay.payments.models import Payment, StripeEvent
from tests.shop import GOOD, Till, fresh, sweep, together

SUCCEEDED = "payment_intent.succeeded"


def facts(
    till: Till, *, identity: str = "evt_1", kind: str = SUCCEEDED, metadata: dict[str, str] | None = None
) -> EventFacts:
    ours = {"installation": str(till.shop.installation)} if metadata is None else metadata
    return EventFacts(identity, kind, 1_700_000_000, False, "pi_1", ours)


@pytest.mark.database
def test_an_event_is_stored_once(till: Till) -> None:
    together(*[lambda: stripe_events.store(event=facts(till), now=timezone.now()) for _ in range(3)])
    assert StripeEvent.objects.get().object_id == "pi_1"


@pytest.mark.database
def test_ids_that_differ_by_case_are_two_events(till: Till) -> None:
    for identity in ("evt_a", "evt_A"):
        stripe_events.store(event=facts(till, identity=identity), now=timezone.now())
    assert StripeEvent.objects.count() == 2


@pytest.mark.parametrize("metadata", [{}, {"installation": str(UUID(int=7))}, {"installation": "x"}])
def test_of_anybody_elses_only_id_type_and_time_are_kept(metadata: dict[str, str], till: Till) -> None:
    stripe_events.store(event=facts(till, metadata=metadata), now=timezone.now())
    event = StripeEvent.objects.get()
    assert (event.id, event.type, event.object_id, event.ours) == ("evt_1", SUCCEEDED, "", False)


def test_it_is_kept_for_seven_days(till: Till) -> None:
    stripe_events.store(event=facts(till, metadata={}), now=timezone.now())
    sweep(timedelta(days=6, hours=23))
    assert StripeEvent.objects.exists()
    sweep(timedelta(days=7, minutes=1))
    assert not StripeEvent.objects.exists()


def test_our_own_are_kept(till: Till) -> None:
    payment = till.pay(till.order())
    till.hear(SUCCEEDED, payment.intent_id)
    sweep()
    sweep(timedelta(days=400))
    assert StripeEvent.objects.get().handled_at


def test_one_of_ours_that_nobody_handles_is_only_kept(till: Till) -> None:
    event = till.hear("payment_intent.created", "pi_1")
    assert (event.ours, event.due_at) == (True, None)


def test_an_event_is_a_hint_and_the_object_is_read_again(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    till.claim(payment)
    event = till.hear_and_handle(SUCCEEDED, payment.intent_id)  # it says so; it is not so
    assert (fresh(payment).status, bool(event.handled_at)) == ("charging", True)


def test_a_handler_that_fails_keeps_its_error_and_is_tried_again(till: Till) -> None:
    payment = till.pay(till.order())
    till.faults.fail("GET", "/v1/payment_intents/*", status=500)
    event = till.hear(SUCCEEDED, payment.intent_id)
    sweep()
    event.refresh_from_db()
    assert "Unanswered" in event.error and event.handled_at is None and event.tries == 1
    sweep(timedelta(minutes=1))
    event.refresh_from_db()
    assert (event.error, event.due_at, event.tries) == ("", None, 2)


def test_a_failing_handler_waits_longer_from_try_to_try(till: Till) -> None:
    event = till.hear(SUCCEEDED, "pi_gone")
    waits = []
    for _ in range(14):
        sweep(event.due_at - timezone.now())
        before = event.due_at
        event.refresh_from_db()
        waits.append(round((event.due_at - before).total_seconds()))
    assert waits[:4] == [2, 4, 8, 16] and waits[-1] == 600


def test_what_a_lost_create_made_is_known_by_its_metadata(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    Payment.objects.update(intent_id=None)
    till.client.payment_intents.confirm(payment.intent_id, {"payment_method": till.card(GOOD).payment_method})
    till.hear_and_handle(SUCCEEDED, payment.intent_id)
    assert fresh(payment).status == "succeeded"


def test_the_end_of_an_intent_that_is_not_the_payments_proves_nothing(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    lost = till.client.payment_intents.create(
        {"amount": 4250, "currency": "usd", "metadata": till.intent(payment)["metadata"]}
    )
    till.claim(payment)
    till.client.payment_intents.cancel(lost.id)
    till.hear_and_handle("payment_intent.canceled", lost.id)
    assert fresh(payment).status == "charging"


def test_an_intent_of_another_installation_is_somebody_elses(till: Till) -> None:
    foreign = till.client.payment_intents.create(
        {"amount": 900, "currency": "usd", "metadata": {"payment": "x", "installation": "y"}}
    )
    event = till.hear_and_handle(SUCCEEDED, foreign.id)
    assert (event.ours, event.object_id) == (False, "")


def test_a_webhook_is_read_only_with_our_signature(till: Till) -> None:
    subject = {"object": {"id": "pi_1", "metadata": {"a": "b"}}}
    event = {"id": "evt_1", "object": "event", "type": "x", "created": 1, "livemode": False, "data": subject}
    payload = json.dumps(event).encode()
    secret, now = "whsec_thetestsownsecret00", int(timezone.now().timestamp())
    signed = stripe.WebhookSignature._compute_signature(f"{now}.{payload.decode()}", secret)
    assert read_event(payload, f"t={now},v1={signed}") == EventFacts("evt_1", "x", 1, False, "pi_1", {"a": "b"})
    for header in ("", f"t={now},v1={signed[:-1]}0x", f"t={now - 301},v1={signed}"):
        with pytest.raises(BadSignature):
            read_event(payload, header)


@pytest.mark.django_db
def test_without_a_secret_no_webhook_is_read(settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ()
    with pytest.raises(BadSignature):
        read_event(b"{}", "t=1,v1=0")


@pytest.mark.database
def test_an_id_cannot_be_stored_twice(till: Till) -> None:
    event = till.hear(SUCCEEDED, "pi_1")
    with pytest.raises(IntegrityError), transaction.atomic():
        StripeEvent.objects.create(
            id=event.id, type="x", ours=True, livemode=False, created_at=timezone.now(), received_at=timezone.now()
        )


def test_an_intent_that_names_our_payment_and_another_installation_is_not_ours(till: Till) -> None:
    """A copy of the database, restored beside the first on the same account, say."""
    payment = till.agree(till.order())
    names = {"payment": str(payment.pk), "installation": str(UUID(int=7))}
    foreign = till.client.payment_intents.create(
        {"amount": 900, "currency": "usd", "metadata": names, "confirm": True,
         "payment_method": till.card().payment_method, "allowed_payment_method_types": ["card"]}
    )  # fmt: skip
    event = till.hear_and_handle(SUCCEEDED, foreign.id)
    assert (event.ours, fresh(payment).status) == (False, "agreed")
