"""Who may ask, and how safely: what the settings make of the public address."""

from django.conf import settings


def test_cookies_are_kept_to_encrypted_connections_when_the_public_address_is() -> None:
    assert settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE


def test_only_the_public_host_and_this_machine_are_answered() -> None:
    assert set(settings.ALLOWED_HOSTS) == {"pay.example", "localhost", "127.0.0.1", "[::1]", "testserver"}
