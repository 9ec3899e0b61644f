"""Whose request it is: the secret key, the account it belongs to, and what a restricted key may not do."""

import base64
import binascii
import fnmatch
import re
from dataclasses import dataclass

from phonepay.standins.stripe import ids
from phonepay.standins.stripe.errors import ApiError
from phonepay.standins.stripe.store import Scope, Store, key_mark

KEY = re.compile(r"\A(sk|rk)_(test|live)_([0-9A-Za-z_]{1,240})\Z")


@dataclass(frozen=True)
class Caller:
    """One authenticated key: `restricted` for rk_ keys, `mark` names the key without revealing it."""

    scope: Scope
    restricted: bool
    mark: str


def read_key(authorization: str | None) -> str:
    """The key of a Bearer or Basic header. Raises 401 as Stripe does when there is none."""
    scheme, _, rest = (authorization or "").strip().partition(" ")
    key = ""
    if scheme.lower() == "bearer":
        key = rest.strip()
    elif scheme.lower() == "basic":
        try:
            key = base64.b64decode(rest.strip(), validate=True).decode("ascii").partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    if not key:
        raise ApiError(401, "You did not provide an API key: send it as a Bearer token, or as the user of Basic auth.")
    return key


def caller(store: Store, key: str) -> Caller:
    """The account and mode that a key opens. Raises 401 for what is not a secret or restricted key.

    The account is derived from the text after the prefix: as at Stripe, the keys of both modes, secret and restricted,
    with the same text are one account, whose objects in each mode are apart.
    """
    match = KEY.match(key)
    if match is None:
        raise ApiError(401, f"Invalid API Key provided: {key[:8]}{'*' * 12}")
    kind, mode, text = match.groups()
    alias = store.own.get("alias", key_mark(text))
    account_id = alias.body["account"] if alias else f"acct_1{ids.derived(text)}"
    return Caller(store.scope(account_id, mode == "live"), kind == "rk", key_mark(key))


def join(store: Store, key: str, other: str) -> None:
    """Let `other` open the account of `key`. Raises ValueError when `other`'s own account holds objects already."""
    first, second = caller(store, key), caller(store, other)
    if first.scope.account_id == second.scope.account_id:
        return
    for livemode in (False, True):
        scope = store.scope(second.scope.account_id, livemode)
        if any(scope.kinds.get(kind) for kind in ("payment_intent", "payment_method", "customer")):
            raise ValueError("the second key's account is in use already")
    match = KEY.match(other)
    if match is not None:
        store.own.add("alias", {"id": key_mark(match[3]), "account": first.scope.account_id})
    store.commit()


def check_permission(who: Caller, method: str, path: str) -> None:
    """Raises 403 for a restricted key where the account was told to refuse it."""
    if not who.restricted:
        return
    for rule in who.scope.setting("refused", []):
        if fnmatch.fnmatchcase(f"{method} {path}", rule):
            raise ApiError(
                403,
                "The provided restricted key does not have the required permissions for this endpoint.",
                validation=True,
            )


def check_account(who: Caller, account: str | None) -> None:
    """Raises 403 for a `Stripe-Account` header that names another account: the stand-in has no connected ones."""
    if account is not None and account != who.scope.account_id:
        raise ApiError(
            403, f"The provided key does not have access to account '{account[:40]}'.", code="account_invalid"
        )
