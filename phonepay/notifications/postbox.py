"""How e-mail is doing: for the page of connections, the check and the terminal. And one letter at once, to see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.refusal import Refusal
from phonepay.merchant import mail_account
from phonepay.merchant.mail_account import MailAccount
from phonepay.notifications.letters import Letter, email_of, moment
from phonepay.notifications.models import Delivery, Postbox
from phonepay.notifications.outbox import rest, went_out
from phonepay.notifications.smtp import MailRefused, connected, sentence
from phonepay.notifications.staff_letters import shop_name, shop_zone
from phonepay.people.permissions import require

LATELY = timedelta(days=7)
MOST = 5


class TestRefused(Refusal):
    """No letter went out: not_set_up, address, or a name of smtp.sentence. `facts` has what the server said."""

    __test__ = False  # no test, whatever pytest takes it for


@dataclass(frozen=True, slots=True)
class Undelivered:
    """`why` is a sentence, `answer` what the server said; `to` is "" once the address was forgotten."""

    to: str
    why: str
    answer: str


@dataclass(frozen=True, slots=True)
class MailStatus:
    """`trouble` is a sentence while the server fails, `answer` what it said; `failed` could not be delivered lately."""

    account: MailAccount | None
    last_sent_at: datetime | None
    failing_since: datetime | None
    trouble: str
    answer: str
    waiting: int
    failed: Sequence[Undelivered]


def status(now: datetime) -> MailStatus:
    account, box = mail_account.current(), Postbox.objects.filter(pk=1).first() or Postbox()
    failing = box.failing_since if account is not None else None
    failed = Delivery.objects.filter(state=Delivery.State.FAILED, made_at__gt=now - LATELY).order_by("-made_at")
    return MailStatus(
        account=account,
        last_sent_at=box.last_sent_at,
        failing_since=failing,
        trouble=sentence(box.error, account) if account is not None and failing else "",
        answer=box.answer if failing else "",
        waiting=Delivery.objects.filter(due_at__lte=now).count(),
        failed=[_undelivered(row, account) for row in failed[:MOST]] if account is not None else [],
    )


def _undelivered(row: Delivery, account: MailAccount) -> Undelivered:
    failure, _space, answer = row.error.partition(" ")
    return Undelivered(row.to, sentence(failure, account), answer)


def send_test(*, to: str, language: str, by: Actor, now: datetime, through: MailAccount | None = None) -> None:
    """Send one letter at once, past all that waits; where it goes out, what waits goes on too.

    `through` is an account that is kept only if it does; without, it is the one that counts. Raises TestRefused with a
    sentence for people, and NotAllowed. It waits for the mail server: no transaction is open.
    """
    require(by, "change_settings")
    account = mail_account.current() if through is None else None if mail_account.stays_in(through) else through
    try:
        validate_email(to)
    except ValidationError as error:
        raise TestRefused("address", _("This is not an e-mail address. Look at it again.")) from error
    if account is None:
        raise TestRefused("not_set_up", _("No e-mail is set up, or nobody is named whom it could be from."))
    with translation.override(language), timezone.override(shop_zone()):
        message = email_of(_letter(now), to=to, identity=uuid4(), account=account)
    try:
        with connected(account) as connection:
            connection.send(message)
    except MailRefused as refused:
        if not refused.permanent and through is None:
            rest(refused, now)
        record(types.EMAIL_TESTED, subject=("email", ""), by=by, now=now, went_out=False, reason=refused.failure)
        raise TestRefused(refused.failure, sentence(refused.failure, account), answer=refused.answer) from refused
    went_out(now=now)
    record(types.EMAIL_TESTED, subject=("email", ""), by=by, now=now, went_out=True)


def _letter(now: datetime) -> Letter:
    shop = shop_name()
    return Letter(
        shop=shop,
        subject=_("E-mail from %(shop)s works") % {"shop": shop},
        heading=_("This is the test that you asked for"),
        paragraphs=(_("It arrived, so receipts, invitations and alerts go out as well."),),
        facts=((_("Sent"), moment(now)),),
        small=(_("Did it land among the unwanted? Then ask your mail provider about SPF and DKIM for this address."),),
    )
