"""The voice routes. A path names what its request answers (a turn, a card's attempt), so each may come twice."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from phonepay.alerts.notes import note
from phonepay.calls import card, ending, opening, resuming, turns
from phonepay.telephony import twiml
from phonepay.web.voice.door import VoiceRequest, apology, from_twilio, is_twilios, speak, xml


@from_twilio
def incoming(voice: VoiceRequest) -> HttpResponse:
    """A call comes in."""
    try:
        answer = opening.handle_incoming(
            sid=voice.sid,
            called=voice.text("To"),
            calling=voice.text("From"),
            now=timezone.now(),
            asked=voice.asked("voice"),
        )
    except opening.UnknownLine:
        return xml(twiml.reject())
    return speak(answer)


@from_twilio
def keyed(voice: VoiceRequest, turn: int) -> HttpResponse:
    """Keys, or silence, in answer to a question."""
    return speak(
        turns.handle_input(
            sid=voice.sid, turn=turn, keys=voice.digits(), now=timezone.now(), asked=voice.asked("input")
        )
    )


@from_twilio
def pay_result(voice: VoiceRequest, attempt: UUID) -> HttpResponse:
    """`<Pay>` has ended."""
    result = card.PayResult(
        result=voice.word("Result"),
        token=voice.text("PaymentToken"),
        brand=voice.word("PaymentCardType")[:16],
        last4=re.sub(r"\D", "", voice.text("PaymentCardNumber"))[-4:],
        error_code=voice.code("PayErrorCode"),
    )
    asked = voice.asked("pay")
    return speak(card.pay_finished(sid=voice.sid, attempt=attempt, result=result, now=timezone.now(), asked=asked))


@from_twilio
def pay_fell_through(voice: VoiceRequest, attempt: UUID) -> HttpResponse:
    """Twilio went on to the verb after `<Pay>` without asking for its action."""
    result = card.PayResult(result="fell-through")
    asked = voice.asked("pay/fell-through")
    return speak(card.pay_finished(sid=voice.sid, attempt=attempt, result=result, now=timezone.now(), asked=asked))


@from_twilio
def pay_status(voice: VoiceRequest, attempt: UUID) -> HttpResponse:
    """Progress inside `<Pay>`. It never decides money, and may come in any order: nothing is done with it."""
    return xml(twiml.nothing())


@from_twilio
def waiting(voice: VoiceRequest, attempt: UUID, said: int) -> HttpResponse:
    """The caller waits for the bank."""
    asked = voice.asked("waiting")
    return speak(card.waiting(sid=voice.sid, attempt=attempt, said=said, now=timezone.now(), asked=asked))


@from_twilio
def person_ended(voice: VoiceRequest, turn: int) -> HttpResponse:
    """The transfer to a person is over."""
    answered = voice.text("DialCallStatus") in ("completed", "answered")
    asked = voice.asked("person")
    return speak(ending.person_ended(sid=voice.sid, turn=turn, answered=answered, now=timezone.now(), asked=asked))


@from_twilio
def status(voice: VoiceRequest) -> HttpResponse:
    """The line is dead."""
    duration = voice.text("CallDuration")
    ending.call_ended(
        sid=voice.sid,
        status=voice.text("CallStatus"),
        seconds=int(duration) if re.fullmatch("[0-9]{1,8}", duration) else None,
        now=timezone.now(),
        asked=voice.asked("status"),
    )
    return xml(twiml.nothing())


@from_twilio
def resume(voice: VoiceRequest) -> HttpResponse:
    """The document that Twilio hosts for the time when we are down comes back."""
    note(kind="fallback_used")
    try:
        answer = resuming.resume(
            sid=voice.sid,
            called=voice.text("To"),
            calling=voice.text("From"),
            now=timezone.now(),
            asked=voice.asked("resume"),
        )
    except opening.UnknownLine:
        return xml(twiml.reject())
    return speak(answer)


@csrf_exempt
def fallback(request: HttpRequest) -> HttpResponse:
    """Twilio asks this when nothing else answered: it reads and writes nothing, so that it always can."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    # Answered whoever asks, as the reason may be that nothing can be verified; told of where it is Twilio's. A token
    # that fits no more refused the call before this, and that is told by its own name.
    if is_twilios(request):
        note(kind="fallback_used")
    return apology(request.GET.get("locale", ""))
