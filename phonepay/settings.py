"""Django's settings: everything from the environment, checked, or not started at all."""

# The SQLite shim comes first: Django imports sqlite3 once and for all.
from phonepay.configuration.sqlite import prefer_bundled_sqlite

prefer_bundled_sqlite()

import os  # noqa: E402 - after the shim
import sqlite3  # noqa: E402 - after the shim
from pathlib import Path  # noqa: E402 - after the shim
from urllib.parse import urlsplit  # noqa: E402 - after the shim

import allauth  # noqa: E402 - after the shim

from phonepay.configuration.addresses import django_database  # noqa: E402 - after the shim
from phonepay.configuration.environment import read_environment  # noqa: E402 - after the shim
from phonepay.configuration.logs import logging_settings  # noqa: E402 - after the shim
from phonepay.configuration.pages import static_url  # noqa: E402 - after the shim

_environment = read_environment(os.environ)

# --- Phone Pay's own -------------------------------------------------------------------------------------------------

PHONEPAY_DATA_DIR = _environment.data_dir
PHONEPAY_PUBLIC_URL = _environment.public_url
# Addresses that were given up: a call under way, or a number that is not wired anew yet, comes to them for a day.
PHONEPAY_PUBLIC_URLS_BEFORE = _environment.public_urls_before
# The names that the environment sets; those whose values come from the file of the data folder, and which writing of
# it this process started with.
PHONEPAY_GIVEN = _environment.given
PHONEPAY_KEPT = _environment.kept
PHONEPAY_KEPT_STAMP = _environment.kept_stamp
PHONEPAY_DATABASE_EMBEDDED = _environment.database.embedded
# Only this machine uses it, so that whoever serves may migrate it.
PHONEPAY_DATABASE_OURS = _environment.database.embedded or "PHONEPAY_DATABASE_URL" in _environment.kept
# The newest first: it encrypts, and all of them decrypt.
PHONEPAY_ENCRYPTION_KEYS = _environment.encryption_keys
# The keys: merchant.credentials.current() lays these over what is kept, and everybody asks it.
PHONEPAY_TWILIO_ACCOUNT_SID = _environment.twilio_account_sid
PHONEPAY_TWILIO_AUTH_TOKENS = _environment.twilio_auth_tokens
PHONEPAY_TWILIO_API_BASE = _environment.twilio_api_base
PHONEPAY_STRIPE_SECRET_KEY = _environment.stripe_secret_key
PHONEPAY_STRIPE_WEBHOOK_SECRETS = _environment.stripe_webhook_secrets
PHONEPAY_STRIPE_API_BASE = _environment.stripe_api_base
PHONEPAY_EMAIL_URL = _environment.email_url
PHONEPAY_EMAIL_FROM = _environment.email_from
PHONEPAY_SECURITY_CONTACT = _environment.security_contact
PHONEPAY_KEEP_CALLS = _environment.keep_calls
PHONEPAY_KEEP_STRIPE_EVENTS = _environment.keep_stripe_events
PHONEPAY_METRICS_TOKEN = _environment.metrics_token
PHONEPAY_OTEL_ENDPOINT = _environment.otel_endpoint
PHONEPAY_SENTRY_DSN = _environment.sentry_dsn
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
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "phonepay.configuration",
    "phonepay.events",
    "phonepay.people",
    "phonepay.alerts",
    "phonepay.merchant",
    "phonepay.orders",
    "phonepay.payments",
    "phonepay.protection",
    "phonepay.calls",
    "phonepay.notifications",
    "phonepay.setup",
    # Before allauth, whose templates they replace.
    "phonepay.web.installer",
    "phonepay.web.panel",
    "phonepay.web.telephone",
    "phonepay.web.accounts",
    "phonepay.web.accounts.allauth_app.AccountApp",
    "allauth.mfa",
    "allauth.usersessions",
]

# What people upload stays in memory until it is encrypted: nothing of it is ever a readable file of ours. What is
# larger is not taken in at all.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024

# Nobody is signed in on the telephone: a turn of a call pays for no session, locale or message.
MIDDLEWARE = [
    "phonepay.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "phonepay.web.middleware.PeopleOnly",
]

# What PeopleOnly puts around the pages, the outermost first.
PHONEPAY_PEOPLE_MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "phonepay.web.accounts.session_store.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "phonepay.web.installer.origin.SameHostCsrf",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "phonepay.web.accounts.sessions.SessionsMiddleware",
    "phonepay.web.middleware.ReaderMiddleware",
    "phonepay.web.middleware.AccessMiddleware",
    "phonepay.web.installer.origin.EncryptedOnly",
]

# --- Pages -----------------------------------------------------------------------------------------------------------

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "phonepay.web.panel.frame.frame",
            ],
        },
    }
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "phonepay.web.panel.failures.forged"

# The address holds a digest of what is under it, so that a browser may keep it for ever.
STATIC_URL = static_url()
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# No other site needs our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_IMMUTABLE_FILE_TEST = ".*"

# Nothing inline, nothing from anybody else. The picture of an authenticator's secret alone is data: (accounts/urls.py).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# --- Accounts --------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "phonepay.people.passwords.LeakedPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_NAME = "phonepay_session"
SESSION_ENGINE = "phonepay.web.accounts.session_store"
# A link for a new password, in seconds: mailed, handed over by an owner, or printed on the server.
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60

ACCOUNT_FORMS = {"reset_password": "phonepay.web.accounts.forgotten.ForgottenForm"}
ACCOUNT_ADAPTER = "phonepay.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An owner invites people by their address, or the server's own command made them: nobody signs up.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# The same answer whether there is such an account or not: nobody unknown is written to.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Failures at a password or a second step are counted by network and by account, where the browser is not one that its
# person signed in with before (web/accounts/devices.py). web/throttle.py has those of our own pages.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,200/d/ip,5/5m/key,50/d/key",
    "reauthenticate": "10/m/user,200/d/user",
    "change_password": "5/m/user,50/d/user",
    "reset_password": "10/h/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Who tries passwords is told apart by address, and what was done in the panel says from where.
ALLAUTH_TRUSTED_PROXY_COUNT = _environment.trusted_proxies
MFA_ADAPTER = "phonepay.web.accounts.adapters.TwoFactorAdapter"
MFA_FORMS = {
    "authenticate": "phonepay.web.accounts.code_forms.OnceForm",
    "reauthenticate": "phonepay.web.accounts.code_forms.OnceAgainForm",
    "add_webauthn": "phonepay.web.accounts.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "phonepay.web.accounts.passkey_forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
# allauth has conditional constraints, which MariaDB does without: our own address is unique on every database.
SILENCED_SYSTEM_CHECKS = ["models.W036"]

# No server for e-mail is set up yet: what would be sent is shown as a link to copy.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Who tries passwords is counted by all processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "phonepay_cache",
        # With Django's 300, a stranger with as many addresses would have everybody's failures forgotten.
        "OPTIONS": {"MAX_ENTRIES": 50_000, "CULL_FREQUENCY": 10},
    }
}

# --- Languages and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
# allauth's labels and refusals are translated beside its apps, where Django does not look; our own words come first.
LOCALE_PATHS = [Path(__file__).resolve().parent / "locale", Path(allauth.__file__).resolve().parent / "locale"]
LANGUAGE_COOKIE_NAME = "phonepay_language"
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
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _encrypted else "http"
# A browser gives passkeys to encrypted pages only, and to this machine's own.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _encrypted

# Loopback is for the health check, the demo and the stand-ins.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
if not PHONEPAY_PUBLIC_URL:
    # Nobody knows yet under which name the set-up is asked for; its code opens it, and no link is made of a name.
    ALLOWED_HOSTS = ["*"]
_hosts = [urlsplit(each or "").hostname for each in (PHONEPAY_PUBLIC_URL, *dict(PHONEPAY_PUBLIC_URLS_BEFORE))]
ALLOWED_HOSTS += [f"[{_host}]" if ":" in _host else _host for _host in _hosts if _host]

# What ends the encryption stands before us, so that we see http: Origin headers are held to the public address.
CSRF_TRUSTED_ORIGINS = [PHONEPAY_PUBLIC_URL] if PHONEPAY_PUBLIC_URL else []
CSRF_TRUSTED_ORIGINS += [address for address, _ in PHONEPAY_PUBLIC_URLS_BEFORE]
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = _encrypted
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- What is written down --------------------------------------------------------------------------------------------

LOGGING = logging_settings(_environment.log_level, _environment.log_format)
