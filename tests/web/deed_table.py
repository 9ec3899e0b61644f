"""The table of deeds: every route that takes a POST, and every page that shows or hands out what is sensitive."""

from __future__ import annotations

from typing import Any

from django.test import Client

from phonepay.events import types
from phonepay.people.links import invitation_link
from tests.shop import MARY, consent
from tests.web import deeds
from tests.web import deeds_of_settings as settings
from tests.web.cast import PASSWORD
from tests.web.deeds import NEW_PASSWORD, Deed, World, nothing, of_order, path, settings_deed
from tests.web.setup_deeds import SETUP_CHANGES

MACHINE = nothing("a machine's door: what it changes, the verbs of calls and payments record")
READS = nothing("it only reads, and takes long texts by POST")
PROOF = nothing("who somebody is, said once more: nothing is changed")

AMOUNTS = {"currency": "usd", "fixed_amount": "42.50", "floor": "1.00", "ceiling": "500.00", "usual_amount": ""}
AMOUNTS |= {f"was_{name}": f'"{value}"' for name, value in AMOUNTS.items()}

CHANGES: dict[str, Deed] = SETUP_CHANGES | {
    "hear-it": Deed(types.LINE_HEARD, lambda w: w.client.post("/home/hear")),
    "load": nothing("the file is only staged; the load itself is recorded when it is confirmed"),
    "load-file": Deed(types.ORDERS_LOADED, deeds.load),
    "payment-refund": Deed(
        types.REFUND_ASKED,
        lambda w: w.client.post(
            f"/payments/{w.paid().pk}/refund", {"share": "all", "state": "0", "reason": "requested_by_customer"}
        ),
    ),
    "payment-charge": Deed(
        types.OVERAGE_SUCCEEDED,
        lambda w: w.client.post(
            f"/payments/{w.paid(consent=consent(5000)).pk}/charge", {"amount": "18", "what_for": "Cup", "state": "0"}
        ),
    ),
    "payment-known": Deed(types.WARNING_DISMISSED, deeds.known),
    "payment-paid-back": Deed(types.REFUND_PAID_ANOTHER_WAY, settings.paid_back),
    "call-told": Deed(types.CALL_END_TOLD, settings.told_the_end),
    "settings-protection": settings_deed("protection", types.LINE_CHANGED, section="guard", protection="strict"),
    "protection-lift": Deed(types.PROTECTION_LIFTED, settings.lift),
    "settings-key": Deed(types.KEYS_KEPT, settings.key_kept),
    "settings-key-older": Deed(types.KEYS_REMOVED, settings.older_removed),
    "settings-email-test": nothing("no mail server is there: tests/notifications/test_postbox.py has the event"),
    "alert-seen": Deed(types.ALERT_SEEN, settings.alert_seen),
    "order-add": Deed(types.ORDER_ADDED, lambda w: w.client.post("/orders/add", {"number": "77", "amount": "5"})),
    "orders-selected": Deed(
        types.ORDER_CANCELLED,
        lambda w: w.client.post("/orders/selected", {"order": [w.order().pk], "do": "cancel", "sure": "yes"}),
    ),
    "order-edit": Deed(types.ORDER_EDITED, deeds.edit),
    "order-refund": Deed(
        types.REFUND_ASKED,
        lambda w: w.client.post(f"/orders/{w.paid().order_id}/refund", {"share": "all", "state": "0"}),
    ),
    "order-charge": Deed(
        types.OVERAGE_SUCCEEDED,
        lambda w: w.client.post(
            f"/orders/{w.paid(consent=consent(5000)).order_id}/charge",
            {"amount": "18", "what_for": "Cup", "state": "0"},
        ),
    ),
    "order-ask": Deed(
        types.ORDER_ADDED,
        lambda w: w.client.post(f"/orders/{w.paid().order_id}/ask", {"amount": "18", "note": "Cup", "key": "k"}),
    ),
    "order-cancel": of_order("cancel", types.ORDER_CANCELLED),
    "order-restore": of_order("restore", types.ORDER_RESTORED, status="cancelled"),
    "order-reopen": Deed(types.ORDER_REOPENED, lambda w: w.client.post(f"/orders/{deeds.refunded_order(w).pk}/reopen")),
    "order-paid": of_order("paid", types.ORDER_PAID_ANOTHER_WAY, {"note": "cash"}),
    "order-number": Deed(types.ORDER_RENUMBERED, deeds.number),
    "order-right": Deed(types.ORDER_NUMBER_RIGHT, deeds.right),
    "order-attach": Deed(types.ORDER_ATTACHED, deeds.attach),
    "try-the-line": READS,
    "try-telephone": nothing("a telephone: its calls, and the sandbox that it starts, are recorded by their own verbs"),
    "try-telephone-now": READS,
    "sandbox-leave": nothing("only in the sandbox, which records that it was left: tests/sandbox"),
    "settings-behavior": settings_deed("callers-hear/behavior/caller", types.LINE_CHANGED),
    "settings-pause": settings_deed("callers-hear/paused", types.LINE_CHANGED, paused="yes"),
    "settings-word": settings_deed("callers-hear/words/en-US/goodbye", types.LINE_CHANGED, words="Bye now."),
    "settings-voice": settings_deed(
        "callers-hear/voice",
        types.LINE_CHANGED,
        section="names",
        greeting="Harbor Garage",
        order_noun="order",
        name="Harbor Two",
    ),
    "settings-amounts": settings_deed("amounts", types.LINE_CHANGED, section="amounts", **AMOUNTS | {"ceiling": "300"}),
    "settings-connections": settings_deed(
        "connections", types.LINE_CHANGED, section="number", phone_number="+14155550142"
    ),
    "settings-number": settings_deed(
        "connections/number", types.LINE_MADE, phone_number="+14155550142", currency="usd", name="Two"
    ),
    "worker-again": Deed(types.WORK_AGAIN, deeds.unknown_again),
    "books-check": Deed(types.BOOKS_ASKED, lambda w: w.client.post("/settings/books/check")),
    "books-explain": Deed(types.BOOKS_RESOLVED, deeds.explain),
    "personal-data-erase": Deed(
        types.CUSTOMER_ERASED, lambda w: (w.call(), w.client.post("/settings/personal-data/erase", {"who": MARY}))
    ),
    "people-invite": Deed(
        types.PERSON_INVITED,
        lambda w: w.client.post("/settings/people/invite", {"email": "bo@example.com", "role": "operator"}),
    ),
    "people-withdraw": Deed(
        types.INVITATION_WITHDRAWN,
        lambda w: w.client.post(f"/settings/people/invitations/{deeds.invited(w).pk}/withdraw"),
    ),
    "people-change": Deed(
        types.PERSON_CHANGED, lambda w: w.client.post(f"/settings/people/{deeds.oscar(w).pk}", {"role": "auditor"})
    ),
    "people-new-password": Deed(
        types.PERSON_PASSWORD_LINK, lambda w: w.client.post(f"/settings/people/{deeds.oscar(w).pk}/new-password")
    ),
    "people-two-factor": Deed(
        types.TWO_FACTOR_REQUIRED, lambda w: w.client.post("/settings/people/two-factor", {"required": "yes"})
    ),
    "invitation": Deed(
        types.PERSON_JOINED,
        lambda w: Client().post(
            invitation_link(deeds.invited(w), base=""), {"name": "Bo Lindqvist", "password": NEW_PASSWORD}
        ),
    ),
    "account": Deed(
        types.PERSON_ACCOUNT_CHANGED,
        lambda w: w.client.post("/account", {"name": "Olive", "shortcuts": "on"}),
    ),
    "account-email": Deed(
        types.PERSON_ACCOUNT_CHANGED, lambda w: w.client.post("/account/email", {"email": "olive@example.com"})
    ),
    "reader": nothing("the language and the look of one's own pages"),
    "account_login": Deed(types.SESSION_SIGNED_IN, deeds.sign_in(PASSWORD)),
    "account_logout": Deed(types.SESSION_SIGNED_OUT, lambda w: w.client.post(path("account_logout"))),
    "account_reauthenticate": PROOF,
    "mfa_reauthenticate": PROOF,
    "mfa_reauthenticate_webauthn": PROOF,
    "account_change_password": Deed(
        types.PERSON_PASSWORD_CHANGED,
        lambda w: w.client.post(
            path("account_change_password"),
            {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
        ),
    ),
    "account_set_password": nothing("everybody has a password: it sends on to its change"),
    "account_reset_password": nothing("it changes nothing: a link may be sent, and its use is recorded"),
    "account_reset_password_from_key": Deed(types.PERSON_PASSWORD_RESET, deeds.new_password),
    "mfa_list_webauthn": nothing("a list of allauth's, which answers any method alike"),
    "mfa_index": nothing("a list of allauth's, which answers any method alike"),
    "mfa_authenticate": Deed(types.SESSION_SECOND_STEP_FAILED, deeds.second_step),
    "mfa_activate_totp": Deed(types.PERSON_STEP_ADDED, deeds.activate),
    "mfa_deactivate_totp": Deed(types.PERSON_STEP_REMOVED, deeds.at_step("mfa_deactivate_totp")),
    "mfa_generate_recovery_codes": Deed(types.PERSON_CODES_MADE, deeds.at_step("mfa_generate_recovery_codes")),
    "mfa_add_webauthn": nothing("a browser's key is needed: tests/web/accounts/test_recorded.py has the event"),
    "mfa_remove_webauthn": Deed(types.PERSON_STEP_REMOVED, deeds.passkey_deed("mfa_remove_webauthn")),
    "mfa_edit_webauthn": Deed(types.PERSON_STEP_RENAMED, deeds.passkey_deed("mfa_edit_webauthn", name="Laptop")),
    "mfa_login_webauthn": nothing("a browser's key is needed; signed in by allauth's one road, which is recorded"),
    "usersessions_list": Deed(types.SESSION_OTHERS_ENDED, deeds.others),
}


def _exported(what: str) -> Deed:
    def do(world: World) -> Any:
        world.paid()
        return b"".join(world.client.get(f"{path(what)}?format=csv"))

    return Deed(types.EXPORTED, do)


LOOKS: dict[str, Deed] = {
    "payments-export": _exported("payments-export"),
    "orders-export": _exported("orders-export"),
    "calls-export": _exported("calls-export"),
    "activity-export": _exported("activity-export"),
    "load-errors": Deed(types.EXPORTED, deeds.load_errors),
    "call-requests": Deed(types.CALL_REQUESTS_SEEN, lambda w: w.client.get(f"/calls/{w.call().pk}/requests")),
    "personal-data": Deed(
        types.CUSTOMER_SEEN, lambda w: (w.call(), w.client.get("/settings/personal-data", {"who": MARY}))
    ),
    "personal-data-export": Deed(
        types.CUSTOMER_EXPORTED, lambda w: (w.call(), w.client.get("/settings/personal-data/export", {"who": MARY}))
    ),
    "mfa_view_recovery_codes": Deed(
        types.PERSON_CODES_SEEN, lambda w: (deeds.with_app(w), w.client.get(path("mfa_view_recovery_codes")))
    ),
    "mfa_download_recovery_codes": Deed(
        types.PERSON_CODES_SEEN, lambda w: (deeds.with_app(w), w.client.get(path("mfa_download_recovery_codes")))
    ),
    "failed sign-in": Deed(types.SESSION_SIGN_IN_FAILED, deeds.sign_in("wrong")),
}
