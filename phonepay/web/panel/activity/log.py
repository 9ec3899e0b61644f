"""The rows of Activity: an event, told. Whatever the number of rows, what they are about is read in six queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from phonepay.alerts.words import title_of
from phonepay.calls.models import Call
from phonepay.events import types
from phonepay.events.actors import CALL, FROM_STRIPE, PANEL, TERMINAL, WORKER
from phonepay.events.models import Event
from phonepay.lib import phone
from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from phonepay.people.models import User
from phonepay.web.panel import formats
from phonepay.web.panel.activity.changes import ROLES, Change, changes_of
from phonepay.web.panel.activity.sentences import EXPORTED, KEYS, SENTENCES
from phonepay.web.panel.guarded import said_of_lifting, said_of_step
from phonepay.web.panel.money.reasons import decline, refund_failure
from phonepay.web.panel.money.refunding import REASONS
from phonepay.web.panel.paging import Page, Place, Source, page_of

MISSING = "…"
_MOST_IN_VIEW = 4
_LONGEST_KEY = 18  # digits that fit into a big integer


@dataclass(frozen=True, slots=True)
class Row:
    """`url` is the page of what it is about, "" where there is none; `source_url` that of the call it came from."""

    event: Event
    who: str
    what: str
    url: str
    source: str
    source_url: str
    changes: Sequence[Change]

    @property
    def few(self) -> bool:
        return len(self.changes) <= _MOST_IN_VIEW


def activity(rows: QuerySet[Event], after: Place | None, region: str, size: int | None = None) -> Page[Row]:
    """One page, newest first."""
    source: Source[Event] = Source(rows, "at", "e", lambda event: event)
    page = page_of([source], after, size) if size else page_of([source], after)
    return Page(tell(page.rows, region), page.next, page.first)


def tell(events: Iterable[Event], region: str) -> list[Row]:
    """Events as rows."""
    found = list(events)
    about = _About(found, region)
    return [about.row(event) for event in found]


class _About:
    """What a page of events is about, read at once."""

    def __init__(self, events: Sequence[Event], region: str) -> None:
        ids = _ids(events)
        self.region = region
        rows = Payment.objects.select_related("order").filter(pk__in=ids["payment"])
        self.payments = {str(each.pk): each for each in rows}
        self.orders = {str(each.pk): each for each in Order.objects.filter(pk__in=ids["order"])}
        self.people = {str(each.pk): each for each in User.objects.filter(pk__in=ids["person"])}
        self.lines = {str(each.pk): each for each in Line.objects.filter(pk__in=ids["line"])}
        named = Q(pk__in=ids["call"]) | Q(sid__in=ids["sid"])
        calls = Call.objects.filter(named).only("pk", "sid", "phone") if ids["call"] or ids["sid"] else ()
        self.calls = {key: each for each in calls for key in (str(each.pk), each.sid)}

    def row(self, event: Event) -> Row:
        facts = _Facts(self._facts(event))
        sentence = SENTENCES.get(event.type)
        what = str(sentence) % facts if sentence else event.type.replace(".", ": ").replace("_", " ")
        source, source_url = self._source(event)
        payment = self._payment(event)
        currency = payment.currency if payment else self._currency(event)
        changes = changes_of(event.data, currency, self.region)
        return Row(event, self._who(event), what, self._url(event), source, source_url, changes)

    def _payment(self, event: Event) -> Payment | None:
        identity = event.subject_id if event.subject_kind == "payment" else str(event.data.get("payment", ""))
        return self.payments.get(identity)

    def _order(self, event: Event) -> Order | None:
        if event.subject_kind == "order":
            return self.orders.get(event.subject_id)
        payment = self._payment(event)
        return payment.order if payment else None

    def _currency(self, event: Event) -> str:
        line = self.lines.get(event.subject_id) if event.subject_kind == "line" else None
        about = line or self._order(event)
        return about.currency if about else ""

    def _facts(self, event: Event) -> dict[str, str]:
        """By the names that sentences use; what is not known is left out."""
        data, payment, order = event.data, self._payment(event), self._order(event)
        amount = data.get("amount", payment.amount if payment else None)
        currency = data.get("currency") or (payment.currency if payment else "")
        person, call = self.people.get(event.subject_id), self.calls.get(event.subject_id)
        to = self.orders.get(str(data.get("to", "")))
        facts: dict[str, Any] = {
            "amount": formats.money(amount, currency, self.region) if amount is not None and currency else "",
            "about": self._about(payment, order),
            "order": order.number if order else (payment.number if payment else ""),
            "card": formats.card(payment.card_brand, payment.card_last4) if payment else "",
            "reason": self._reason(event),
            "guarded": said_of_step(data) if event.type == types.PROTECTION_STEP else "",
            "lifted": said_of_lifting(data) if event.type == types.PROTECTION_LIFTED else "",
            "note": data.get("note"),
            "email": data.get("email"),
            "role": ROLES.get(str(data.get("role", ""))),
            "name": person.get_full_name() if person and event.subject_kind == "person" else "",
            "caller": phone.format_number(call.phone, self.region) if call and call.phone else _("a hidden number"),
            "kind": {"app": _("an app"), "passkey": _("a passkey")}.get(str(data.get("kind", ""))),
            "alert": title_of(str(data.get("kind", ""))) if event.subject_kind == "alert" else "",
            "rows": _count(data.get("rows")),
            "what": _what(event),
            "number": data.get("number"),
            "to": to.number if to else "",
            "file": data.get("file"),
            "address": data.get("address"),
            "place": data.get("place"),
            "added": _count(data.get("added")),
            "changed": _count(data.get("changed")),
            "difference": self._difference(data),
            "outcome": {"won": _("won"), "lost": _("lost"), "warning_closed": _("no charge back")}.get(
                str(data.get("status"))
            ),
        }
        return {name: str(value) for name, value in facts.items() if value}

    def _about(self, payment: Payment | None, order: Order | None) -> str:
        number = order.number if order else (payment.number if payment else "")
        if number:
            return _("order %(number)s") % {"number": number}
        if payment is None:
            return ""
        caller = phone.format_number(payment.phone, self.region) if payment.phone else _("a hidden number")
        return _("the call of %(caller)s") % {"caller": caller}

    def _difference(self, data: Any) -> str:
        """Ours and theirs, where a comparison with Stripe recorded both."""
        ours, theirs, currency = data.get("ours"), data.get("theirs"), data.get("currency")
        if not isinstance(ours, int) or not isinstance(theirs, int) or not currency:
            return ""
        both = (formats.money(each, currency, self.region) for each in (ours, theirs))
        return _("%(ours)s here, %(theirs)s at Stripe") % dict(zip(("ours", "theirs"), both, strict=True))

    def _reason(self, event: Event) -> str:
        reason = str(event.data.get("reason") or "")
        if reason in REASONS:
            return str(REASONS[reason])
        if event.type == types.REFUND_FAILED:
            return refund_failure(reason)
        return decline(reason) if event.type.endswith("declined") else reason

    def _who(self, event: Event) -> str:
        if event.actor_kind == "caller":
            # Events name a caller by the call alone, so that what is known of a person can be erased.
            call = self.calls.get(event.source.partition(":")[2]) or self.calls.get(event.actor_id)
            known = call.phone if call else (event.actor_id if event.actor_id.startswith("+") else "")
            return phone.format_number(known, self.region) if known else _("A caller")
        if event.actor_kind == "stranger":
            return event.actor_name or _("Somebody")
        return event.actor_name or event.actor_kind

    def _source(self, event: Event) -> tuple[str, str]:
        kind, _colon, of = event.source.partition(":")
        if kind == CALL:
            call = self.calls.get(of)
            return _("A call"), reverse("call", args=[call.pk]) if call else ""
        words = {
            PANEL: of or _("The panel"),
            TERMINAL: _("The server's terminal"),
            FROM_STRIPE: _("Stripe"),
            WORKER: _("By itself"),
        }
        return words.get(kind, ""), ""

    def _url(self, event: Event) -> str:
        payment, order = self._payment(event), self._order(event)
        if payment is not None:
            return reverse("payment", args=[payment.pk])
        if event.subject_kind == "order":
            return reverse("order", args=[order.pk]) if order else ""
        if event.subject_kind == "call" and event.subject_id in self.calls:
            return reverse("call", args=[self.calls[event.subject_id].pk])
        if event.type.startswith("protection."):
            return reverse("settings-protection")
        if event.subject_kind == "alert":
            return reverse("alerts")
        if event.subject_kind in ("line", "merchant"):
            return reverse("settings")
        if event.subject_kind in ("keys", "address"):
            return reverse("settings-connections")
        if event.subject_kind in ("person", "invitation", "policy"):
            return reverse("people")
        return reverse("calls" if event.subject_id == "calls" else event.subject_id) if _is_list(event) else ""


def _what(event: Event) -> str:
    """What an export was of, or which keys were changed."""
    if event.subject_kind == "export":
        return str(EXPORTED.get(event.subject_id, event.subject_id))
    return ", ".join(str(KEYS.get(name, name)) for name in event.data.get("names", []) if isinstance(name, str))


def _count(value: Any) -> str:
    return formats.number(value) if isinstance(value, int) else ""


def _is_list(event: Event) -> bool:
    return event.subject_kind == "export" and event.subject_id in ("payments", "orders", "calls", "activity")


class _Facts(dict[str, str]):
    """What is not known is said as "…"."""

    def __missing__(self, name: str) -> str:
        return MISSING


def _ids(events: Iterable[Event]) -> dict[str, set[Any]]:
    """The keys of what events are about, by kind; what is no key is passed over."""
    found: dict[str, set[Any]] = defaultdict(set)
    for event in events:
        _add(found, event.subject_kind, event.subject_id)
        for name, kind in (("payment", "payment"), ("to", "order"), ("order", "order")):
            _add(found, kind, str(event.data.get(name) or ""))
        source, _colon, of = event.source.partition(":")
        if source == CALL and of:
            found["sid"].add(of)
    return found


def _add(found: dict[str, set[Any]], kind: str, identity: str) -> None:
    if kind == "payment":
        try:
            found[kind].add(UUID(identity))
        except ValueError:
            return
    elif identity.isascii() and identity.isdigit() and len(identity) <= _LONGEST_KEY:
        found[kind].add(int(identity))
