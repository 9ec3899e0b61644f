"""Each wrong value is refused at start with a sentence: what is wrong, what to do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.configuration.environment import read_environment
from phonepay.configuration.errors import ConfigurationError
from phonepay.configuration.variables import VARIABLES

FERNET = "dGhlLXRlc3RzLW93bi1rZXktb2YtMzItYnl0ZXMhISE="

REFUSED = [
    ("PHONEPAY_DATA_DIR", "relative/folder", "is not a whole path"),
    ("PHONEPAY_DATA_DIR", __file__, "names a file"),
    ("PHONEPAY_DATABASE_URL", "oracle://host/name", "names no database that is known"),
    ("PHONEPAY_DATABASE_URL", "phonepay.sqlite3", "names no database that is known"),
    ("PHONEPAY_DATABASE_URL", "sqlite:///relative.sqlite3", "after four slashes"),
    ("PHONEPAY_DATABASE_URL", "sqlite://:memory:", "after four slashes"),
    ("PHONEPAY_DATABASE_URL", "sqlite:////tmp", "names a folder"),
    ("PHONEPAY_DATABASE_URL", "postgresql://host", "must end with the name of one database"),
    ("PHONEPAY_DATABASE_URL", "postgresql://host/one/two", "must end with the name of one database"),
    ("PHONEPAY_DATABASE_URL", "postgresql://host:port/name", "has a port that is no number"),
    ("PHONEPAY_DATABASE_URL", "postgresql://user:pass#word@host/name", "write it as %23"),
    ("PHONEPAY_DATABASE_URL", "postgresql://[::1/name", "is no address"),
    ("PHONEPAY_DATABASE_URL", "mariadb://host/name?local_infile=1", "has the option local_infile"),
    ("PHONEPAY_DATABASE_TIMEOUT", "1.5", "is not a whole number from 0 to 86400"),
    ("PHONEPAY_DATABASE_TIMEOUT", "-1", "is not a whole number"),
    ("PHONEPAY_DATABASE_CONNECTIONS", "0", "is not a whole number from 1 to 1000"),
    ("PHONEPAY_KEEP_CALLS", "0", "is not a whole number from 1 to 36500"),
    ("PHONEPAY_KEEP_STRIPE_EVENTS", "30", "is not a whole number from 31 to 36500"),
    ("PHONEPAY_PUBLIC_URL", "http://pay.example", "is not encrypted"),
    ("PHONEPAY_PUBLIC_URL", "https://pay.example/shop", "holds more than a host"),
    ("PHONEPAY_PUBLIC_URL", "https://pay.example/?a=1", "holds more than a host"),
    ("PHONEPAY_PUBLIC_URL", "https://user:word@pay.example", "holds a user name"),
    ("PHONEPAY_PUBLIC_URL", "pay.example", "is no web address"),
    ("PHONEPAY_PUBLIC_URL", "https://", "is no web address"),
    ("PHONEPAY_PUBLIC_URL", "https://pay example", "is no web address"),
    ("PHONEPAY_PUBLIC_URL", "https://pay.example:port", "is no address"),
    ("PHONEPAY_TRUSTED_PROXIES", "10", "is not a whole number from 0 to 9"),
    ("PHONEPAY_SECRET_KEY", "too short", "is too short or too even"),
    ("PHONEPAY_SECRET_KEY", "a" * 64, "is too short or too even"),
    ("PHONEPAY_ENCRYPTION_KEY", "not a key", "is not a Fernet key"),
    ("PHONEPAY_ENCRYPTION_KEY", f"{FERNET},not a key", "is not a Fernet key"),
    ("PHONEPAY_ENCRYPTION_KEY", f"{FERNET},", "has an empty part"),
    ("PHONEPAY_TWILIO_ACCOUNT_SID", "SK" + "0" * 32, "is the SID of an API key"),
    ("PHONEPAY_TWILIO_ACCOUNT_SID", "AC" + "0" * 31, "is not an account SID"),
    ("PHONEPAY_TWILIO_AUTH_TOKEN", "0" * 31, "is not an auth token"),
    ("PHONEPAY_TWILIO_AUTH_TOKEN", "0" * 32 + ",not-a-token", "is not an auth token"),
    ("PHONEPAY_TWILIO_API_BASE", "http://api.twilio.com", "is not encrypted"),
    ("PHONEPAY_STRIPE_SECRET_KEY", "pk_test_00000000000000000000", "is the publishable key"),
    ("PHONEPAY_STRIPE_SECRET_KEY", "whsec_00000000000000000000", "webhook's secret, not a key"),
    ("PHONEPAY_STRIPE_SECRET_KEY", "sk_0000000000", "is no secret key of Stripe's"),
    ("PHONEPAY_STRIPE_WEBHOOK_SECRET", "sk_test_00000000000000000000", "is no signing secret"),
    ("PHONEPAY_EMAIL_URL", "https://mail.example.com", "is no mail server"),
    ("PHONEPAY_EMAIL_URL", "smtp://mail.example.com/inbox", "holds more than a mail server"),
    ("PHONEPAY_EMAIL_URL", "smtp://somebody@mail.example.com", "has a user without a password"),
    ("PHONEPAY_EMAIL_FROM", "Harbor Garage", "is no e-mail address"),
    ("PHONEPAY_STRIPE_API_BASE", "http://stripe.example", "is not encrypted"),
    ("PHONEPAY_STRIPE_API_BASE", "https://api.stripe.com/v1", "holds more than a host"),
    ("PHONEPAY_LOG_LEVEL", "chatty", "is no level"),
    ("PHONEPAY_LOG_FORMAT", "xml", "is no form of the log"),
    ("PHONEPAY_SECURITY_CONTACT", "security@example.com", "is no contact"),
    ("PHONEPAY_METRICS_TOKEN", "short", "is too short or too even"),
    ("PHONEPAY_METRICS_TOKEN", "a" * 32, "is too short or too even"),
    ("PHONEPAY_OTEL_ENDPOINT", "http://collector.example:4318", "is not encrypted"),
    ("PHONEPAY_SENTRY_DSN", "https://errors.example/1", "is no DSN"),
    ("PHONEPAY_SENTRY_DSN", "http://key@errors.example/1", "is not encrypted"),
]


def problems_of(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as refused:
        read_environment(environ)
    return refused.value.problems


@pytest.mark.parametrize(("name", "value", "sentence"), REFUSED)
def test_a_wrong_value_is_refused_with_what_is_wrong_and_what_to_do(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    (problem,) = problems_of({"PHONEPAY_DATA_DIR": str(tmp_path), name: value})
    assert problem.startswith(name)
    assert sentence in problem
    assert problem.endswith(".") and ":" in problem


def test_every_name_has_a_wrong_value_here() -> None:
    assert {name for name, _, _ in REFUSED} == {variable.name for variable in VARIABLES}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert (
        len(problems_of({"PHONEPAY_PUBLIC_URL": "x", "PHONEPAY_STRIPE_SECRET_KEY": "x", "PHONEPAY_LOG_LEVL": "x"})) == 3
    )


def test_a_misspelt_name_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (problem,) = problems_of({"PHONEPAY_DATA_DIR": str(tmp_path), "PHONEPAY_STRIPE_SECRET": "sk_test_0000000000"})
    assert "did you mean PHONEPAY_STRIPE_SECRET_KEY?" in problem


def test_nothing_is_made_where_something_is_refused(tmp_path: Path) -> None:
    problems_of({"PHONEPAY_DATA_DIR": str(tmp_path / "data"), "PHONEPAY_PUBLIC_URL": "x"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [variable.name for variable in VARIABLES if variable.secret])
@given(value=st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=8, max_size=40))
def test_a_refused_secret_is_not_repeated(name: str, value: str) -> None:
    (problem,) = problems_of({name: f"!{value}"})
    assert f"!{value}" not in problem


@pytest.mark.parametrize(
    ("name", "value", "extra"),
    [
        ("PHONEPAY_OTEL_ENDPOINT", "http://127.0.0.1:4318", "otel"),
        ("PHONEPAY_SENTRY_DSN", "https://key@errors.example/1", "sentry"),
    ],
)
def test_what_needs_an_extra_is_refused_where_it_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, extra: str
) -> None:
    def not_there(module: str) -> None:
        raise ModuleNotFoundError(module)

    monkeypatch.setattr("importlib.util.find_spec", not_there)
    (problem,) = problems_of({name: value})
    assert problem.startswith(name) and f"pip install 'phonepay[{extra}]'" in problem
