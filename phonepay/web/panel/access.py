"""Who may open what: every route of the installation, by its name. Tests hold the routes to it, cell by cell.

yes         opens
look        opens to be read (GET); whoever posts is refused
fresh       opens, to be read or changed, to whoever has said within ten minutes who they are (web/accounts/proof.py)
look-fresh  opens to be read; whoever posts has said within ten minutes who they are
no          is refused (403)
sign-in     is sent to the sign-in page
signed      opens to whoever proves it with a signature of their own (Twilio, Stripe) or a token: no session is read

Where `fresh` and `look-fresh` stand, one rule: whoever changes how money moves or who may move it says first who they
are. That is what callers are charged (amounts, limits, the behavior with its amount), where the money goes and comes
from (connections, keys, the phone number), who comes in and as what (people, roles, invitations, the second step, how
somebody signs in); and, because it cannot be taken back, what hands out or erases a person's data. Reading stays
reading, but for keys, codes and files with a person's data. The day's work (orders, refunds, extra charges) is held by
roles and by Stripe's own limits. What only stops something (pausing, withdrawing an invitation) is never slowed down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from phonepay.people.membership import two_factor_is_required
from phonepay.people.models import User

TABLE = """
route                                      nobody    auditor  operator  owner

healthz                                    yes       yes      yes       yes
readyz                                     yes       yes      yes       yes
metrics                                    signed    signed   signed    signed
twilio/voice                               signed    signed   signed    signed
twilio/input/<int:turn>                    signed    signed   signed    signed
twilio/pay/<uuid:attempt>                  signed    signed   signed    signed
twilio/pay/<uuid:attempt>/fell-through     signed    signed   signed    signed
twilio/pay/<uuid:attempt>/status           signed    signed   signed    signed
twilio/waiting/<uuid:attempt>/<int:said>   signed    signed   signed    signed
twilio/person/<int:turn>                   signed    signed   signed    signed
twilio/status                              signed    signed   signed    signed
twilio/resume                              signed    signed   signed    signed
twilio/fallback                            yes       yes      yes       yes
stripe/webhook                             signed    signed   signed    signed

home                                       sign-in   look     look      look
home-calls                                 sign-in   look     look      look
hear-it                                    sign-in   no       yes       yes
needs                                      sign-in   look     look      look
load                                       sign-in   no       yes       yes
load-file                                  sign-in   no       yes       yes
load-errors                                sign-in   no       look      look
payments                                   sign-in   look     look      look
payments-export                            sign-in   look     look      look
payment                                    sign-in   look     look      look
payment-refund                             sign-in   no       yes       yes
payment-charge                             sign-in   no       yes       yes
payment-known                              sign-in   no       yes       yes
payment-paid-back                          sign-in   no       yes       yes

calls                                      sign-in   look     look      look
calls-export                               sign-in   look     look      look
calls-now                                  sign-in   look     look      look
calls-live                                 sign-in   look     look      look
calls-stops                                sign-in   look     look      look
call                                       sign-in   look     look      look
call-told                                  sign-in   no       yes       yes
call-requests                              sign-in   no       no        look

orders                                     sign-in   look     look      look
orders-export                              sign-in   look     look      look
order                                      sign-in   look     look      look
order-add                                  sign-in   no       yes       yes
orders-selected                            sign-in   no       yes       yes
order-edit                                 sign-in   no       yes       yes
order-refund                               sign-in   no       yes       yes
order-charge                               sign-in   no       yes       yes
order-ask                                  sign-in   no       yes       yes
order-cancel                               sign-in   no       yes       yes
order-restore                              sign-in   no       yes       yes
order-reopen                               sign-in   no       yes       yes
order-paid                                 sign-in   no       yes       yes
order-number                               sign-in   no       yes       yes
order-right                                sign-in   no       yes       yes
order-attach                               sign-in   no       yes       yes

search                                     sign-in   look     look      look
try-the-line                               sign-in   no       yes       yes
try-telephone                              sign-in   no       yes       yes
try-telephone-now                          sign-in   no       look      look
sandbox-leave                              sign-in   no       no        yes
settings                                   sign-in   look     look      look
activity                                   sign-in   look     look      look
activity-export                            sign-in   look     look      look
settings-hear                              sign-in   look     look      look
settings-behavior                          sign-in   no       no        look-fresh
settings-pause                             sign-in   no       no        yes
settings-words                             sign-in   look     look      look
settings-word                              sign-in   look     look      yes
settings-voice                             sign-in   look     look      yes
settings-amounts                           sign-in   look     look      look-fresh
settings-protection                        sign-in   look     look      look-fresh
protection-lift                            sign-in   no       yes       yes
settings-connections                       sign-in   look     look      look-fresh
settings-email-test                        sign-in   no       no        yes
settings-number                            sign-in   no       no        look-fresh
settings-key                               sign-in   no       no        fresh
settings-key-older                         sign-in   no       no        fresh
security-txt                               look      look     look      look
change-password                            look      look     look      look
help                                       sign-in   look     look      look
about                                      sign-in   look     look      look
books                                      sign-in   look     look      look
alerts                                     sign-in   look     look      look
alert-seen                                 sign-in   no       yes       yes
worker                                     sign-in   look     look      look
worker-again                               sign-in   no       yes       yes
books-check                                sign-in   no       yes       yes
books-explain                              sign-in   no       no        yes

personal-data                              sign-in   no       no        look
personal-data-export                       sign-in   no       no        fresh
personal-data-erase                        sign-in   no       no        fresh

people                                     sign-in   look     look      look
people-invite                              sign-in   no       no        fresh
people-withdraw                            sign-in   no       no        yes
people-change                              sign-in   no       no        fresh
people-new-password                        sign-in   no       no        fresh
people-two-factor                          sign-in   no       no        fresh
invitation                                 yes       yes      yes       yes

.well-known/phonepay/<str:nonce>           yes       yes      yes       yes
setup                                      yes       no       no        yes
setup-try                                  yes       no       no        yes
setup-connect                              yes       no       no        yes
setup-owner                                yes       no       no        yes
setup-shop                                 sign-in   no       no        look-fresh
setup-reach                                sign-in   no       no        look-fresh
setup-renewing                             sign-in   no       no        yes
setup-database                             sign-in   no       no        look-fresh
setup-stripe                               sign-in   no       no        look-fresh
setup-twilio                               sign-in   no       no        look-fresh
setup-number                               sign-in   no       no        look-fresh
setup-behavior                             sign-in   no       no        look-fresh
setup-email                                sign-in   no       no        look-fresh
setup-consoles                             sign-in   no       no        yes
setup-connector                            sign-in   no       no        look-fresh
setup-call                                 sign-in   no       no        yes
setup-refund                               sign-in   no       no        yes
setup-finish                               sign-in   no       no        yes
go-live                                    sign-in   no       no        look-fresh
go-live-call                               sign-in   no       no        yes
go-live-refund                             sign-in   no       no        yes
handover                                   sign-in   look     look      look
number-give-back                           sign-in   no       no        look-fresh

account                                    sign-in   yes      yes       yes
account-email                              sign-in   look-fresh look-fresh look-fresh
reader                                     yes       yes      yes       yes
account_login                              yes       yes      yes       yes
account_logout                             yes       yes      yes       yes
account_inactive                           yes       yes      yes       yes
account_reauthenticate                     sign-in   yes      yes       yes
account_change_password                    sign-in   yes      yes       yes
account_set_password                       sign-in   fresh    fresh     fresh
account_reset_password                     yes       yes      yes       yes
account_reset_password_done                yes       yes      yes       yes
account_reset_password_from_key            yes       yes      yes       yes
account_reset_password_from_key_done       yes       yes      yes       yes
mfa_index                                  sign-in   yes      yes       yes
mfa_authenticate                           yes       yes      yes       yes
mfa_reauthenticate                         sign-in   yes      yes       yes
mfa_activate_totp                          sign-in   fresh    fresh     fresh
mfa_deactivate_totp                        sign-in   fresh    fresh     fresh
mfa_view_recovery_codes                    sign-in   fresh    fresh     fresh
mfa_generate_recovery_codes                sign-in   fresh    fresh     fresh
mfa_download_recovery_codes                sign-in   fresh    fresh     fresh
mfa_list_webauthn                          sign-in   yes      yes       yes
mfa_add_webauthn                           sign-in   fresh    fresh     fresh
mfa_reauthenticate_webauthn                sign-in   yes      yes       yes
mfa_remove_webauthn                        sign-in   fresh    fresh     fresh
mfa_edit_webauthn                          sign-in   fresh    fresh     fresh
mfa_login_webauthn                         yes       yes      yes       yes
usersessions_list                          sign-in   yes      yes       yes
"""

# Paths of machines: they carry their own proof, and none of what people need.
MACHINES = ("/.well-known/phonepay/", "/twilio/", "/stripe/", "/healthz", "/readyz", "/metrics")

CELLS = ("yes", "look", "fresh", "look-fresh", "no", "sign-in", "signed")
READING = ("GET", "HEAD", "OPTIONS")

# Where somebody who still lacks the second step that the owner requires may go.
_WITHOUT_SECOND_STEP = ("mfa_", "account_", "reader", "invitation")


@dataclass(frozen=True, slots=True)
class Row:
    """One route's cells."""

    nobody: str
    auditor: str
    operator: str
    owner: str

    def cell(self, who: str) -> str:
        return str(getattr(self, who))


def is_machine(path: str) -> bool:
    return path.startswith(MACHINES)


class Answer(Enum):
    YES = "yes"
    NO = "no"
    SIGN_IN = "sign-in"
    SECOND_STEP = "second step"
    WHO = "who"  # yes, once they have said again who they are


def _read(table: str) -> dict[str, Row]:
    lines = [line.split() for line in table.strip().splitlines()[1:] if line.strip()]
    rows = {name: Row(*cells) for name, *cells in lines}
    wrong = [name for name, row in rows.items() for who in Row.__slots__ if row.cell(who) not in CELLS]
    if wrong or len(rows) != len(lines):
        raise ValueError(f"the access table has a wrong cell or a route twice: {wrong}")
    return rows


ROWS = _read(TABLE)


def answer_for(route: str, user: object, method: str, *, fresh: Callable[[], bool]) -> Answer:
    """What the table says of this route (its name, else its path), this person and this HTTP method.

    `fresh` tells whether they have said lately who they are; it is asked only where the table wants it.
    """
    row = ROWS.get(route)
    if row is None:
        return Answer.NO
    signed_in = isinstance(user, User) and user.is_active
    cell = row.cell(user.role if isinstance(user, User) and signed_in else "nobody")
    if cell == "sign-in":
        return Answer.SIGN_IN
    if cell == "no" or (cell == "look" and method not in READING):
        return Answer.NO
    if isinstance(user, User) and signed_in and not route.startswith(_WITHOUT_SECOND_STEP) and lacks_second_step(user):
        return Answer.SECOND_STEP
    if (cell == "fresh" or (cell == "look-fresh" and method not in READING)) and not fresh():
        return Answer.WHO
    return Answer.YES


def lacks_second_step(user: User) -> bool:
    """Whether the owner requires two-factor authentication and this person has set up none."""
    if not two_factor_is_required():
        return False
    # The room of accounts holds what allauth keeps; only the fact is asked for here.
    from allauth.mfa.utils import is_mfa_enabled

    return not is_mfa_enabled(user)


def may_open(route: str, user: object) -> bool:
    """Whether to show somebody the way to a route at all."""
    row = ROWS.get(route)
    who = user.role if isinstance(user, User) else "nobody"
    return row is not None and row.cell(who) in ("yes", "look", "fresh", "look-fresh")
