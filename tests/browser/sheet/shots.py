"""Which pages are on the contact sheet, and which routes are on none, for what reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.sandboxed import PAGE, calls, pays, reaches_the_card

FULL, EMPTY, WORST, SANDBOX = "full", "empty", "worst", "sandbox"
SETS = (FULL, EMPTY, WORST, SANDBOX)
OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND, BROKEN = 200, 400, 403, 404, 500

# Why a page has no picture in a set.
NO_LIST = "it shows no list: there is nothing that could be missing"
ONE_ROW = "it is about one row, which is there or the page is not"
SAME = "it is the same whatever the shop holds"


@dataclass(frozen=True, slots=True)
class Shot:
    """One page. `path` names rows of a world in braces; `who` opens it (see worlds.World.sessions).

    `do` brings the page where it is to be looked at. `empty` and `worst` leave it out of that set, for a reason.
    `sandbox`: it is a page of the sandbox, and in that set alone.
    """

    name: str
    route: str
    path: str
    who: str = "owner"
    status: int = OK
    do: Callable[[Page], object] | None = None
    empty: str = ""
    worst: str = ""
    sandbox: bool = False

    def is_in(self, world: str) -> bool:
        if self.sandbox or world == SANDBOX:
            return self.sandbox and world == SANDBOX
        return not {FULL: "", EMPTY: self.empty, WORST: self.worst}[world]


def submit(page: Page) -> None:
    """Send the page's form as it stands; the browser's own checks would keep our sentences from being seen."""
    form = page.locator("main form").last
    form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    page.wait_for_load_state("networkidle")


def submit_first(page: Page) -> None:
    form = page.locator("main form").first
    form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    page.wait_for_load_state("networkidle")


def unfold(page: Page) -> None:
    page.locator("main details").evaluate_all("all => all.forEach(each => { each.open = true; })")


def unfold_folds(page: Page) -> None:
    """Not the menus, which would lie on one another."""
    page.locator("main details.fold").evaluate_all("all => all.forEach(each => { each.open = true; })")


def dial(page: Page) -> None:
    call = page.locator("#trial button[value=call]")
    if call.count():  # else the talk of the other width goes on
        call.click()
    page.locator("#trial .talk").wait_for()


def choose_two(page: Page) -> None:
    for box in page.locator("main input[type=checkbox][name=order]").all()[:2]:
        box.check()


def cancel_two(page: Page) -> None:
    choose_two(page)
    page.locator("button[name=do][value=cancel]").first.click()
    page.wait_for_load_state("networkidle")


def forge(page: Page) -> None:
    page.locator("main [name=csrfmiddlewaretoken]").evaluate_all("all => all.forEach(each => { each.value = 'x'; })")
    submit(page)


def menu(page: Page) -> None:
    page.locator(".menu.account summary").click()


SHOTS = (
    Shot("home", "home", "/"),
    Shot("home-30-days", "home", "/?period=30", empty=SAME),
    Shot("home-menu", "home", "/", do=menu, empty=SAME),
    Shot("needs", "needs", "/needs"),
    Shot("search", "search", "/search?q={word}"),
    Shot("payments", "payments", "/payments"),
    Shot("payments-filtered", "payments", "/payments?status=declined&period=7"),
    Shot("payment", "payment", "/payments/{payment}", empty=ONE_ROW),
    Shot("payment-refunded", "payment", "/payments/{refunded}", empty=ONE_ROW),
    Shot("payment-declined", "payment", "/payments/{declined}", empty=ONE_ROW),
    Shot("payment-checked", "payment", "/payments/{unknown}", empty=ONE_ROW),
    Shot("payment-disputed", "payment", "/payments/{disputed}", empty=ONE_ROW, worst=SAME),
    Shot(
        "payment-paid-back",
        "payment-paid-back",
        "/payments/{failed_refund_of}/paid-back/{failed_refund}",
        empty=ONE_ROW,
    ),
    Shot("payment-looked-at", "payment", "/payments/{payment}", who="auditor", empty=ONE_ROW),
    Shot("payment-refund", "payment-refund", "/payments/{payment}/refund", empty=ONE_ROW),
    Shot("payment-charge", "payment-charge", "/payments/{consented}/charge", empty=ONE_ROW),
    Shot("payment-charge-refused", "payment-charge", "/payments/{consented}/charge", do=submit, empty=ONE_ROW),
    Shot("orders", "orders", "/orders"),
    Shot("orders-filtered", "orders", "/orders?status=unpaid&period=7&q=zzz"),
    Shot("orders-chosen", "orders", "/orders", do=choose_two, empty=ONE_ROW),
    Shot("orders-cancel", "orders-selected", "/orders", do=cancel_two, empty=ONE_ROW),
    Shot("order", "order", "/orders/{owed}", empty=ONE_ROW),
    Shot("order-paid", "order", "/orders/{paid_order}", empty=ONE_ROW),
    Shot("order-from-call", "order", "/orders/{new}", empty=ONE_ROW),
    Shot("order-add", "order-add", "/orders/add", empty=SAME),
    Shot("order-add-refused", "order-add", "/orders/add", do=submit, empty=SAME),
    Shot("order-edit", "order-edit", "/orders/{owed}/edit", empty=ONE_ROW),
    Shot("order-refund", "order-refund", "/orders/{paid_order}/refund", empty=ONE_ROW),
    Shot("order-charge", "order-charge", "/orders/{consented_order}/charge", empty=ONE_ROW),
    Shot("order-ask", "order-ask", "/orders/{paid_order}/ask", empty=ONE_ROW),
    Shot("order-cancel", "order-cancel", "/orders/{owed}/cancel", empty=ONE_ROW),
    Shot("order-restore", "order-restore", "/orders/{cancelled}/restore", empty=ONE_ROW),
    Shot("order-reopen", "order-reopen", "/orders/{elsewhere}/reopen", empty=ONE_ROW),
    Shot("order-mark-paid", "order-paid", "/orders/{owed}/paid", empty=ONE_ROW),
    Shot("order-number", "order-number", "/orders/{new}/number", empty=ONE_ROW),
    Shot("order-right", "order-right", "/orders/{new}/right", empty=ONE_ROW),
    Shot("order-attach", "order-attach", "/orders/{new}/attach", empty=ONE_ROW),
    Shot("order-attach-found", "order-attach", "/orders/{new}/attach?to={meant}", empty=ONE_ROW),
    Shot("load", "load", "/orders/load"),
    Shot("load-columns", "load-file", "/orders/load/{matching}", empty=ONE_ROW),
    Shot("load-checked", "load-file", "/orders/load/{checked}", empty=ONE_ROW),
    Shot("load-done", "load-file", "/orders/load/{loaded}", empty=ONE_ROW),
    Shot("calls", "calls", "/calls"),
    Shot("calls-filtered", "calls", "/calls?what=refused&period=7", worst=SAME),
    Shot("calls-now", "calls-now", "/calls/now"),
    Shot("calls-stops", "calls-stops", "/calls/stops"),
    Shot("call", "call", "/calls/{call}", empty=ONE_ROW),
    Shot("call-live", "call", "/calls/{live}", empty=ONE_ROW),
    Shot("call-requests", "call-requests", "/calls/{live}/requests", empty=ONE_ROW),
    Shot("try-the-line", "try-the-line", "/try-the-line"),
    Shot("try-the-line-talking", "try-the-line", "/try-the-line", do=dial, empty=ONE_ROW),
    Shot("home-sandbox", "home", "/", sandbox=True),
    Shot("telephone", "try-telephone", PAGE, sandbox=True),
    Shot("telephone-talking", "try-telephone", PAGE, do=calls, sandbox=True),
    Shot("telephone-card", "try-telephone", PAGE, do=reaches_the_card, sandbox=True),
    Shot("telephone-paid", "try-telephone", PAGE, do=pays, sandbox=True),
    Shot("sandbox-leave", "sandbox-leave", "/sandbox/leave", sandbox=True),
    Shot("settings", "settings", "/settings"),
    Shot("settings-hear", "settings-hear", "/settings/callers-hear"),
    Shot("settings-behavior", "settings-behavior", "/settings/callers-hear/behavior/fixed", empty=ONE_ROW),
    Shot("settings-words", "settings-words", "/settings/callers-hear/words"),
    Shot("settings-word", "settings-word", "/settings/callers-hear/words/en-US/order.confirm", empty=ONE_ROW),
    Shot("settings-voice", "settings-voice", "/settings/callers-hear/voice"),
    Shot("settings-amounts", "settings-amounts", "/settings/amounts"),
    Shot("settings-protection", "settings-protection", "/settings/protection"),
    Shot("settings-connections", "settings-connections", "/settings/connections"),
    Shot("settings-key", "settings-key", "/settings/connections/keys/e-mail", empty=SAME),
    Shot("settings-key-refused", "settings-key", "/settings/connections/keys/e-mail", do=submit_first, empty=SAME),
    Shot("settings-key-fixed", "settings-key", "/settings/connections/keys/twilio", empty=SAME),
    Shot("settings-number", "settings-number", "/settings/connections/number", empty=SAME),
    Shot("activity", "activity", "/settings/activity"),
    Shot("activity-filtered", "activity", "/settings/activity?kind=exports"),
    Shot("alerts", "alerts", "/settings/alerts"),
    Shot("books", "books", "/settings/books"),
    Shot("worker", "worker", "/settings/worker"),
    Shot("personal-data", "personal-data", "/settings/personal-data?who={phone}"),
    Shot("personal-data-erase", "personal-data", "/settings/personal-data?who={phone}", do=unfold, empty=ONE_ROW),
    Shot("people", "people", "/settings/people"),
    Shot("people-how-safe", "people", "/settings/people", do=unfold_folds, empty=SAME),
    Shot("people-looked-at", "people", "/settings/people", who="auditor", empty=NO_LIST),
    Shot("help", "help", "/help"),
    Shot("about", "about", "/about", empty=SAME),
    Shot("account", "account", "/account", empty=SAME),
    Shot("account-email", "account-email", "/account/email", empty=SAME),
    Shot("password", "account_change_password", "/account/password", empty=SAME),
    Shot("password-refused", "account_change_password", "/account/password", do=submit, empty=SAME),
    Shot("is-it-you", "account_reauthenticate", "/sign-in/again", empty=SAME, worst=SAME),
    Shot("two-factor", "mfa_index", "/account/two-factor", empty=SAME),
    Shot("two-factor-on", "mfa_index", "/account/two-factor", who="guarded", empty=SAME),
    Shot("two-factor-app", "mfa_activate_totp", "/account/two-factor/app", empty=SAME),
    Shot("two-factor-app-off", "mfa_deactivate_totp", "/account/two-factor/app/off", who="guarded", empty=SAME),
    Shot("codes", "mfa_view_recovery_codes", "/account/two-factor/codes", who="guarded", empty=SAME),
    Shot("codes-new", "mfa_generate_recovery_codes", "/account/two-factor/codes/new", who="guarded", empty=SAME),
    Shot("is-it-you-code", "mfa_reauthenticate", "/sign-in/again/code", who="guarded", empty=SAME, worst=SAME),
    Shot(
        "is-it-you-passkey", "mfa_reauthenticate_webauthn", "/sign-in/again/passkey", who="guarded", empty=SAME,
        worst=SAME,
    ),
    Shot("passkeys", "mfa_list_webauthn", "/account/passkeys", who="guarded", empty=SAME),
    Shot("passkey-add", "mfa_add_webauthn", "/account/passkeys/add", empty=SAME),
    Shot("passkey-name", "mfa_edit_webauthn", "/account/passkeys/{passkey}/name", who="guarded", empty=SAME),
    Shot("passkey-remove", "mfa_remove_webauthn", "/account/passkeys/{passkey}/remove", who="guarded", empty=SAME),
    Shot("sessions", "usersessions_list", "/account/sessions", empty=SAME),
    Shot("sign-out", "account_logout", "/sign-out", empty=SAME, worst=SAME),
    Shot("sign-in", "account_login", "/sign-in", who="nobody", empty=SAME),
    Shot("sign-in-refused", "account_login", "/sign-in", who="nobody", do=submit_first, empty=SAME),
    Shot("sign-in-closed", "account_inactive", "/sign-in/inactive", who="nobody", empty=SAME, worst=SAME),
    Shot("second-step", "mfa_authenticate", "/sign-in/second-step", who="halfway", empty=SAME),
    Shot("forgotten", "account_reset_password", "/password/forgotten", who="nobody", empty=SAME),
    Shot("forgotten-sent", "account_reset_password_done", "/password/forgotten/sent", who="nobody", empty=SAME),
    Shot("password-new", "account_reset_password_from_key", "{reset}", who="nobody", empty=SAME),
    Shot("password-new-old", "account_reset_password_from_key", "/password/new/1-old", who="nobody", empty=SAME),
    Shot("password-changed", "account_reset_password_from_key_done", "/password/changed", who="nobody", empty=SAME),
    Shot("invitation", "invitation", "{invitation}", who="nobody", empty=SAME),
    Shot("invitation-refused", "invitation", "/invitation/nothing", who="nobody", status=NOT_FOUND, empty=SAME),
    Shot("setup", "setup", "/setup"),
    Shot("setup-owner", "setup-owner", "/setup/owner", empty=SAME),
    Shot("setup-shop", "setup-shop", "/setup/shop"),
    Shot("setup-reach", "setup-reach", "/setup/reach", empty=SAME),
    Shot("setup-database", "setup-database", "/setup/database", empty=SAME),
    Shot("setup-stripe", "setup-stripe", "/setup/stripe", empty=SAME),
    Shot("setup-twilio", "setup-twilio", "/setup/twilio", do=unfold, empty=SAME),
    Shot("setup-number", "setup-number", "/setup/twilio/number"),
    Shot("setup-behavior", "setup-behavior", "/setup/behavior", empty=SAME),
    Shot("setup-email", "setup-email", "/setup/email", empty=SAME),
    Shot("setup-pci", "setup-consoles", "/setup/consoles", empty=SAME),
    Shot("setup-connector", "setup-connector", "/setup/consoles/connector", empty=SAME),
    Shot("setup-connector-refused", "setup-connector", "/setup/consoles/connector", do=submit_first, empty=SAME),
    Shot("setup-call", "setup-call", "/setup/call", do=unfold, empty=SAME),
    Shot("go-live", "go-live", "/go-live", empty=SAME),
    Shot("handover", "handover", "/handover", empty=SAME),
    Shot("number-give-back", "number-give-back", "/settings/connections/number/{line}/give-back", empty=SAME),
    Shot("error-400", "payments", "/payments?" + "&".join(["q=1"] * 1001), status=BAD_REQUEST, empty=SAME),
    Shot("error-403", "personal-data", "/settings/personal-data", who="auditor", status=FORBIDDEN, empty=SAME),
    Shot("error-403-old", "account", "/account", do=forge, status=FORBIDDEN, empty=SAME),
    Shot("error-404", "payment", "/payments/00000000-0000-4000-8000-000000000000", status=NOT_FOUND, empty=SAME),
    Shot("error-404-nobody", "invitation", "/nothing", who="nobody", status=NOT_FOUND, empty=SAME),
    Shot("error-500", "about", "/about?break", status=BROKEN, empty=SAME),
)  # fmt: skip

PART = "a part of a page, on the pictures of the page that swaps it in"
FILE = "a file, saved and not shown"
POSTED = "only posted to; what it answers is a page that is on the sheet"
DATA = "answers a script of the page with data"

# Routes that nobody sees as a page. Machines' own are told by their path.
NOT_SHOWN = {
    "try-telephone-now": PART,
    "setup-try": POSTED,
    "setup-connect": POSTED,
    "setup-refund": POSTED,
    "setup-finish": POSTED,
    "go-live-refund": POSTED,
    "setup-renewing": "it is left at once where nothing is waited for",
    "go-live-call": "only with a live key; the part that is watched is that of setup-call",
    "home-calls": PART,
    "calls-live": PART,
    "hear-it": POSTED,
    "payments-export": FILE,
    "orders-export": FILE,
    "calls-export": FILE,
    "activity-export": FILE,
    "load-errors": FILE,
    "personal-data-export": FILE,
    "mfa_download_recovery_codes": FILE,
    "payment-known": POSTED,
    "alert-seen": POSTED,
    "settings-email-test": POSTED,
    "settings-key-older": POSTED,
    "call-told": POSTED,
    "settings-pause": POSTED,
    "protection-lift": POSTED,
    "books-check": POSTED,
    "books-explain": POSTED,
    "worker-again": POSTED,
    "personal-data-erase": POSTED,
    "people-invite": POSTED,
    "people-withdraw": POSTED,
    "people-change": POSTED,
    "people-new-password": POSTED,
    "people-two-factor": POSTED,
    "reader": POSTED,
    "mfa_login_webauthn": DATA,
    "security-txt": FILE,
    "change-password": "it leads to changing one's password",
    "account_set_password": "nobody here is without a password, so it leads to changing it",
}
