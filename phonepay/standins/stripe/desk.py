"""The way of one API request: who asks, what is in the way, was it asked before, the work, and the answer.

The lock is held for the work alone, never while a fault holds the request.
"""

from collections.abc import Callable
from dataclasses import dataclass

from phonepay.standins.stripe import expand, form, ids, keys, parameters, refunds, routes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.clock import Clock
from phonepay.standins.stripe.errors import ApiError, Json, invalid
from phonepay.standins.stripe.faults import Fault, Faults
from phonepay.standins.stripe.idempotency import Answer, Idempotency
from phonepay.standins.stripe.keys import Caller
from phonepay.standins.stripe.params import Listed, Text
from phonepay.standins.stripe.store import Scope, Store

TYPES_GONE_SINCE = "2026-09-30"


class Dropped(Exception):
    """The connection is to be closed without an answer."""


@dataclass(frozen=True)
class Request:
    """What came over the wire: `parameters` is the query or the form, undecoded; header names are lower case."""

    method: str
    path: str
    parameters: bytes
    headers: dict[str, str]

    @property
    def idempotency_key(self) -> str | None:
        return (self.headers.get("idempotency-key") or None) if self.method == "POST" else None


class Desk:
    def __init__(self, store: Store, clock: Clock, faults: Faults, announce: Callable[[Scope, Json], None]) -> None:
        self.store, self.clock, self.faults, self.announce = store, clock, faults, announce
        self.idempotency = Idempotency()
        self._made: dict[str, tuple[int, int]] = {}  # per account and mode: a second, and the requests within it

    def answer(self, request: Request) -> Answer:
        """The answer to one request; raises Dropped where a fault swallows it."""
        request_id = ids.new("req")
        try:
            with self.store.lock:
                who = keys.caller(self.store, keys.read_key(request.headers.get("authorization")))
            keys.check_account(who, request.headers.get("stripe-account"))
            self._meet_gate(request)
            self._limit(who.scope)
            return self._keyed(request, who, request_id)
        except ApiError as error:
            return Answer(error.status, error.body(), request_id, headers=error.headers)

    def _meet_gate(self, request: Request) -> None:
        """What stands before Stripe's own work: the network and the rate limiter."""
        fault = self.faults.take(request.method, request.path, "before", ("drop", "limit"))
        if fault is None:
            return
        if fault.action == "drop":
            raise Dropped
        raise _too_many(fault.retry_after)

    def _limit(self, scope: Scope) -> None:
        """The account's own limit, where it was given one."""
        with self.store.lock:
            most = scope.setting("rate_limit")
            if most is None:
                return
            now = self.clock.now()
            second, made = self._made.get(scope.name, (now, 0))
            made = made + 1 if second == now else 1
            self._made[scope.name] = (now, made)
        if made > most:
            raise _too_many(1)

    def _keyed(self, request: Request, who: Caller, request_id: str) -> Answer:
        tree = form.decode(request.parameters)
        key = request.idempotency_key
        if key is not None:
            with self.store.lock:
                kept = self.idempotency.begin(who.scope, key, request.path, form.canonical(tree), self.clock.now())
            if kept is not None:
                return kept
        try:
            before = self.faults.take(request.method, request.path, "before", ("hold", "fail"))
            if before is not None and before.action == "hold":
                _wait(before)
            answer = self._worked(request, who, tree, request_id, before)
        except BaseException:
            self._release(who, key)
            raise
        self._meet_exit(request)
        return answer

    def _worked(self, request: Request, who: Caller, tree: form.Tree, request_id: str, before: Fault | None) -> Answer:
        """The work and the kept answer of its key, in one transaction: a kill between them would work twice."""
        with self.store.lock:
            try:
                if before is not None and before.action == "fail":
                    answer = _failure(before, request_id)
                else:
                    answer = self._work(request, who, tree, request_id)
                    after = self.faults.take(request.method, request.path, "after", ("fail",))
                    answer = _failure(after, request_id) if after else answer
                if request.idempotency_key is not None:
                    self.idempotency.finish(who.scope, request.idempotency_key, answer, self.clock.now())
                return answer
            finally:
                self.store.commit()

    def _work(self, request: Request, who: Caller, tree: form.Tree, request_id: str) -> Answer:
        route, path_ids = routes.find(request.method, request.path)
        keys.check_permission(who, request.method, request.path)
        call = self.call(who.scope, request_id)
        call.path_ids, call.idempotency_key = path_ids, request.idempotency_key
        call.params = _parsed(route, tree, request.headers.get("stripe-version"))
        expand.check(call.params.get("expand", []), route.kind, route.listed)
        self.settle_due(who.scope)
        try:
            return Answer(200, expand.expanded(call, route.work(call)), request_id)
        except ApiError as error:
            if error.validation:
                raise
            return Answer(error.status, error.body(), request_id)

    def call(self, scope: Scope, request_id: str | None = None) -> Call:
        return Call(scope, self.clock.now(), self.announce, request_id=request_id)

    def settle_due(self, scope: Scope) -> None:
        """Let the refunds end whose time has come. Call under the lock."""
        call = self.call(scope)
        for record in refunds.due(call):
            refunds.settle(call, record, record.private["settles_as"])

    def _release(self, who: Caller, key: str | None) -> None:
        if key is None:
            return
        with self.store.lock:
            self.idempotency.release(who.scope, key)

    def _meet_exit(self, request: Request) -> None:
        """The way back: the answer is kept already, and may still be late or lost."""
        fault = self.faults.take(request.method, request.path, "after", ("hold", "drop"))
        if fault is None:
            return
        if fault.action == "drop":
            raise Dropped
        _wait(fault)


def _too_many(retry_after: int | None) -> ApiError:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return ApiError(429, "Too many requests hit the API too quickly.", code="rate_limit", headers=headers)


def _wait(fault: Fault) -> None:
    if not fault.wait_released():
        raise Dropped


def _failure(fault: Fault, request_id: str) -> Answer:
    error = ApiError(fault.status, "An error occurred on Stripe's side.", kind="api_error")
    return Answer(error.status, error.body(), request_id)


def _parsed(route: routes.Route, tree: form.Tree, version: str | None) -> Json:
    """The parameters as the route's table has them; `payment_method_types` only from callers of an old version."""
    legacy = tree.get(parameters.LEGACY_TYPES) if route.parameters is parameters.INTENT_CREATE else None
    if legacy is None:
        return route.parameters.parse(tree, "") or {}
    if version is None or version >= TYPES_GONE_SINCE:
        raise invalid(
            "payment_method_types is no longer supported: use allowed_payment_method_types.",
            parameters.LEGACY_TYPES,
            "payment_method_types_no_longer_supported",
        )
    rest = {name: value for name, value in tree.items() if name != parameters.LEGACY_TYPES}
    types = Listed(Text()).parse(legacy, parameters.LEGACY_TYPES)
    return {**(route.parameters.parse(rest, "") or {}), parameters.LEGACY_TYPES: types}
