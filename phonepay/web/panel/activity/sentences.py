"""A sentence for each type of event. A test holds that every name of events.types has one.

What may stand in %(…)s: amount, about ("order 1042", "the call of …"), order, card, reason, note, email, role, name (of
the person it is about), caller, kind, alert (its title), rows, what, number, to, file, added, changed, difference,
outcome, guarded and lifted (what protection did). What an event has no fact for is said as "…", so that no sentence
breaks.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phonepay.events import types

SENTENCES: dict[str, str | Promise] = {
    types.LINE_MADE: _("Set up the line"),
    types.LINE_CHANGED: _("Changed the settings"),
    types.LINE_HEARD: _("Looked at what callers hear, for the first time"),
    types.SANDBOX_STARTED: _("Started the sandbox"),
    types.SANDBOX_LEFT: _("Left the sandbox, and kept what was tried"),
    types.SANDBOX_CLEARED: _("Left the sandbox, and cleared what was tried"),
    types.ORDERS_LOADED: _("Loaded orders from %(file)s: %(added)s new, %(changed)s changed"),
    types.ORDER_ADDED: _("Added order %(order)s, %(amount)s"),
    types.ORDER_EDITED: _("Changed order %(order)s"),
    types.ORDER_CANCELLED: _("Cancelled order %(order)s"),
    types.ORDER_RESTORED: _("Made order %(order)s payable again"),
    types.ORDER_REOPENED: _("Reopened order %(order)s"),
    types.ORDER_RENUMBERED: _("Gave order %(order)s its right number"),
    types.ORDER_NUMBER_RIGHT: _("Said that the number of order %(order)s is right"),
    types.ORDER_ATTACHED: _("Attached order %(number)s to order %(to)s, %(amount)s"),
    types.ORDER_TOOK_OVER: _("Order %(order)s took over what was paid for %(number)s, %(amount)s"),
    types.ORDER_PAID_ANOTHER_WAY: _("Marked order %(order)s as paid another way"),
    types.PAYMENT_SUCCEEDED: _("Paid by phone: %(amount)s for %(about)s, %(card)s"),
    types.PAYMENT_OVERPAID: _("Paid once more: %(amount)s for %(about)s, %(card)s"),
    types.PAYMENT_DECLINED: _("%(amount)s for %(about)s was declined: %(reason)s"),
    types.PAYMENT_FAILED: _("%(amount)s for %(about)s was not charged"),
    types.PAYMENT_UNKNOWN: _("%(amount)s for %(about)s is being checked: the bank did not answer"),
    types.PAYMENT_NOT_CHARGED: _("The call ended without a payment of %(amount)s"),
    types.OVERAGE_SUCCEEDED: _("Charged %(amount)s extra for %(about)s, %(card)s"),
    types.OVERAGE_DECLINED: _("An extra charge of %(amount)s for %(about)s was declined: %(reason)s"),
    types.OVERAGE_FAILED: _("An extra charge of %(amount)s for %(about)s was not made"),
    types.REFUND_ASKED: _("Asked to refund %(amount)s of %(about)s: %(reason)s"),
    types.REFUND_SUCCEEDED: _("%(amount)s of %(about)s was refunded to %(card)s"),
    types.REFUND_FAILED: _("The refund of %(amount)s of %(about)s failed: %(reason)s"),
    types.REFUND_PAID_ANOTHER_WAY: _("Paid %(amount)s of %(about)s back another way"),
    types.PAYMENT_WARNED: _("The bank warns of fraud: %(amount)s for %(about)s"),
    types.WARNING_DISMISSED: _("Knows the customer of %(about)s: the warning of fraud is set aside"),
    types.CARD_GONE: _("The card of %(about)s was removed at Stripe: no later charges"),
    types.DISPUTE_OPENED: _("%(amount)s for %(about)s was disputed"),
    types.DISPUTE_GREW: _("The inquiry about %(about)s became a dispute of %(amount)s"),
    types.DISPUTE_ANSWERED: _("The dispute of %(amount)s for %(about)s was answered: the bank decides now"),
    types.DISPUTE_CLOSED: _("The dispute of %(amount)s for %(about)s ended: %(outcome)s"),
    types.PAYMENT_REBUILT: _("%(amount)s for %(about)s was found at Stripe and written down again"),
    types.BOOKS_ASKED: _("Asked to compare the books with Stripe"),
    types.BOOKS_DIFFER: _("The books and Stripe differ: %(difference)s"),
    types.BOOKS_RESOLVED: _("Settled a difference between the books and Stripe: %(note)s"),
    types.WORK_AGAIN: _("Asked to try failed work again"),
    types.CUSTOMER_SEEN: _("Looked at what is kept of a customer"),
    types.CUSTOMER_EXPORTED: _("Exported what is kept of a customer"),
    types.CUSTOMER_ERASED: _("Erased a customer's data"),
    types.PROTECTION_STEP: _("Protected the line: %(guarded)s"),
    types.PROTECTION_LIFTED: _("%(lifted)s"),
    types.HOLD_PUT: _("Held back everything that moves money, until the books agree"),
    types.HOLD_LIFTED: _("Let money move again"),
    types.KEYS_KEPT: _("Set keys: %(what)s"),
    types.KEYS_REMOVED: _("Removed keys: %(what)s"),
    types.ENCRYPTION_ROTATED: _("Began to rotate the encryption key"),
    types.ADDRESS_KEPT: _("Set the public address: %(address)s"),
    types.DATABASE_KEPT: _("Set another database: %(place)s"),
    types.CALL_ENDED: _("The call of %(caller)s ended"),
    types.CALL_END_TOLD: _("Told %(caller)s how the payment ended"),
    types.CALL_REQUESTS_SEEN: _("Looked at what went over the wire in the call of %(caller)s"),
    types.ANCESTOR_IMPORTED: _("Brought over what the first Phone Pay kept"),
    types.EMAIL_TESTED: _("Sent a test by e-mail"),
    types.ALERT_RAISED: _("Raised an alert: %(alert)s"),
    types.ALERT_SEEN: _("Knows of the alert: %(alert)s"),
    types.ALERT_OVER: _("An alert is over: %(alert)s"),
    types.EXPORTED: _("Exported %(rows)s rows: %(what)s"),
    types.BACKUP_TAKEN: _("Saved a backup of the whole database"),
    types.BACKUP_RESTORED: _("Put a backup in the place of the database"),
    types.ACTIVITY_ACCEPTED: _("Accepted what did not fit in Activity"),
    types.PERSON_INVITED: _("Invited %(email)s as %(role)s"),
    types.PERSON_JOINED: _("%(email)s joined as %(role)s"),
    types.PERSON_CHANGED: _("Changed what %(name)s may do"),
    types.PERSON_RESET: _("Reset the account of %(email)s: password and second step"),
    types.PERSON_ACCOUNT_CHANGED: _("Changed their own account"),
    types.PERSON_PASSWORD_CHANGED: _("Changed their password"),
    types.PERSON_PASSWORD_RESET: _("Set a new password by a link"),
    types.PERSON_PASSWORD_LINK: _("Made a link with which %(name)s sets a new password"),
    types.PERSON_STEP_ADDED: _("Added a second step at sign-in: %(kind)s"),
    types.PERSON_STEP_REMOVED: _("Removed a second step at sign-in: %(kind)s"),
    types.PERSON_CODES_MADE: _("Made new recovery codes"),
    types.PERSON_CODES_SEEN: _("Looked at their recovery codes"),
    types.PERSON_STEP_RENAMED: _("Gave a passkey another name"),
    types.INVITATION_WITHDRAWN: _("Withdrew the invitation of %(email)s"),
    types.TWO_FACTOR_REQUIRED: _("Changed whether everybody needs a second step"),
    types.SETUP_FINISHED: _("Finished the set-up and closed it"),
    types.WEBHOOK_MADE: _("Had Stripe's webhook made"),
    types.CONNECTOR_COMPARED: _("Compared the Pay connector with Stripe's key"),
    types.WENT_LIVE: _("Went live: from now on money is real"),
    types.NUMBER_WIRED: _("Sent the calls of %(number)s here"),
    types.NUMBER_PUT_BACK: _("Gave %(number)s back what it did at Twilio before"),
    types.SESSION_SIGNED_IN: _("Signed in"),
    types.SESSION_SIGNED_OUT: _("Signed out"),
    types.SESSION_OTHERS_ENDED: _("Signed out everywhere else"),
    types.SESSION_SIGN_IN_FAILED: _("A sign-in failed"),
    types.SESSION_SECOND_STEP_FAILED: _("A second step at sign-in failed"),
}

# The lists that can be exported, by the name that the event has.
EXPORTED: dict[str, str | Promise] = {
    "payments": _("Payments"),
    "orders": _("Orders"),
    "calls": _("Calls"),
    "activity": _("Activity"),
    "load-errors": _("Rows of a file that were not taken"),
}

# The keys, by the names of merchant.credential_names.
KEYS: dict[str, str | Promise] = {
    "twilio_account_sid": _("Twilio's account"),
    "twilio_auth_token": _("Twilio's token"),
    "stripe_secret_key": _("Stripe's key"),
    "stripe_webhook_secret": _("the secret of Stripe's webhook"),
    "twilio_api_base": _("where Twilio is"),
    "stripe_api_base": _("where Stripe is"),
    "email_url": _("the mail server"),
    "email_from": _("whom e-mail is from"),
}

# Which kind of activity an event belongs to, by its noun.
KINDS: dict[str, str | Promise] = {
    "money": _("Money"),
    "orders": _("Orders"),
    "calls": _("Calls"),
    "settings": _("Settings"),
    "people": _("People"),
    "sign-ins": _("Sign-ins"),
    "alerts": _("Alerts"),
    "exports": _("Exports"),
}
KIND_OF_NOUN = {
    "payment": "money",
    "overage": "money",
    "refund": "money",
    "hold": "money",
    "dispute": "money",
    "card": "money",
    "books": "money",
    "work": "money",
    "alert": "alerts",
    "email": "settings",
    "customer": "orders",
    "orders": "orders",
    "order": "orders",
    "call": "calls",
    "line": "settings",
    "protection": "calls",
    "keys": "settings",
    "address": "settings",
    "database": "settings",
    "sandbox": "settings",
    "policy": "settings",
    "setup": "settings",
    "number": "settings",
    "person": "people",
    "invitation": "people",
    "session": "sign-ins",
    "export": "exports",
    "backup": "exports",
    "activity": "settings",
}


def names() -> list[str]:
    """Every name of events.types."""
    return [value for name, value in vars(types).items() if name.isupper() and isinstance(value, str)]


def types_of(kind: str) -> list[str]:
    """The types of events of one kind; none for a kind that is not there."""
    return [name for name in names() if KIND_OF_NOUN.get(name.partition(".")[0]) == kind]
