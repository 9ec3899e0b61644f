"""The names of events: a noun, a full stop, what happened to it. One grammar, one place."""

from __future__ import annotations

LINE_MADE = "line.made"
LINE_CHANGED = "line.changed"
LINE_HEARD = "line.heard"

SANDBOX_STARTED = "sandbox.started"
SANDBOX_LEFT = "sandbox.left"  # what was tried is kept
SANDBOX_CLEARED = "sandbox.cleared"  # left, and what was tried is gone

ORDER_ADDED = "order.added"
ORDER_EDITED = "order.edited"
ORDER_CANCELLED = "order.cancelled"
ORDER_RESTORED = "order.restored"
ORDER_REOPENED = "order.reopened"
ORDER_RENUMBERED = "order.renumbered"
ORDER_NUMBER_RIGHT = "order.number_right"
ORDER_ATTACHED = "order.attached"
ORDER_TOOK_OVER = "order.took_over"
ORDER_PAID_ANOTHER_WAY = "order.paid_another_way"
ORDERS_LOADED = "orders.loaded"
ANCESTOR_IMPORTED = "orders.brought_over"  # from the first Phone Pay, with their money

PAYMENT_SUCCEEDED = "payment.succeeded"
PAYMENT_OVERPAID = "payment.overpaid"
PAYMENT_DECLINED = "payment.declined"
PAYMENT_FAILED = "payment.failed"
PAYMENT_UNKNOWN = "payment.unknown"
PAYMENT_NOT_CHARGED = "payment.not_charged"

OVERAGE_SUCCEEDED = "overage.succeeded"
OVERAGE_DECLINED = "overage.declined"
OVERAGE_FAILED = "overage.failed"

REFUND_ASKED = "refund.asked"
REFUND_SUCCEEDED = "refund.succeeded"
REFUND_FAILED = "refund.failed"
REFUND_PAID_ANOTHER_WAY = "refund.paid_another_way"  # one that had failed

PAYMENT_REBUILT = "payment.rebuilt"
BOOKS_ASKED = "books.asked"
BOOKS_DIFFER = "books.differ"
BOOKS_RESOLVED = "books.resolved"
WORK_AGAIN = "work.again"
CUSTOMER_SEEN = "customer.seen"
CUSTOMER_EXPORTED = "customer.exported"
CUSTOMER_ERASED = "customer.erased"

DISPUTE_OPENED = "dispute.opened"
DISPUTE_GREW = "dispute.grew"  # an inquiry became a dispute: the money was withdrawn
DISPUTE_ANSWERED = "dispute.answered"
DISPUTE_CLOSED = "dispute.closed"
PAYMENT_WARNED = "payment.warned"  # of fraud, by the card's bank
WARNING_DISMISSED = "payment.warning_dismissed"  # by somebody who knows the customer
CARD_GONE = "card.gone"

PROTECTION_STEP = "protection.step"  # a limit was met, or a step was eased
PROTECTION_LIFTED = "protection.lifted"  # by a person: that was a real customer

HOLD_PUT = "hold.put"
HOLD_LIFTED = "hold.lifted"

KEYS_KEPT = "keys.kept"
KEYS_REMOVED = "keys.removed"
ENCRYPTION_ROTATED = "keys.encryption_rotated"
ADDRESS_KEPT = "address.kept"  # the public one
DATABASE_KEPT = "database.kept"  # its address

CALL_ENDED = "call.ended"
CALL_END_TOLD = "call.end_told"  # to who heard "being checked"
CALL_REQUESTS_SEEN = "call.requests_seen"

EMAIL_TESTED = "email.tested"
ALERT_RAISED = "alert.raised"
ALERT_SEEN = "alert.seen"
ALERT_OVER = "alert.over"

EXPORTED = "export.made"
BACKUP_TAKEN = "backup.taken"
BACKUP_RESTORED = "backup.restored"
ACTIVITY_ACCEPTED = "activity.accepted"  # breaks of its chain, by somebody who found out why

PERSON_INVITED = "person.invited"
PERSON_JOINED = "person.joined"
PERSON_CHANGED = "person.changed"
PERSON_RESET = "person.reset"
PERSON_ACCOUNT_CHANGED = "person.account_changed"
PERSON_PASSWORD_CHANGED = "person.password_changed"  # noqa: S105 - a name
PERSON_PASSWORD_RESET = "person.password_reset"  # noqa: S105 - a name
PERSON_PASSWORD_LINK = "person.password_link_made"  # noqa: S105 - a name
PERSON_STEP_ADDED = "person.second_step_added"
PERSON_STEP_REMOVED = "person.second_step_removed"
PERSON_CODES_MADE = "person.recovery_codes_made"
PERSON_CODES_SEEN = "person.recovery_codes_seen"
PERSON_STEP_RENAMED = "person.second_step_renamed"
INVITATION_WITHDRAWN = "invitation.withdrawn"
TWO_FACTOR_REQUIRED = "policy.two_factor_required"

SETUP_FINISHED = "setup.finished"
WEBHOOK_MADE = "setup.webhook_made"
CONNECTOR_COMPARED = "setup.connector_compared"
WENT_LIVE = "setup.went_live"
NUMBER_WIRED = "number.wired"
NUMBER_PUT_BACK = "number.put_back"

SESSION_SIGNED_IN = "session.signed_in"
SESSION_SIGNED_OUT = "session.signed_out"
SESSION_OTHERS_ENDED = "session.others_ended"
SESSION_SIGN_IN_FAILED = "session.sign_in_failed"
SESSION_SECOND_STEP_FAILED = "session.second_step_failed"
