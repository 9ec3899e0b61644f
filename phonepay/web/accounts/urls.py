"""Signing in and accounts. allauth's views under paths of ours, and only those that this product has."""

from allauth.account import views as account
from allauth.mfa.base import views as two_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from csp.decorators import csp_update
from django.urls import path, re_path

from phonepay.events import types
from phonepay.web.accounts import invitations, own, people
from phonepay.web.accounts.recorded import leaves
from phonepay.web.throttle import throttled

# The secret as a picture is made for the page, and is in no file.
with_its_picture = csp_update({"img-src": ["data:"]})

urlpatterns = [
    path("sign-in", account.login, name="account_login"),
    path("sign-out", leaves(account.logout, types.SESSION_SIGNED_OUT), name="account_logout"),
    path("sign-in/inactive", account.account_inactive, name="account_inactive"),
    path("sign-in/second-step", two_factor.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", throttled("passkey", passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/again", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code", two_factor.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password/forgotten", account.password_reset, name="account_reset_password"),
    path("password/forgotten/sent", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/changed", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("account", own.account, name="account"),
    path("account/email", own.email, name="account-email"),
    path("account/reader", own.reader, name="reader"),
    path("account/password", account.password_change, name="account_change_password"),
    path("account/password/first", account.password_set, name="account_set_password"),
    path("account/two-factor", two_factor.index, name="mfa_index"),
    path("account/two-factor/app", with_its_picture(totp.activate_totp), name="mfa_activate_totp"),
    path("account/two-factor/app/off", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "account/two-factor/codes",
        leaves(recovery.view_recovery_codes, types.PERSON_CODES_SEEN, method="GET"),
        name="mfa_view_recovery_codes",
    ),
    path("account/two-factor/codes/new", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "account/two-factor/codes/file",
        leaves(recovery.download_recovery_codes, types.PERSON_CODES_SEEN, method="GET"),
        name="mfa_download_recovery_codes",
    ),
    path("account/passkeys", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/add", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/name",
        leaves(passkeys.edit_webauthn, types.PERSON_STEP_RENAMED),
        name="mfa_edit_webauthn",
    ),
    path("account/passkeys/<int:pk>/remove", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path(
        "account/sessions",
        leaves(sessions.list_usersessions, types.SESSION_OTHERS_ENDED),
        name="usersessions_list",
    ),
    path("settings/people", people.people, name="people"),
    path("settings/people/invite", people.invite, name="people-invite"),
    path("settings/people/two-factor", people.two_factor, name="people-two-factor"),
    path("settings/people/invitations/<uuid:identity>/withdraw", people.withdraw, name="people-withdraw"),
    path("settings/people/<int:identity>", people.change, name="people-change"),
    path("settings/people/<int:identity>/new-password", people.new_password, name="people-new-password"),
    path("invitation/<str:token>", invitations.accept, name="invitation"),
]
