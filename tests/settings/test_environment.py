"""What the environment gives when it is right, and what stands where nothing is set."""

from dataclasses import fields
from pathlib import Path

import pytest

from phonepay.configuration.environment import Environment, default_data_dir, environment_table, read_environment
from phonepay.configuration.errors import ConfigurationError
from phonepay.configuration.variables import VARIABLES

FERNET = "dGhlLXRlc3RzLW93bi1rZXktb2YtMzItYnl0ZXMhISE="
OTHER_FERNET = "YW5vdGhlci1rZXktb2YtdGhlLXRlc3RzLTMyLWJ5dGU="
KEYS = {"PHONEPAY_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-abc", "PHONEPAY_ENCRYPTION_KEY": FERNET}


@pytest.fixture
def data(tmp_path: Path) -> dict[str, str]:
    return {"PHONEPAY_DATA_DIR": str(tmp_path)}


def test_what_is_not_set_is_no_error(data: dict[str, str]) -> None:
    environment = read_environment(data)
    assert environment.public_url is None
    assert (environment.twilio_account_sid, environment.twilio_auth_tokens) == (None, ())
    assert (environment.stripe_secret_key, environment.stripe_webhook_secrets) == (None, ())


def test_the_database_lies_in_the_data_folder(data: dict[str, str], tmp_path: Path) -> None:
    assert read_environment(data).database.name == str(tmp_path / "phonepay.sqlite3")


def test_an_empty_value_counts_as_not_set(data: dict[str, str]) -> None:
    assert read_environment(data | {"PHONEPAY_PUBLIC_URL": " "}).public_url is None


def test_a_trailing_slash_and_capitals_in_the_public_address_do_no_harm(data: dict[str, str]) -> None:
    assert read_environment(data | {"PHONEPAY_PUBLIC_URL": "https://Pay.Example/"}).public_url == "https://pay.example"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_this_machine_needs_no_encryption(data: dict[str, str], address: str) -> None:
    assert read_environment(data | {"PHONEPAY_PUBLIC_URL": address}).public_url == address


@pytest.mark.parametrize(
    "key", ["sk_test_0000000000", "sk_live_0000000000", "rk_test_0000000000", "rk_live_0000000000"]
)
def test_secret_and_restricted_keys_of_both_modes_are_taken(data: dict[str, str], key: str) -> None:
    assert read_environment(data | {"PHONEPAY_STRIPE_SECRET_KEY": key}).stripe_secret_key == key


def test_what_rotates_is_given_by_commas_the_newest_first(data: dict[str, str]) -> None:
    environment = read_environment(
        data
        | {
            "PHONEPAY_TWILIO_AUTH_TOKEN": f"{'1' * 32}, {'0' * 32}",
            "PHONEPAY_STRIPE_WEBHOOK_SECRET": "whsec_newsecret,whsec_oldsecret",
            "PHONEPAY_ENCRYPTION_KEY": f"{OTHER_FERNET},{FERNET}",
        }
    )
    assert environment.twilio_auth_tokens == ("1" * 32, "0" * 32)
    assert environment.stripe_webhook_secrets == ("whsec_newsecret", "whsec_oldsecret")
    assert environment.encryption_keys == (OTHER_FERNET, FERNET)


@pytest.mark.parametrize("absent", sorted(KEYS))
def test_a_database_that_is_not_embedded_requires_the_keys(data: dict[str, str], absent: str) -> None:
    given = {name: value for name, value in KEYS.items() if name != absent}
    with pytest.raises(ConfigurationError) as refused:
        read_environment(data | given | {"PHONEPAY_DATABASE_URL": "postgresql://host/name"})
    (problem,) = refused.value.problems
    assert problem.startswith(f"{absent} is not set")


def test_a_database_elsewhere_leaves_nothing_on_this_machine(tmp_path: Path) -> None:
    here = tmp_path / "data"
    read_environment({"PHONEPAY_DATA_DIR": str(here), "PHONEPAY_DATABASE_URL": "postgresql://host/name"} | KEYS)
    assert not here.exists()


def test_what_a_cluster_sets_by_itself_is_told_and_not_refused(data: dict[str, str]) -> None:
    # Kubernetes gives each pod these for a service that is called phonepay.
    cluster = {"PHONEPAY_PORT": "tcp://10.0.0.1:80", "PHONEPAY_SERVICE_HOST": "10.0.0.1", "PHONEPAY_PORT_80_TCP": "x"}
    assert read_environment(data | cluster).unknown == tuple(sorted(cluster))


def test_names_of_the_tests_are_looked_past(data: dict[str, str]) -> None:
    assert read_environment(data | {"PHONEPAY_TEST_REQUIRE": "mariadb"}).unknown == ()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match=r"The keys cannot be kept in .*: give PHONEPAY_DATA_DIR a folder"):
        read_environment({"PHONEPAY_DATA_DIR": str(tmp_path / "file" / "data")})


def test_the_default_folder_follows_the_xdg_specification() -> None:
    assert default_data_dir({"XDG_DATA_HOME": "/srv/data"}) == Path("/srv/data/phonepay")


def test_a_relative_xdg_folder_is_ignored_as_the_specification_says() -> None:
    assert default_data_dir({"XDG_DATA_HOME": "data"}) == Path.home() / ".local/share/phonepay"


def test_secrets_do_not_show_where_the_environment_is_printed(data: dict[str, str]) -> None:
    environment = read_environment(data | KEYS | {"PHONEPAY_STRIPE_SECRET_KEY": "sk_test_0000000000"})
    assert "sk_test" not in repr(environment)


def test_every_name_becomes_a_value() -> None:
    beside = {"given", "kept", "kept_stamp", "public_urls_before", "unknown"}
    assert len({field.name for field in fields(Environment)} - beside) == len(VARIABLES)


def test_the_documented_table_is_the_one_that_is_read(repository: Path) -> None:
    assert environment_table() in (repository / "docs" / "environment.md").read_text(encoding="utf-8")
