"""What a step of the set-up could not do: nothing was kept, and the sentences say what to do. And what finds it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from phonepay.events.actors import Actor
from phonepay.lib.refusal import Refusal
from phonepay.merchant import credentials
from phonepay.setup.findings import Finding


class StepRefused(ValueError):
    """`problems` has a sentence by the name of what was given; `findings` what was found out, the bad ones among it."""

    def __init__(self, problems: Mapping[str, str] | None = None, *, findings: Sequence[Finding] = ()) -> None:
        self.problems = dict(problems or {})
        self.findings = list(findings)
        told = [*self.problems.values(), *(each.what for each in self.findings if each.is_problem)]
        super().__init__("\n".join(told))


def as_sentence(why: str) -> str:
    """What a check of configuration.values says, which is a sentence's end, for the reader."""
    return _("This %(why)s.") % {"why": _(why)}


def in_words(refused: Refusal) -> str:
    """A refusal for the reader: `words` among its facts is its sentence as it is translated, `why` another's end."""
    words, why = str(refused.facts.get("words", "")), str(refused.facts.get("why", ""))
    if not words:
        return str(refused)
    return _(words) % (refused.facts | ({"why": _(why)} if why else {}))


def check_found(found: Sequence[Finding]) -> None:
    """Raises StepRefused with all that was found where a problem is among it."""
    if any(each.is_problem for each in found):
        raise StepRefused(findings=found)


def keep_keys(changes: Mapping[str, str], *, by: Actor, now: datetime, field: str = "") -> None:
    """credentials.keep. Raises StepRefused at the key's name, or at `field` where it is typed there."""
    try:
        credentials.keep(changes, by=by, now=now)
    except credentials.KeyRefused as refused:
        why = refused.facts.get("why")
        told = as_sentence(str(why)) if why else str(refused)
        raise StepRefused({field or str(refused.facts["name"]): told}) from refused


def check_written(*written: tuple[str, str, Callable[[str], object]]) -> None:
    """Hold each name's text to its check, which raises ValueError. Raises StepRefused with all that are wrong."""
    problems = {}
    for name, text, check in written:
        try:
            check(text)
        except ValueError as error:
            problems[name] = as_sentence(str(error))
    if problems:
        raise StepRefused(problems)
