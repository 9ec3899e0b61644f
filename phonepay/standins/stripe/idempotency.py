"""Idempotency keys as Stripe keeps them: per account, for 24 hours of the clock, the first answer whatever it was.

Source: docs.stripe.com/api/idempotent_requests and docs.stripe.com/error-low-level.
"""

import hashlib
from dataclasses import dataclass, field

from phonepay.standins.stripe.errors import ApiError, Json, invalid
from phonepay.standins.stripe.store import Scope

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Answer:
    """One answer, ready to be sent or kept."""

    status: int
    body: Json
    request_id: str
    replayed: bool = False
    headers: dict[str, str] = field(default_factory=dict)


class Idempotency:
    """Which keys are in flight (in memory) and which have been answered (in the store). Call under the store's lock."""

    def __init__(self) -> None:
        self._running: dict[tuple[str, str], str] = {}

    def begin(self, scope: Scope, key: str, path: str, parameters: str, now: int) -> Answer | None:
        """The kept answer, or None and the key is held until `finish` or `release`.

        Raises 400 `idempotency_error` where the key came with another path or other parameters, 409 while its first
        request runs.
        """
        if len(key) > 255:
            raise invalid("An idempotency key has at most 255 characters.")
        mark = hashlib.sha256(f"{path}\n{parameters}".encode()).hexdigest()
        kept = self._kept(scope, key, now)
        first = kept["mark"] if kept else self._running.get((scope.name, key))
        if first is not None and first != mark:
            raise ApiError(
                400,
                f"Keys for idempotent requests go with the path and parameters of their first use: '{key}' does not.",
                kind="idempotency_error",
                validation=True,
            )
        if kept:
            return Answer(kept["status"], kept["body"], kept["request"], replayed=True)
        if first is not None:
            raise ApiError(
                409,
                f"Another request with the idempotency key '{key}' is in progress: try again when it is done.",
                kind="idempotency_error",
                code="idempotency_key_in_use",
                validation=True,
            )
        self._running[scope.name, key] = mark
        return None

    def finish(self, scope: Scope, key: str, answer: Answer, now: int) -> None:
        """Keep the first answer: a success, a decline, a 500."""
        mark = self._running.pop((scope.name, key), "")
        kept = {"status": answer.status, "body": answer.body, "request": answer.request_id, "mark": mark, "at": now}
        scope.add("idempotency", {"id": key, **kept})

    def release(self, scope: Scope, key: str) -> None:
        """Nothing was begun: the key is free again."""
        self._running.pop((scope.name, key), None)

    def _kept(self, scope: Scope, key: str, now: int) -> Json | None:
        while (oldest := scope.oldest("idempotency")) and oldest.body["at"] + KEPT_SECONDS <= now:
            scope.remove("idempotency", oldest.body["id"])
        record = scope.get("idempotency", key)
        return None if record is None else record.body
