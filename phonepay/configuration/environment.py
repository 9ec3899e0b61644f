"""The environment: one table of names, read once at start, refused with sentences."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from phonepay.configuration import keys, values
from phonepay.configuration.addresses import DatabaseAddress
from phonepay.configuration.errors import ConfigurationError
from phonepay.configuration.kept import KEPT_FILE, Kept, KeptUnreadable, read
from phonepay.configuration.sqlite import create_if_absent
from phonepay.configuration.variables import DATABASE_FILE, VARIABLES

PREFIX = "PHONEPAY_"

# Read by the tests alone; the product looks past them.
TEST_PREFIX = "PHONEPAY_TEST_"


@dataclass(frozen=True, repr=False)
class Environment:
    """The environment after it was read. Empty tuples and None are what is not set; the doors fail closed on them."""

    data_dir: Path
    database: DatabaseAddress
    database_timeout: int
    database_connections: int
    public_url: str | None
    trusted_proxies: int
    secret_key: str
    encryption_keys: tuple[str, ...]
    twilio_account_sid: str | None
    twilio_auth_tokens: tuple[str, ...]
    twilio_api_base: str | None
    stripe_secret_key: str | None
    stripe_webhook_secrets: tuple[str, ...]
    stripe_api_base: str | None
    email_url: str | None
    email_from: str | None
    security_contact: str | None
    keep_calls: int
    keep_stripe_events: int
    log_level: str
    log_format: str
    metrics_token: str | None
    otel_endpoint: str | None
    sentry_dsn: str | None
    # Which names the environment itself sets.
    given: frozenset[str]
    # What the file of the data folder gave, and which writing of it; addresses that were given up, with their end.
    kept: frozenset[str]
    kept_stamp: str
    public_urls_before: tuple[tuple[str, float], ...]
    # Names that are not ours and near none of ours: another program's, or a cluster's own (PHONEPAY_PORT=tcp://…).
    unknown: tuple[str, ...]


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Read and check every name; make the keys that are absent where that is allowed.

    A value of nothing but spaces counts as not set (compose files pass such). Raises ConfigurationError with one
    sentence for each thing that is wrong, all at once.
    """
    problems: list[str] = []
    given = _parse(environ, problems)
    misspelt, unknown = _foreign_names(environ)
    problems += misspelt
    data_dir: Path = given.get("PHONEPAY_DATA_DIR") or default_data_dir(environ)
    kept = _read_kept(data_dir, problems)
    below = _lay_below(given, kept, data_dir, problems)
    database: DatabaseAddress = given.get("PHONEPAY_DATABASE_URL") or DatabaseAddress(
        "sqlite", str(data_dir / DATABASE_FILE)
    )
    if not problems:
        # The one machine that keeps the address has the keys too.
        ours = database.embedded or "PHONEPAY_DATABASE_URL" in below
        _complete_keys(given, data_dir, database, problems, ours=ours)
    if not problems and database.embedded:
        _create_file(database, problems)
    if problems:
        raise ConfigurationError(problems)
    return Environment(
        data_dir=data_dir,
        database=database,
        database_timeout=given["PHONEPAY_DATABASE_TIMEOUT"],
        database_connections=given["PHONEPAY_DATABASE_CONNECTIONS"],
        public_url=given.get("PHONEPAY_PUBLIC_URL"),
        trusted_proxies=given["PHONEPAY_TRUSTED_PROXIES"],
        secret_key=given["PHONEPAY_SECRET_KEY"],
        encryption_keys=given["PHONEPAY_ENCRYPTION_KEY"],
        twilio_account_sid=given.get("PHONEPAY_TWILIO_ACCOUNT_SID"),
        twilio_auth_tokens=given.get("PHONEPAY_TWILIO_AUTH_TOKEN", ()),
        twilio_api_base=given.get("PHONEPAY_TWILIO_API_BASE"),
        stripe_secret_key=given.get("PHONEPAY_STRIPE_SECRET_KEY"),
        stripe_webhook_secrets=given.get("PHONEPAY_STRIPE_WEBHOOK_SECRET", ()),
        stripe_api_base=given.get("PHONEPAY_STRIPE_API_BASE"),
        email_url=given.get("PHONEPAY_EMAIL_URL"),
        email_from=given.get("PHONEPAY_EMAIL_FROM"),
        security_contact=given.get("PHONEPAY_SECURITY_CONTACT"),
        keep_calls=given["PHONEPAY_KEEP_CALLS"],
        keep_stripe_events=given["PHONEPAY_KEEP_STRIPE_EVENTS"],
        log_level=given["PHONEPAY_LOG_LEVEL"],
        log_format=given["PHONEPAY_LOG_FORMAT"],
        metrics_token=given.get("PHONEPAY_METRICS_TOKEN"),
        otel_endpoint=given.get("PHONEPAY_OTEL_ENDPOINT"),
        sentry_dsn=given.get("PHONEPAY_SENTRY_DSN"),
        given=frozenset(name for name in given if environ.get(name, "").strip()),
        kept=below,
        kept_stamp=kept.stamp,
        public_urls_before=kept.before,
        unknown=unknown,
    )


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Where the data are when nobody says: the XDG base directory specification's place."""
    home = environ.get("XDG_DATA_HOME", "")
    # The specification has relative paths ignored.
    base = Path(home) if Path(home).is_absolute() else Path.home() / ".local" / "share"
    return base / "phonepay"


def environment_rows() -> Iterator[tuple[str, str, str, str]]:
    """The table for people: name, default, meaning, example; the last three with Markdown's code marks."""
    for variable in VARIABLES:
        yield variable.name, variable.default, variable.meaning, variable.example


def environment_table() -> str:
    """The table in Markdown; `python -m phonepay.configuration` prints it for the README."""
    lines = ["| name | what it is | if not set | example |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{name}` | {meaning} | {default} | {example if ' ' in example else f'`{example}`'} |"
        for name, default, meaning, example in environment_rows()
    ]
    return "\n".join(lines)


def _parse(environ: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for variable in VARIABLES:
        text = environ.get(variable.name, "").strip() or variable.standing
        if text is None:
            continue
        try:
            given[variable.name] = variable.parse(text)
        except ValueError as error:
            shown = "" if variable.secret else f" ({text})"
            problems.append(f"{variable.name}{shown} {error}.")
    return given


def _read_kept(folder: Path, problems: list[str]) -> Kept:
    try:
        return read(folder)
    except KeptUnreadable as error:
        problems.append(f"{folder / KEPT_FILE} {error}.")
        return Kept()


def _lay_below(given: dict[str, Any], kept: Kept, folder: Path, problems: list[str]) -> frozenset[str]:
    """Take what is kept where the environment sets nothing; the names that were taken."""
    taken = [variable for variable in VARIABLES if variable.name in kept.values and variable.name not in given]
    for variable in taken:
        try:
            given[variable.name] = variable.parse(kept.values[variable.name])
        except ValueError as error:
            problems.append(f"{variable.name}, as it is kept in {folder / KEPT_FILE}, {error}.")
    return frozenset(variable.name for variable in taken)


def _foreign_names(environ: Mapping[str, str]) -> tuple[list[str], tuple[str, ...]]:
    """Names of ours that are misspelt (refused), and names that only begin alike (told, not refused)."""
    known = [variable.name for variable in VARIABLES]
    misspelt: list[str] = []
    unknown: list[str] = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name.startswith(TEST_PREFIX) or name in known:
            continue
        nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
        if nearest:
            misspelt.append(f"{name} is not a name that is read: did you mean {nearest[0]}? Rename it or take it out.")
        else:
            unknown.append(name)
    return misspelt, tuple(unknown)


def _complete_keys(
    given: dict[str, Any], data_dir: Path, database: DatabaseAddress, problems: list[str], *, ours: bool
) -> None:
    missing = [name for name in ("PHONEPAY_SECRET_KEY", "PHONEPAY_ENCRYPTION_KEY") if name not in given]
    if not ours:
        # Each machine would make a key of its own and not read what another has encrypted.
        problems += [
            f"{name} is not set, and a database that is not embedded needs it: make it once and give every machine "
            f"the same one."
            for name in missing
        ]
        return
    secret_file, encryption_file = data_dir / keys.SECRET_KEY_FILE, data_dir / keys.ENCRYPTION_KEY_FILE
    if "PHONEPAY_ENCRYPTION_KEY" in missing and _would_orphan(encryption_file, database):
        problems.append(
            f"{encryption_file} is gone, but the database {database.name} was encrypted with it: put the file back, or "
            f"set PHONEPAY_ENCRYPTION_KEY (to the old key, or to a new one if the old one is lost)."
        )
        return
    try:
        if "PHONEPAY_SECRET_KEY" in missing:
            key = keys.key_made_once(secret_file, keys.new_secret_key)
            given["PHONEPAY_SECRET_KEY"] = values.secret_key(key)
        if "PHONEPAY_ENCRYPTION_KEY" in missing:
            key = keys.key_made_once(encryption_file, keys.new_encryption_key)
            # One a line, the newest first, while one is rotated.
            given["PHONEPAY_ENCRYPTION_KEY"] = tuple(values.fernet_key(each) for each in key.split())
    except ValueError as error:
        problems.append(f"A key that is kept in {data_dir} {error}.")
    except OSError as error:
        problems.append(
            f"The keys cannot be kept in {data_dir} ({error}): give PHONEPAY_DATA_DIR a folder that can be written, "
            f"or set {' and '.join(missing)}."
        )


def _create_file(database: DatabaseAddress, problems: list[str]) -> None:
    try:
        create_if_absent(Path(database.name))
    except OSError as error:
        problems.append(
            f"The database {database.name} cannot be made ({error}): give PHONEPAY_DATA_DIR or PHONEPAY_DATABASE_URL "
            f"a place that can be written."
        )


def _would_orphan(key: Path, database: DatabaseAddress) -> bool:
    """Whether a new key would hide that the old one, with which the database's secrets are encrypted, is lost."""
    if not database.embedded:
        return not key.exists()  # the keys were made before the address was kept
    file = Path(database.name)
    return not key.exists() and file.exists() and file.stat().st_size > 0
