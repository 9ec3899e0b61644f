"""Step 6, second half: the number that customers call. What it did before is kept, and put back on request."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.merchant.lines import add_line, set_line
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import LineRefused
from phonepay.people.permissions import require
from phonepay.setup.fact_words import sentences
from phonepay.setup.findings import Finding, in_order, note, problem
from phonepay.setup.models import NumberWiring
from phonepay.setup.refusals import StepRefused
from phonepay.setup.shop import the_line
from phonepay.setup.steps import TWILIO, step_done
from phonepay.telephony.addresses import Addresses, is_same
from phonepay.telephony.client import Number, TwilioRest, TwilioUnreachable, get_client


def wire_number(*, number_sid: str, take_off: bool = False, by: Actor, now: datetime) -> list[Finding]:
    """Send this number's calls here: voice, fallback and status. It becomes the number of the line that has none.

    A voice application or trunk would answer in our place: it is taken off the number only with `take_off`. What the
    number had is committed before it is changed. Raises StepRefused, NotAllowed. It asks the network, so no
    transaction may be open.
    """
    require(by, "change_settings")
    client, addresses = _client(), _addresses()
    try:
        number = _found(client, number_sid)
        if number.overridden_by and not take_off:
            raise StepRefused({"take_off": overriding(number)})
        line = _line_for(number, by=by, now=now)
        _keep_before(number, client.wiring(number_sid), addresses, by=by, now=now)
        wired = client.wire(number, addresses, locale=line.locales[0])
    except TwilioUnreachable as error:
        raise StepRefused(findings=[_unreachable(error)]) from error
    if not wired.comes_to(addresses):
        raise StepRefused(findings=[_elsewhere(wired)])
    with transaction.atomic():
        record(types.NUMBER_WIRED, subject=("line", line.pk), by=by, now=now, number=number.phone_number)
        step_done(TWILIO, {"number": number.phone_number, "number_sid": number_sid, "line": line.pk}, now=now)
    return [in_order(_("Calls to %(number)s come here from now on.") % {"number": number.phone_number})]


def put_back(*, phone_number: str, anyway: bool = False, by: Actor, now: datetime) -> list[Finding]:
    """Give a number what it had at Twilio before it was ours. Calls then go where they went.

    Where somebody changed it at Twilio meanwhile, so that it does not come here any more, it is left alone unless
    `anyway`. Raises StepRefused, NotAllowed.
    """
    require(by, "change_settings")
    wiring = wired(phone_number)
    if wiring is None:
        sentence = _("What %(number)s did before is not known here: it was not Phone Pay that wired it.")
        raise StepRefused({"number": sentence % {"number": phone_number}})
    client = _client()
    try:
        number = _found(client, wiring.number_sid)
        if not _comes_here(number) and not anyway:
            sentence = _("Somebody changed %(number)s at Twilio since: its calls go to %(where)s. It was left so.")
            raise StepRefused({"number": sentence % {"number": phone_number, "where": number.goes_to or _("nowhere")}})
        client.set_wiring(wiring.number_sid, wiring.before)
    except TwilioUnreachable as error:
        raise StepRefused(findings=[_unreachable(error)]) from error
    with transaction.atomic():
        if NumberWiring.objects.filter(pk=wiring.pk, put_back_at=None).update(put_back_at=now):
            record(types.NUMBER_PUT_BACK, subject=("number", wiring.pk), by=by, now=now, number=phone_number)
    where = wiring.before.get("VoiceUrl") or wiring.before.get("VoiceApplicationSid") or wiring.before.get("TrunkSid")
    sentence = _("%(number)s does what it did before: its calls go to %(where)s.")
    told = in_order(sentence % {"number": phone_number, "where": where or _("nowhere")})
    return [told, note(_("Callers of this number no longer reach Phone Pay."))]


def wired(phone_number: str) -> NumberWiring | None:
    """How this number was before it was sent here; None where it was not, or was put back."""
    rows = NumberWiring.objects.filter(phone_number=phone_number, put_back_at=None)
    return rows.order_by("-pk").first()


def overriding(number: Number) -> str:
    """What would answer in our place, and what taking it off means."""
    what = _("a trunk") if number.overridden_by.startswith("TK") else _("a voice application")
    return _(
        "%(number)s belongs to %(what)s at Twilio (%(sid)s), which would answer in our place. To come here it is taken "
        "off this number; it stays in the account, and putting the number back brings it back too."
    ) % {"number": number.phone_number, "what": what, "sid": number.overridden_by}


def does_now(number: Number) -> str:
    """What happens to a call of this number now, in few words."""
    if number.overridden_by:
        return overriding(number)
    if _comes_here(number):
        return _("Its calls come here already.")
    if number.voice_url and "demo.twilio.com" not in number.voice_url:
        return _("Its calls go to %(where)s.") % {"where": number.goes_to}
    return _("Nobody answers it yet.")


def _client() -> TwilioRest:
    client = get_client()
    if client is None:
        raise StepRefused({"twilio_account_sid": _("Give Twilio's account and its token first.")})
    return client


def _addresses() -> Addresses:
    if not settings.PHONEPAY_PUBLIC_URL:
        sentence = _("There is no public address yet: do the step about it first, or the number has nowhere to go.")
        raise StepRefused({"number": sentence})
    return Addresses(settings.PHONEPAY_PUBLIC_URL)


def _found(client: TwilioRest, number_sid: str) -> Number:
    number = next((each for each in client.numbers() if each.sid == number_sid), None)
    if number is None:
        raise StepRefused({"number": _("The account does not have this number any more. Look at its numbers again.")})
    return number


def _line_for(number: Number, *, by: Actor, now: datetime) -> Line:
    """The line of this number; else the one whose number is still to come takes it; else a new one."""
    there = Line.objects.select_related("merchant").filter(phone_number=number.phone_number).first()
    if there is not None:
        return there
    line = the_line()
    try:
        if line is not None and not line.phone_number:
            change = {"phone_number": number.phone_number}
            return set_line(merchant=line.merchant, phone_number="", changes=change, by=by, now=now)
        currency = {"currency": line.currency} if line else {}
        return add_line(
            merchant=line.merchant if line else None, phone_number=number.phone_number, facts=currency, by=by, now=now
        )
    except LineRefused as refused:
        raise StepRefused(sentences(refused)) from refused


def _keep_before(number: Number, before: dict[str, str], addresses: Addresses, *, by: Actor, now: datetime) -> None:
    """Once: what a number of ours has when it is wired again is our own."""
    if wired(number.phone_number) is None and not is_same(before["VoiceUrl"], addresses.voice()):
        NumberWiring.objects.create(
            number_sid=number.sid,
            phone_number=number.phone_number,
            before=before,
            wired_at=now,
            wired_by=str(by)[:200],
        )


def _comes_here(number: Number) -> bool:
    base = settings.PHONEPAY_PUBLIC_URL
    return bool(base and number.comes_to(Addresses(base)))


def _elsewhere(number: Number) -> Finding:
    return problem(
        _("Twilio took the change, and yet calls to %(number)s go to %(where)s.")
        % {"number": number.phone_number, "where": number.goes_to or _("nowhere")},
        callers=_("They hear something else."),
        mend=_("Set the number's voice address in Twilio's console by hand: Connections shows it."),
    )


def _unreachable(error: TwilioUnreachable) -> Finding:
    return problem(
        _("Twilio did not do it: %(error)s") % {"error": error},
        callers=_("Calls to the number go where they went before."),
        mend=_("Try again in a moment. What the number did before is kept."),
    )
