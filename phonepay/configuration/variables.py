"""The table of names: what each is, how it is read, and what stands where it is not set."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from phonepay.configuration import values
from phonepay.configuration.addresses import parse_database_url

DATABASE_FILE = "phonepay.sqlite3"


@dataclass(frozen=True)
class Variable:
    """One name of the environment.

    `default` and `meaning` are for people, in Markdown; `standing` is the text that is read where the name is not
    set, if there is one.
    """

    name: str
    parse: Callable[[str], Any]
    default: str
    meaning: str
    example: str
    standing: str | None = None
    secret: bool = False


VARIABLES = (
    Variable(
        "PHONEPAY_DATA_DIR", values.folder, "`$XDG_DATA_HOME/phonepay`, else `~/.local/share/phonepay`",
        "The folder of the embedded database and of the keys made once", "/var/lib/phonepay",
    ),
    Variable(
        "PHONEPAY_DATABASE_URL", parse_database_url, f"SQLite, `{DATABASE_FILE}` in the data folder",
        "The database: `sqlite:////…`, `postgresql://…`, `mysql://…` or `mariadb://…`",
        "postgresql://phonepay:password@db.example.com/phonepay",
        # It may hold a password.
        secret=True,
    ),
    Variable(
        "PHONEPAY_DATABASE_TIMEOUT", values.whole_number(0, 86400), "10",
        "Seconds that one statement may take on a database that is not embedded; 0 for no limit", "10", standing="10",
    ),
    Variable(
        "PHONEPAY_DATABASE_CONNECTIONS", values.whole_number(1, 1000), "16",
        "The most connections that one process keeps to PostgreSQL", "16", standing="16",
    ),
    Variable(
        "PHONEPAY_PUBLIC_URL", values.web_address, "not set: no call and no webhook is let in",
        "The address under which Twilio and Stripe reach this installation; `http://` on loopback only",
        "https://pay.example.com",
    ),
    Variable(
        "PHONEPAY_TRUSTED_PROXIES", values.whole_number(0, 9), "0",
        "How many proxies stand in front and add to `X-Forwarded-For`: only so is a person's own address known",
        "1", standing="0",
    ),
    Variable(
        "PHONEPAY_SECRET_KEY", values.secret_key,
        "made once in the data folder; required where the database is not embedded",
        f"Signs sessions and links: {values.SECRET_KEY_LENGTH} random characters or more. Another one signs everybody "
        "out, and callers who were trusted by hand are trusted no more",
        "what `openssl rand -hex 32` prints", secret=True,
    ),
    Variable(
        "PHONEPAY_ENCRYPTION_KEY", values.several(values.fernet_key),
        "made once in the data folder; required where the database is not embedded",
        "Encrypts credentials in the database: a Fernet key; several by commas, the newest first, to rotate",
        "44 characters that end with `=`", secret=True,
    ),
    Variable(
        "PHONEPAY_TWILIO_ACCOUNT_SID", values.twilio_account_sid, "not set",
        "Twilio's account: `AC` and 32 hexadecimal digits", "AC00000000000000000000000000000000",
    ),
    Variable(
        "PHONEPAY_TWILIO_AUTH_TOKEN", values.several(values.twilio_auth_token), "not set: no call is let in",
        "The token that signs Twilio's requests; several by commas, the newest first, to rotate",
        "00000000000000000000000000000000", secret=True,
    ),
    Variable(
        "PHONEPAY_TWILIO_API_BASE", values.web_address, "https://api.twilio.com",
        "Where Twilio's REST API is; a stand-in's address in a sandbox", "http://127.0.0.1:9001",
    ),
    Variable(
        "PHONEPAY_STRIPE_SECRET_KEY", values.stripe_secret_key, "not set: no card is asked for",
        "Stripe's secret or restricted key, of the mode (test or live) that the `<Pay>` connector has",
        "sk_test_00000000000000000000", secret=True,
    ),
    Variable(
        "PHONEPAY_STRIPE_WEBHOOK_SECRET", values.several(values.stripe_webhook_secret), "not set: no webhook is let in",
        "The signing secret of Stripe's webhook; several by commas to rotate",
        "whsec_00000000000000000000", secret=True,
    ),
    Variable(
        "PHONEPAY_STRIPE_API_BASE", values.web_address, "https://api.stripe.com",
        "Where Stripe's API is; a stand-in's address in a sandbox", "http://127.0.0.1:9002",
    ),
    Variable(
        "PHONEPAY_EMAIL_URL", values.email_url, "not set: no e-mail is sent",
        "The server that sends e-mail: `smtps://`, or `smtp://` with STARTTLS; what a password has of `@:/%#?` is "
        "written as in addresses (`@` is `%40`)",
        "smtps://user:password@mail.example.com", secret=True,
    ),
    Variable(
        "PHONEPAY_EMAIL_FROM", values.email_from,
        "the mail server's user, where it is an address, else `phonepay@` the public address",
        "Whom its e-mail is from", "Harbor Garage <pay@example.com>",
    ),
    Variable(
        "PHONEPAY_SECURITY_CONTACT", values.contact, "not set: `/.well-known/security.txt` does not exist",
        "Whom to tell of a hole in this installation, as `/.well-known/security.txt` says it: `mailto:` or `https://`",
        "mailto:security@example.com",
    ),
    Variable(
        "PHONEPAY_KEEP_CALLS", values.whole_number(1, 36500), "365",
        "Days after which the words and keys of a call are forgotten; its time, its end and its money stay", "90",
        standing="365",
    ),
    Variable(
        "PHONEPAY_KEEP_STRIPE_EVENTS", values.whole_number(31, 36500), "90",
        "Days after which Stripe's events that were handled are forgotten; at least 31", "90", standing="90",
    ),
    Variable(
        "PHONEPAY_LOG_LEVEL", values.log_level, "INFO",
        "The least that is logged: DEBUG, INFO, WARNING, ERROR or CRITICAL", "WARNING", standing="INFO",
    ),
    Variable(
        "PHONEPAY_LOG_FORMAT", values.log_format, "plain in a terminal, JSON elsewhere",
        "`json`: an object a line, for programs; `plain`: a line for people", "json", standing="auto",
    ),
    Variable(
        "PHONEPAY_METRICS_TOKEN", values.bearer_token, "not set: `/metrics` does not exist",
        "Opens `/metrics` to whoever sends it as `Authorization: Bearer …`: 16 characters or more",
        "what `openssl rand -hex 16` prints", secret=True,
    ),
    Variable(
        "PHONEPAY_OTEL_ENDPOINT", values.collector_address, "not set: no trace is sent",
        "Where traces go by OTLP over HTTP, `http://` on loopback only; needs `pip install phonepay[otel]`",
        "http://127.0.0.1:4318",
    ),
    Variable(
        "PHONEPAY_SENTRY_DSN", values.sentry_dsn, "not set: no error is sent",
        "Where errors are reported, scrubbed of secrets and numbers; needs `pip install phonepay[sentry]`",
        "https://key@errors.example.com/1", secret=True,
    ),
)  # fmt: skip
