"""The keys of Twilio, Stripe and e-mail: what the environment sets, and below it what was kept, encrypted.

Everybody who needs a key asks `current()` at the moment of need, and keeps nothing of it: so a key that was changed
counts in every process within seconds. What is kept in the database is read at most every few seconds by each
process; where a signature fails, `reread()` looks at once, so that a new token works from its first request on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, models, transaction

from phonepay.configuration import encryption
from phonepay.configuration.values import is_loopback
from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.refusal import Refusal
from phonepay.merchant.credential_cache import Cache
from phonepay.merchant.credential_models import Credential
from phonepay.merchant.credential_names import NAMES, from_environment
from phonepay.people.permissions import require

MOST = 5  # values of one name; the oldest goes

ENVIRONMENT, KEPT = "environment", "kept"
_ACCOUNTS = ("twilio_account_sid", "twilio_auth_token", "stripe_secret_key")
_BASES = ("twilio_api_base", "stripe_api_base")


@dataclass(frozen=True, slots=True)
class Connections:
    """The keys as they count now. None and empty tuples are what is not set; whoever needs it fails closed.

    `sources` has for each name of `credential_names.NAMES` where its value comes from: "environment", "kept" or "".
    """

    twilio_account_sid: str | None = field(repr=False)
    twilio_auth_tokens: tuple[str, ...] = field(repr=False)  # the newest first
    twilio_api_base: str
    stripe_secret_key: str | None = field(repr=False)
    stripe_webhook_secrets: tuple[str, ...] = field(repr=False)  # the newest first
    stripe_api_base: str
    email_url: str | None = field(repr=False)
    email_from: str | None = field(repr=False)
    sources: Mapping[str, str] = field(repr=False)

    @property
    def stays_here(self) -> bool:
        """Whether both far ends are stand-ins on this machine: no money, no telephone network."""
        hosts = (urlsplit(base).hostname for base in (self.twilio_api_base, self.stripe_api_base))
        return all(is_loopback(host or "") for host in hosts)


class KeyRefused(Refusal):
    """Nothing was kept. Reasons: environment, form, unknown, sandbox. `facts` has the `name`, never a value."""


def current() -> Connections:
    """The keys as they count now: the environment's first."""
    values, sources = {}, {}
    for name, how in NAMES.items():
        given = from_environment(how)
        values[name] = given or _cache.values().get(name, ())
        sources[name] = ENVIRONMENT if given else KEPT if values[name] else ""
    if sources["twilio_auth_token"] == KEPT and _of_another_account(values["twilio_account_sid"]):
        values["twilio_auth_token"], sources["twilio_auth_token"] = (), ""
    if any(sources[name] == ENVIRONMENT for name in _ACCOUNTS):
        # Only a sandbox keeps addresses, those of its stand-ins: an account of the environment is none of theirs.
        for name in _BASES:
            if sources[name] == KEPT:
                values[name], sources[name] = (), ""
    return Connections(
        twilio_account_sid=_one(values["twilio_account_sid"]),
        twilio_auth_tokens=values["twilio_auth_token"],
        twilio_api_base=_one(values["twilio_api_base"]) or NAMES["twilio_api_base"].default,
        stripe_secret_key=_one(values["stripe_secret_key"]),
        stripe_webhook_secrets=values["stripe_webhook_secret"],
        stripe_api_base=_one(values["stripe_api_base"]) or NAMES["stripe_api_base"].default,
        email_url=_one(values["email_url"]),
        email_from=_one(values["email_from"]),
        sources=sources,
    )


def _of_another_account(account: tuple[str, ...]) -> bool:
    """Whether the account that counts, the environment's, is another than the one that was kept with the tokens."""
    kept = _cache.values().get("twilio_account_sid", account)
    return kept[:1] != account[:1]


def refresh() -> None:
    """Read anew, for a thread that has the time: while one does so every few seconds, nobody else reads."""
    _cache.look()


def reread(name: str, known: tuple[str, ...] | None = None) -> bool:
    """After a signature failed with what is `known` of `name`: look at once. True where there is now another value,
    whoever has looked meanwhile.

    At most one look in half a second in this process, so that strangers cannot make us read at will.
    """
    if from_environment(NAMES[name]):
        return False
    return _cache.look_early(name, known)


def keep(changes: Mapping[str, str], *, by: Actor, now: datetime) -> None:
    """Keep new values, encrypted, by the names of `credential_names.NAMES`.

    A name that can have several gets the new one beside the old, which counts until it is forgotten. An account of
    Twilio that is not the one kept before takes all tokens with it that are not given with it: whose they are is not
    known. Raises KeyRefused, with nothing changed, and NotAllowed.
    """
    require(by, "change_keys")
    values = {name: _checked(name, value) for name, value in changes.items()}
    _not_into_sandbox(values)
    for left in reversed(range(MOST)):
        try:
            _keep(values, by=by, now=now)
        except IntegrityError:
            # Somebody kept one of the same name at the same moment: theirs is there now, and ours goes before it.
            if not left:
                raise
        else:
            return


def _keep(values: Mapping[str, str], *, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        rows = list(Credential.objects.select_for_update().filter(name__in=[*values, "twilio_auth_token"]))
        there = {name: _texts(rows, name) for name in NAMES}
        account = values.get("twilio_account_sid")
        if account and there["twilio_account_sid"] != [account]:
            # The tokens of another account would let its requests in; also of one that was taken out meanwhile.
            Credential.objects.filter(name="twilio_auth_token").delete()
            rows, there["twilio_auth_token"] = [row for row in rows if row.name != "twilio_auth_token"], []
        changed = [name for name, value in values.items() if [value] != there[name][:1]]
        for name in changed:
            _put(name, values[name], [row for row in rows if row.name == name], by=by, now=now)
        if changed:
            record(types.KEYS_KEPT, subject=("keys", ""), by=by, now=now, names=sorted(changed))
            _cache.changed()


def forget(names: Iterable[str], *, by: Actor, now: datetime) -> None:
    """Remove every kept value of these names. Raises NotAllowed."""
    _remove(Credential.objects.filter(name__in=list(names)), by=by, now=now)


def forget_older(name: str, *, by: Actor, now: datetime) -> int:
    """Remove all kept values of the name but the newest; how many those were. Raises NotAllowed."""
    newest = Credential.objects.filter(name=name).aggregate(place=models.Max("place"))["place"] or 0
    return _remove(Credential.objects.filter(name=name, place__lt=newest), by=by, now=now)


def _remove(rows: models.QuerySet[Credential], *, by: Actor, now: datetime) -> int:
    require(by, "change_keys")
    with transaction.atomic():
        names = sorted(set(rows.values_list("name", flat=True)))
        gone, _ = rows.delete()
        if names:
            record(types.KEYS_REMOVED, subject=("keys", ""), by=by, now=now, names=names)
            _cache.changed()
    return gone


def _checked(name: str, value: str) -> str:
    how = NAMES.get(name)
    if how is None:
        raise KeyRefused("unknown", f"There is no key of the name {name}: {', '.join(NAMES)}.", name=name)
    if from_environment(how):
        sentence = f"{how.variable} is set in the environment of the server, which wins: change it there."
        raise KeyRefused("environment", sentence, name=name, variable=how.variable)
    try:
        return how.parse(value.strip())
    except ValueError as error:
        raise KeyRefused("form", f"This {error}.", name=name, why=str(error)) from None


def _not_into_sandbox(values: Mapping[str, str]) -> None:
    """An account of the world beside the stand-ins' addresses: its rows would look real, and no money would move."""
    there, mixed = current(), [name for name in _ACCOUNTS if name in values]
    kept_here = there.stays_here and KEPT in (there.sources[name] for name in _BASES)
    if mixed and kept_here and not any(name in values for name in _BASES):
        sentence = (
            "This installation is in the sandbox, whose stand-ins have keys of their own: leave the sandbox first."
        )
        raise KeyRefused("sandbox", sentence, name=mixed[0])


def _put(name: str, value: str, rows: list[Credential], *, by: Actor, now: datetime) -> None:
    rows.sort(key=lambda row: row.place)
    facts = {"value": encryption.encrypt(value.encode()).decode(), "since": now, "by": str(by)[:200]}
    if not NAMES[name].several:
        Credential.objects.update_or_create(name=name, place=0, defaults=facts)
        return
    # Once more the same: it becomes the newest.
    again = [row for row in rows if text_of(row) == value]
    beyond = [row for row in rows if row not in again][: -(MOST - 1)]
    Credential.objects.filter(pk__in=[row.pk for row in again + beyond]).delete()
    Credential.objects.create(name=name, place=rows[-1].place + 1 if rows else 0, **facts)


def _one(values: tuple[str, ...]) -> str | None:
    return values[0] if values else None


def _texts(rows: Iterable[Credential], name: str) -> list[str | None]:
    """The newest first."""
    of_name = sorted((row for row in rows if row.name == name), key=lambda row: -row.place)
    return [text_of(row) for row in of_name]


def text_of(row: Credential) -> str | None:
    """None where no encryption key that is there has encrypted it: it counts as not set, and the check says so."""
    try:
        return encryption.decrypt(row.value.encode()).decode()
    except encryption.Unreadable:
        return None


def _read() -> dict[str, tuple[str, ...]]:
    rows = list(Credential.objects.all())
    found = {name: tuple(filter(None, _texts(rows, name))) for name in NAMES}
    return {name: texts for name, texts in found.items() if texts}


_cache = Cache(_read)
