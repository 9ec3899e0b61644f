"""Signed deliveries of events to the account's endpoints: in the background, retried by the clock, late, twice or out
of order on demand.

Only addresses on the loopback are called: a stand-in has no business on a network. Deliveries to others stay pending.
Source: docs.stripe.com/webhooks (signatures, retries: three days in live mode, three times over hours in test mode).
"""

import fnmatch
import hashlib
import hmac
import http.client
import ipaddress
import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from phonepay.standins.stripe import ids
from phonepay.standins.stripe.clock import Clock
from phonepay.standins.stripe.errors import Json
from phonepay.standins.stripe.store import Record, Scope, Store

TIMEOUT_SECONDS = 10.0
# A running clock is looked at this often for what else became due, such as refunds that fail later.
CHORES_SECONDS = 2.0
RETRY_TEST = (300, 3600, 10800)
RETRY_LIVE = (300, 1800, 7200, 18000, 36000, *[43200] * 4)


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one endpoint: `attempts` made so far, due at `due` (Unix seconds)."""

    id: str
    event_id: str
    event_type: str
    endpoint_id: str
    attempts: int
    due: int


def signature(secret: str, timestamp: int, payload: bytes) -> str:
    """The `Stripe-Signature` header of a payload."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


class Webhooks:
    """The deliveries of all accounts. The lock is the store's and is never held while an endpoint is called."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.chores: Callable[[], None] = lambda: None
        self.paused = False
        self._changed = threading.Condition(store.lock)
        self._busy = 0
        self._order: list[str] = []
        self._stopping = False
        clock.on_turn(self.wake)

    def announce(self, scope: Scope, event: Json) -> None:
        """Queue an event for every endpoint that listens to it. Called under the lock."""
        for endpoint in scope.all("webhook_endpoint"):
            listens = any(fnmatch.fnmatchcase(event["type"], wanted) for wanted in endpoint.body["enabled_events"])
            if endpoint.body["status"] != "enabled" or not listens:
                continue
            event["pending_webhooks"] += 1
            body = {"id": ids.new("whd"), "event": event["id"], "type": event["type"], "endpoint": endpoint.body["id"]}
            scope.add("delivery", {**body, "attempts": 0, "due": self.clock.now()})
        self._changed.notify_all()

    @property
    def pending(self) -> list[Delivery]:
        """What is not delivered yet, in the order in which it will be."""
        with self.store.lock:
            return [_described(record.body) for _, record in self._queue()]

    def _queue(self) -> list[tuple[Scope, Record]]:
        found = [(scope, record) for scope in self.store.account_scopes() for record in scope.all("delivery")]
        places = {identity: place for place, identity in enumerate(self._order)}
        return sorted(
            found, key=lambda pair: (places.get(pair[1].body["id"], len(places)), pair[1].body["due"], pair[1].seq)
        )

    def pause(self) -> None:
        """Deliver nothing until `resume`: everything is late."""
        with self.store.lock:
            self.paused = True

    def resume(self) -> None:
        with self._changed:
            self.paused = False
            self._changed.notify_all()

    def shuffle(self, seed: int = 0) -> None:
        """Put what is pending in another order, the same for the same seed; of two, the second goes first."""
        with self.store.lock:
            ordered = [record.body["id"] for _, record in self._queue()]
            mixed = list(ordered)
            random.Random(seed).shuffle(mixed)  # noqa: S311 -- an order for tests, not a secret
            self._order = mixed if mixed != ordered else mixed[::-1]

    def reverse(self) -> None:
        """Put what is pending in the opposite order: the newest first."""
        with self.store.lock:
            self._order = [record.body["id"] for _, record in reversed(self._queue())]

    def deliver(self, event_id: str, times: int = 1) -> list[int | None]:
        """Deliver one event now and here, paused or not, as often as asked; the endpoints' status codes, None where
        none came. A success takes it off the pending ones."""
        statuses: list[int | None] = []
        for _ in range(times):
            with self.store.lock:
                calls = self._calls_of(event_id)
            for scope, endpoint, event in calls:
                statuses.append(self._send(scope, endpoint, event))
        return statuses

    def _calls_of(self, event_id: str) -> list[tuple[Scope, Record, Json]]:
        for scope in self.store.account_scopes():
            event = scope.get("event", event_id)
            if event is not None:
                wanted = [
                    endpoint
                    for endpoint in scope.all("webhook_endpoint")
                    if any(
                        fnmatch.fnmatchcase(event.body["type"], pattern) for pattern in endpoint.body["enabled_events"]
                    )
                ]
                return [(scope, endpoint, event.body) for endpoint in wanted]
        raise LookupError(f"no event {event_id}")

    def wait_until_idle(self, timeout: float = 10.0) -> bool:
        """Wait until nothing is due and nothing is on its way; False when `timeout` seconds passed first."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy and (self.paused or self._next_due() is None), timeout)

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def run(self) -> None:
        """The background thread: one delivery at a time, until `stop`."""
        while True:
            with self._changed:
                while not self._stopping and (self.paused or self._next_due() is None):
                    self._changed.wait(self._seconds_to_next())
                    self.chores()
                if self._stopping:
                    return
                due = self._next_due()
                if due is None:
                    continue
                scope, record, endpoint, event = due
                self._busy += 1
            try:
                self._send(scope, endpoint, event, record)
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def _next_due(self) -> tuple[Scope, Record, Record, Json] | None:
        now = self.clock.now()
        for scope, record in self._queue():
            if record.body["due"] > now:
                continue
            endpoint, event = (
                scope.get("webhook_endpoint", record.body["endpoint"]),
                scope.get("event", record.body["event"]),
            )
            if endpoint is None or event is None:
                scope.remove("delivery", record.body["id"])
            elif is_loopback(urlsplit(endpoint.body["url"]).hostname):
                return scope, record, endpoint, event.body
        return None

    def _seconds_to_next(self) -> float | None:
        return CHORES_SECONDS if self.clock.runs else None

    def _send(self, scope: Scope, endpoint: Record, event: Json, record: Record | None = None) -> int | None:
        with self.store.lock:
            version = endpoint.body["api_version"] or event["api_version"]
            payload = json.dumps({**event, "api_version": version}, indent=2).encode()
            header = signature(endpoint.private["secret"], self.clock.now(), payload)
            url = str(endpoint.body["url"])
        status = post(url, payload, header)
        with self.store.lock:
            record = record or self._pending_of(scope, event["id"], endpoint.body["id"])
            if record is not None and scope.get("delivery", record.body["id"]) is record:
                self._note(scope, record, event, status)
            self.store.commit()
        return status

    def _pending_of(self, scope: Scope, event_id: str, endpoint_id: str) -> Record | None:
        for record in scope.all("delivery"):
            if (record.body["event"], record.body["endpoint"]) == (event_id, endpoint_id):
                return record
        return None

    def _note(self, scope: Scope, record: Record, event: Json, status: int | None) -> None:
        body = record.body
        body["attempts"] += 1
        delays = RETRY_LIVE if scope.livemode else RETRY_TEST
        if status is not None and 200 <= status < 300:
            event["pending_webhooks"] -= 1
            scope.touch("event", event["id"])
            scope.remove("delivery", body["id"])
        elif body["attempts"] > len(delays):
            scope.remove("delivery", body["id"])
        else:
            body["due"] = self.clock.now() + delays[body["attempts"] - 1]
            scope.touch("delivery", body["id"])


def _described(body: Json) -> Delivery:
    return Delivery(body["id"], body["event"], body["type"], body["endpoint"], body["attempts"], body["due"])


def post(url: str, payload: bytes, header: str) -> int | None:
    """The endpoint's status code; None where it cannot be reached, or is not on the loopback."""
    parts = urlsplit(url)
    if not is_loopback(parts.hostname) or parts.scheme != "http":
        return None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": header,
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", target, payload, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
