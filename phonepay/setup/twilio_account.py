"""Step 6, first half: Twilio's account and token, what else the account does, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from phonepay.configuration import values
from phonepay.events.actors import Actor
from phonepay.merchant import credentials
from phonepay.people.permissions import require
from phonepay.setup.findings import NO_CALL, NO_RECORDING, RECORDED, Finding, in_order, note, problem
from phonepay.setup.refusals import StepRefused, check_found, check_written, keep_keys
from phonepay.setup.steps import step_done
from phonepay.telephony.client import Account, Number, TwilioRest, TwilioUnreachable, get_client

ACCOUNT = "twilio-account"  # beside the seven: the step is done when a number is chosen too
LATELY = timedelta(days=30)
_LENGTH_OF_SID = 34


@dataclass(frozen=True, slots=True)
class Looked:
    """An account as it was looked at: its numbers that can be called, and what was found."""

    account: Account
    numbers: Sequence[Number]
    findings: Sequence[Finding]


def connect_twilio(*, account_sid: str, auth_token: str, by: Actor, now: datetime) -> Looked:
    """Look at the account with its token and keep both. Raises StepRefused, NotAllowed.

    Two empty texts are what counts already: the environment's, or what was kept before. It asks the network, so no
    transaction may be open.
    """
    require(by, "change_keys")
    account_sid, auth_token = account_sid.strip(), auth_token.strip()
    there = credentials.current()
    if not account_sid and not auth_token:
        account_sid, auth_token = there.twilio_account_sid or "", next(iter(there.twilio_auth_tokens), "")
    _check_form(account_sid, auth_token)
    looked = _look(TwilioRest(account_sid, auth_token, there.twilio_api_base), now)
    check_found(looked.findings)
    changes, another = {}, account_sid != there.twilio_account_sid
    if another:
        changes["twilio_account_sid"] = account_sid
    # With another account its token is kept anew also where it is known: no kept token outlives such a change.
    given = there.sources["twilio_auth_token"] == credentials.ENVIRONMENT
    if auth_token not in there.twilio_auth_tokens[:1] or (another and not given):
        changes["twilio_auth_token"] = auth_token
    if changes:
        keep_keys(changes, by=by, now=now)
    step_done(ACCOUNT, {"account": account_sid, "name": looked.account.name}, now=now)
    return looked


def look_again(*, now: datetime) -> Looked | None:
    """The account that is kept, as it is now; None without one. Raises TwilioUnreachable."""
    client = get_client()
    return _look(client, now, quietly=False) if client else None


def _is_sid(text: str) -> bool:
    return text.startswith("AC") and len(text) == _LENGTH_OF_SID


def _check_form(account_sid: str, auth_token: str) -> None:
    if _is_sid(auth_token) and not _is_sid(account_sid):
        raise StepRefused({"twilio_account_sid": _("These two are in each other's place: the SID begins with AC.")})
    check_written(
        ("twilio_account_sid", account_sid, values.twilio_account_sid),
        ("twilio_auth_token", auth_token, values.twilio_auth_token),
    )


def _look(client: TwilioRest, now: datetime, *, quietly: bool = True) -> Looked:
    try:
        account, numbers = client.account(), client.numbers()
        use = client.use_since(now - LATELY)
        recorded = client.records_all_calls()
    except TwilioUnreachable as error:
        if not quietly:
            raise
        return Looked(Account("", "", "", trial=False), [], [_unreachable(error)])
    spoken = [number for number in numbers if number.speaks]
    found = [*_of_account(account), *_of_numbers(numbers, spoken), *_of_recording(recorded)]
    if use.calls or use.texts:
        found.append(_of_use(use.calls, use.texts))
    return Looked(account, spoken, found)


def _unreachable(error: TwilioUnreachable) -> Finding:
    if error.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return problem(
            _("Twilio does not take this account with this token."),
            callers=NO_CALL,
            mend=_("Copy both from the first page of Twilio's console, of the same account: a subaccount has a token "
                   "of its own."),
        )  # fmt: skip
    return problem(
        _("Twilio does not answer: %(error)s") % {"error": error}, callers=NO_CALL, mend=_("Try again in a moment.")
    )


def _of_account(account: Account) -> Iterator[Finding]:
    name = {"name": account.name or account.sid}
    if account.status != "active":
        yield problem(
            _("Twilio's account %(name)s is %(status)s.") % (name | {"status": account.status}),
            callers=NO_CALL,
            mend=_("Twilio's console says on its first page why, and what to do."),
        )
        return
    yield in_order(_("Twilio takes the account and its token: %(name)s.") % name)
    if account.trial:
        yield note(
            _("It is a trial account."),
            callers=_("They hear Twilio's notice first, and only numbers that you verified may be called from it."),
            mend=_("For trying it will do. Upgrade it at Twilio before customers call."),
        )
    if account.parent:
        yield in_order(_("It is a subaccount: PCI mode is switched on for it alone."))


def _of_numbers(numbers: Sequence[Number], spoken: Sequence[Number]) -> Iterator[Finding]:
    if not numbers:
        mend = _("Buy one at Twilio, under Phone Numbers, with Voice. Then look again here.")
        yield note(_("The account has no phone number yet."), callers=_("There is nothing to call."), mend=mend)
    elif not spoken:
        mend = _("Buy one at Twilio with Voice. Then look again here.")
        yield note(_("The account's numbers cannot be called: they only take texts."), mend=mend)


def _of_recording(recorded: bool | None) -> Iterator[Finding]:
    if recorded:
        yield note(
            _("The account records every call by itself."),
            callers=RECORDED,
            mend=NO_RECORDING,
        )
    elif recorded is None:
        yield note(
            _("Whether the account records every call could not be asked."),
            mend=_(
                "See that it does not in Twilio's console under Voice, Recordings; in the older one under Voice, "
                "Settings."
            ),
        )


def _of_use(calls: int, texts: int) -> Finding:
    told = ngettext("%(count)d call", "%(count)d calls", calls) % {"count": calls}
    texted = ngettext("%(count)d text", "%(count)d texts", texts) % {"count": texts}
    return note(
        _("This account does something else too: in the last 30 days %(calls)s and %(texts)s, counted up to 50.")
        % {"calls": told, "texts": texted},
        mend=_("Card payments need PCI mode, which is for the whole account and for good: it hides numbers and words "
               "in all of its logs. Make a subaccount for Phone Pay, and give its SID and token here."),
    )  # fmt: skip
