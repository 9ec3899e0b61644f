"""Django's settings: everything from the environment, checked, or not started at all."""

# The SQLite shim comes first: Django imports sqlite3 once and for all.
from phonepay.configuration.sqlite import prefer_bundled_sqlite

prefer_bundled_sqlite()

import os  # noqa: E402 - after the shim
import sqlite3  # noqa: E402 - after the shim
from urllib.parse import urlsplit  # noqa: E402 - after the shim

from phonepay.configuration.addresses import django_database  # noqa: E402 - after the shim
from phonepay.configuration.environment import read_environment  # noqa: E402 - after the shim
from phonepay.configuration.logs import logging_settings  # noqa: E402 - after the shim

_environment = read_environment(os.environ)

# --- Phone Pay's own -------------------------------------------------------------------------------------------------

PHONEPAY_DATA_DIR = _environment.data_dir
PHONEPAY_PUBLIC_URL = _environment.public_url
PHONEPAY_DATABASE_EMBEDDED = _environment.database.embedded
# The newest first: it encrypts, and all of them decrypt.
PHONEPAY_ENCRYPTION_KEYS = _environment.encryption_keys
PHONEPAY_TWILIO_ACCOUNT_SID = _environment.twilio_account_sid
PHONEPAY_TWILIO_AUTH_TOKENS = _environment.twilio_auth_tokens
PHONEPAY_TWILIO_API_BASE = _environment.twilio_api_base
PHONEPAY_STRIPE_SECRET_KEY = _environment.stripe_secret_key
PHONEPAY_STRIPE_WEBHOOK_SECRETS = _environment.stripe_webhook_secrets
PHONEPAY_STRIPE_API_BASE = _environment.stripe_api_base
PHONEPAY_UNKNOWN_NAMES = _environment.unknown

# --- Django ----------------------------------------------------------------------------------------------------------

DEBUG = False
SECRET_KEY = _environment.secret_key
ROOT_URLCONF = "phonepay.urls"
WSGI_APPLICATION = "phonepay.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
# Twilio appends nothing to an address, and a redirect would lose the body of its POST.
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "phonepay.configuration",
    "phonepay.events",
    "phonepay.people",
    "phonepay.merchant",
    "phonepay.orders",
    "phonepay.payments",
    "phonepay.calls",
]

# Nobody is signed in on the telephone: a turn of a call pays for no session, locale or message.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
]

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# --- The database ----------------------------------------------------------------------------------------------------

if _environment.database.engine == "mysql":
    import pymysql

    # PyMySQL is what runs without a compiler; Django asks for it under the name of the driver written in C.
    pymysql.install_as_MySQLdb()

DATABASES = {
    "default": django_database(
        _environment.database,
        statement_seconds=_environment.database_timeout,
        connections=_environment.database_connections,
        sqlite_version=sqlite3.sqlite_version_info,
    )
}

# --- Who may ask, and how safely -------------------------------------------------------------------------------------

_public = urlsplit(PHONEPAY_PUBLIC_URL or "")
_encrypted = _public.scheme == "https"

# Loopback is for the health check, the demo and the stand-ins.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
if _public.hostname:
    ALLOWED_HOSTS.append(f"[{_public.hostname}]" if ":" in _public.hostname else _public.hostname)

# What ends the encryption stands before us, so that we see http: Origin headers are held to the public address.
CSRF_TRUSTED_ORIGINS = [PHONEPAY_PUBLIC_URL] if PHONEPAY_PUBLIC_URL else []
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = _encrypted
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _encrypted else 0

# --- What is written down --------------------------------------------------------------------------------------------

LOGGING = logging_settings(_environment.log_level)
