"""Whether Activity is as it was written: for `phonepay check`, `phonepay activity verify`, Connections and Activity."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from phonepay.alerts.operations import alert, over
from phonepay.events import types, verifying, watching
from phonepay.events.actors import Actor
from phonepay.events.heads import HEAD_FILE, KeptHead
from phonepay.events.models import Event, record
from phonepay.events.verifying import Break, Report, is_genuine, verify
from phonepay.setup.findings import Finding, in_order, note, problem

NAMED = 10
SENTENCES: dict[str, str | Promise] = {
    verifying.CHANGED: gettext_lazy("Entry %(first)d of Activity (%(about)s) is not as it was written."),
    verifying.REMOVED: gettext_lazy("Entry %(first)d of Activity was removed."),
    verifying.INSERTED: gettext_lazy("Entry %(first)d of Activity (%(about)s) was not written by Phone Pay."),
    verifying.EXCHANGED: gettext_lazy("Entry %(first)d of Activity (%(about)s) stands in the place of another."),
    verifying.SEAL_CHANGED: gettext_lazy("Seal %(first)d of Activity was changed."),
    verifying.SEALS_MISSING: gettext_lazy("Seals %(first)d to %(last)d of Activity were removed."),
    verifying.NO_KEY: gettext_lazy("Seal %(first)d of Activity was made with a key that cannot be read any more."),
    verifying.CUT_OFF: gettext_lazy("The end of Activity was cut off: seal %(about)s, which was noted, is not in it."),
}
_SOMEWHERE = gettext_lazy("Entries that Phone Pay did not write stand in Activity: phonepay check names them.")
_NOTHING_FOR_CALLERS = gettext_lazy("Calls and charges go on as they did. What Activity says cannot be relied on.")
_MEND = gettext_lazy(
    "Find out who can write to the database. The entries as they were are in your backups: phonepay help activity."
)
_MEND_KEY = gettext_lazy("Put the earlier encryption key behind the new one, with a comma: PHONEPAY_ENCRYPTION_KEY.")
_MEND_CUT = gettext_lazy(
    "Where a backup was put back by other means than phonepay restore: phonepay activity accept. Else find out who can "
    "write to the database."
)


def sentence(found: Break) -> str:
    """What is broken, in a sentence."""
    if found.kind == verifying.INSERTED and not found.first:
        return str(_SOMEWHERE)
    return str(SENTENCES[found.kind]) % {"first": found.first, "last": found.last, "about": found.about}


def kept_head() -> KeptHead:
    """The head that this machine has noted in its data folder."""
    return KeptHead(settings.PHONEPAY_DATA_DIR / HEAD_FILE)


def verify_whole(*, noted: Sequence[str] = (), progress: Callable[[int], None] = lambda events: None) -> Report:
    """Every entry, against what this machine and others have noted. About 40 µs of processor time an entry."""
    known = kept_head().read()
    return verify(noted=[*noted, *([known] if known else [])], progress=progress)


def accepted() -> set[str]:
    """The breaks that somebody at the terminal has looked into and accepted, as their sentences."""
    rows = Event.objects.filter(type=types.ACTIVITY_ACCEPTED)
    return {each for row in rows if is_genuine(row) for each in row.data.get("breaks", ())}


def accept(report: Report, *, by: Actor, now: datetime) -> None:
    """Somebody has found out why: these breaks are no problem any more, and that it was said so is written down."""
    known = accepted()
    new = [each for each in map(sentence, report.breaks) if each not in known]
    record(types.ACTIVITY_ACCEPTED, subject=("activity", ""), by=by, now=now, breaks=new, count=len(new))
    if any(each.kind == verifying.CUT_OFF for each in report.breaks):
        kept_head().forget()


def activity_findings(*, whole: bool, progress: Callable[[int], None] = lambda events: None) -> Iterator[Finding]:
    """`whole` verifies every entry now; else what the worker found last, and whether the end is still there."""
    if whole:
        report = verify_whole(progress=progress)
        open_breaks = yield from told(report.breaks, report.more)
        if not open_breaks:
            yield in_order(
                _("Activity is as it was written: %(events)d entries, %(waiting)d not sealed yet. Head %(head)s.")
                % {"events": report.events, "waiting": report.waiting, "head": report.head or "–"}
            )
        return
    last = watching.last_check()
    if (yield from told([*(watching.breaks_of(last.breaks) if last else []), *_cut_off()])):
        return
    if last is None or not last.events:
        yield note(_("Activity has not been verified yet: the worker does it every day."))
    else:
        yield in_order(_("Activity is as it was written: %(events)d entries.") % {"events": last.events})


def _cut_off() -> list[Break]:
    """Whether the end that this machine has noted is still there."""
    known = kept_head().read()
    return [Break(verifying.CUT_OFF, 0, 0, known)] if known and not verifying.is_in_chain(known) else []


def told(breaks: Sequence[Break], more: int = 0) -> Generator[Finding, None, int]:
    """A problem for each break, the first ten by name; returns how many. What was accepted is a note."""
    known = accepted()
    still = [each for each in breaks if sentence(each) not in known]
    for found in still[:NAMED]:
        mend = {verifying.NO_KEY: _MEND_KEY, verifying.CUT_OFF: _MEND_CUT}.get(found.kind, _MEND)
        yield problem(sentence(found), callers=_NOTHING_FOR_CALLERS, mend=str(mend))
    rest = len(still) - NAMED + more
    if rest > 0:
        yield problem(
            ngettext(
                "%(count)d more entry of Activity is not as it was written.",
                "%(count)d more entries of Activity are not as they were written.",
                rest,
            )
            % {"count": rest},
            callers=_NOTHING_FOR_CALLERS,
            mend=str(_MEND),
        )
    if len(still) < len(breaks):
        count = len(breaks) - len(still)
        words = ngettext(
            "%(count)d break of Activity was accepted.", "%(count)d breaks of Activity were accepted.", count
        )
        yield note(words % {"count": count})
    return len(still) + more


def run_due(now: datetime) -> int:
    """The worker's turn: a slice of the daily verification, and an alert where it found something."""
    done = watching.run_due(now)
    if done is None:
        return 0
    known = accepted()
    found = [*watching.breaks_of(done.breaks), *_cut_off()]
    breaks = [each for each in map(sentence, found) if each not in known]
    if breaks:
        alert(kind="activity_broken", facts={"count": len(breaks), "first": breaks[0]}, now=now)
    else:
        over(kind="activity_broken", now=now)
    return 1
