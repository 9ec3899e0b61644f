"""What a key opens at Stripe, and the webhook endpoints of its account: for setting up, never for money.

Sources: docs.stripe.com/api/accounts/object, docs.stripe.com/api/webhook_endpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from phonepay.payments.gateway import Refused

T = TypeVar("T")

_LISTED = 100  # an account has at most 16 endpoints

# What the product asks of Stripe, each by something that a key may look at without leave to change it.
_LOOKED_AT = ("payment_intents", "charges", "refunds", "customers", "disputes", "events", "webhook_endpoints")


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """`currency` in lower case; `charges_enabled` is Stripe's word on whether it may take money at all."""

    id: str
    name: str
    country: str
    currency: str
    charges_enabled: bool
    statement_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`secret` is there only in the answer that made it."""

    id: str
    url: str
    events: tuple[str, ...]
    enabled: bool
    metadata: Mapping[str, str] = field(default_factory=dict)
    secret: str = field(default="", repr=False)


class StripeSetup:
    """One key's view. Every call raises what payments.gateway says, Refused for what the key may not do."""

    def __init__(self, client: Any, ask: Callable[[Callable[[], Any]], Any]) -> None:
        self._client = client
        self._ask = ask

    def account(self) -> AccountFacts:
        """Whose key it is. Raises Refused with 401 for no key of Stripe's, 403 where a restricted key may not ask."""
        told = self._ask(self._client.accounts.retrieve_current).to_dict()
        settings = told.get("settings") or {}
        name = (settings.get("dashboard") or {}).get("display_name") or (told.get("business_profile") or {}).get("name")
        return AccountFacts(
            id=told["id"],
            name=name or "",
            country=told.get("country") or "",
            currency=(told.get("default_currency") or "").lower(),
            charges_enabled=bool(told.get("charges_enabled")),
            statement_prefix=(settings.get("card_payments") or {}).get("statement_descriptor_prefix") or "",
        )

    def forbidden(self) -> list[str]:
        """What the product needs to look at and this key may not: Stripe's names of lists, as a restricted key has
        them. What it may change is not to be found out without changing something."""
        refused = []
        for name in _LOOKED_AT:
            try:
                self._ask(partial(getattr(self._client, name).list, {"limit": 1}))
            except Refused as error:
                if error.status != HTTPStatus.FORBIDDEN:
                    raise
                refused.append(name)
        return refused

    def endpoints(self) -> list[Endpoint]:
        page = self._ask(lambda: self._client.webhook_endpoints.list({"limit": _LISTED}))
        return [_endpoint(each.to_dict()) for each in page.data]

    def make_endpoint(
        self, *, url: str, events: Sequence[str], version: str, description: str, metadata: Mapping[str, str]
    ) -> Endpoint:
        """A new one, with its secret. `version` is the API version in which it speaks."""
        params: Any = {
            "url": url,
            "enabled_events": list(events),
            "api_version": version,
            "description": description,
            "metadata": dict(metadata),
        }
        return _endpoint(self._ask(lambda: self._client.webhook_endpoints.create(params)).to_dict())

    def change_endpoint(self, identity: str, *, events: Sequence[str]) -> Endpoint:
        """Let it tell of these events, and of nothing else, and be at work."""
        params: Any = {"enabled_events": list(events), "disabled": False}
        return _endpoint(self._ask(lambda: self._client.webhook_endpoints.update(identity, params)).to_dict())

    def remove_endpoint(self, identity: str) -> None:
        """Gone already is gone."""
        try:
            self._ask(lambda: self._client.webhook_endpoints.delete(identity))
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise


def _endpoint(told: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        id=told["id"],
        url=told["url"],
        events=tuple(told.get("enabled_events") or ()),
        enabled=told.get("status") == "enabled",
        metadata=told.get("metadata") or {},
        secret=told.get("secret") or "",
    )
