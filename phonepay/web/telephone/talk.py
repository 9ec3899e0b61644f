"""A call as the page tells it: what was heard and keyed, what can be done now, and what became of the money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from phonepay.calls.models import Call
from phonepay.lib import phone
from phonepay.payments.models import Payment

Kind = Literal["voice", "keys", "note"]


@dataclass(frozen=True, slots=True)
class Said:
    """One line: words of the voice in their language, keys as they may be shown, or a note about the call."""

    kind: Kind
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """`state` is the stand-in's: busy, listening, paying, ringing or ended. `call` is our own row, once there is one.

    `mark` is another one whenever there is something new to show.
    """

    sid: str
    state: str
    said: tuple[Said, ...]
    mark: str
    ended: str = ""
    call: Call | None = None

    @property
    def keyed(self) -> bool:
        return any(line.kind == "keys" for line in self.said)

    @property
    def payment(self) -> Payment | None:
        return self.call.payment if self.call else None

    @property
    def paid(self) -> bool:
        return self.payment is not None and self.payment.status == Payment.Status.SUCCEEDED

    @property
    def checking(self) -> bool:
        return self.payment is not None and self.payment.status in Payment.UNDER_WAY

    @property
    def moves(self) -> bool:
        """Whether something may be new in a moment without anybody doing anything."""
        return self.state == "busy" or self.checking


def talk_of(told: dict[str, Any]) -> Talk:
    """What the switchboard tells of a call, in people's words, beside what we know of it ourselves."""
    call = Call.objects.select_related("payment__merchant", "payment__order").filter(sid=told["sid"]).first()
    said = tuple(line for entry in told["log"] if (line := _said(entry)) is not None)
    payment = call.payment.status if call and call.payment else ""
    last = len(said[-1].text) if said else 0
    mark = f"{len(said)}.{last}.{told['state']}.{told['listening_for']}.{told['attempt']}.{payment}"
    return Talk(told["sid"], told["state"], said, mark, _ended(told["ended_by"]), call)


def _said(entry: dict[str, Any]) -> Said | None:
    if entry["who"] == "voice":
        return Said("voice", entry["text"], entry["language"])
    if entry["who"] in ("keys", "card-keys"):
        return Said("keys", entry["text"])
    words = _note(entry["what"], entry["about"])
    return Said("note", words) if words else None


def _note(what: str, about: str) -> str:
    match what:
        case "silence":
            return _("%(seconds)s seconds of silence") % {"seconds": about}
        case "rings":
            return _("It rings at %(number)s.") % {"number": phone.format_number(about)}
        case "person-answers":
            return _("Somebody answers, and talks for a minute.")
        case "dialed" if about != "completed":
            return _("Nobody answers.")
        case "error":
            return _("The line met an error: %(code)s.") % {"code": about}
    return ""


def _ended(by: str) -> str:
    if not by:
        return ""
    return {"caller": _("You hung up."), "product": _("The call is over.")}.get(by, _("The line was cut off."))
