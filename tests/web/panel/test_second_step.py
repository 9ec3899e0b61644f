"""Where the owner requires a second step, nothing opens without one: no page, part, export or form, to any role."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal import auth as totp

from phonepay.people.models import Role, SignInPolicy
from phonepay.web.panel.access import ROWS
from tests.web.cast import person, signed_in
from tests.web.panel.test_access import address

pytestmark = [pytest.mark.django_db, pytest.mark.long]
PART = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}
SET_UP = "/account/two-factor"
# How one gets a second step, signs out, and what strangers may open too.
WAYS = ("mfa_", "account_", "reader", "invitation")


def guarded() -> list[str]:
    return [route for route, row in ROWS.items() if row.nobody == "sign-in" and not route.startswith(WAYS)]


@pytest.mark.parametrize("who", list(Role.values))
def test_nothing_opens_without_the_second_step(who: str) -> None:
    SignInPolicy.objects.create(pk=1, two_factor_required=True)
    client, held = signed_in(person(who)), 0
    for route in guarded():
        cell = ROWS[route].cell(who)
        for method in ("get", "post", "head"):
            if cell == "no" or (cell == "look" and method == "post"):
                continue
            path = address(route)
            whole = getattr(client, method)(path)
            part = getattr(client, method)(path, headers=PART)
            assert whole.headers.get("Location") == SET_UP, (method, route, whole.status_code)
            assert part.headers.get("HX-Redirect") == SET_UP, (method, route, part.status_code)
            held += 2
    assert held > 100


def test_everything_opens_with_it() -> None:
    SignInPolicy.objects.create(pk=1, two_factor_required=True)
    user = person()
    totp.TOTP.activate(user, totp.generate_totp_secret())
    client = signed_in(user)
    assert client.get("/payments").status_code == client.get("/settings/people").status_code == 200


def test_what_opens_without_it_tells_nothing_of_the_shop() -> None:
    """Setting one up, one's password, and signing out."""
    SignInPolicy.objects.create(pk=1, two_factor_required=True)
    open_to_them = {route for route, row in ROWS.items() if row.nobody == "sign-in"} - set(guarded())
    assert open_to_them == {
        "account_reauthenticate", "account_change_password", "account_set_password", "mfa_index", "mfa_reauthenticate",
        "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn", "mfa_edit_webauthn",
    }  # fmt: skip
