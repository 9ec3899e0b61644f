"""What a step of the set-up could not do: nothing was kept, and the sentences say what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _

from phonepay.setup.findings import Finding


class StepRefused(ValueError):
    """`problems` has a sentence by the name of what was given; `findings` what was found out, the bad ones among it."""

    def __init__(self, problems: Mapping[str, str] | None = None, *, findings: Sequence[Finding] = ()) -> None:
        self.problems = dict(problems or {})
        self.findings = list(findings)
        told = [*self.problems.values(), *(each.what for each in self.findings if each.is_problem)]
        super().__init__("\n".join(told))


def check_written(*written: tuple[str, str, Callable[[str], object]]) -> None:
    """Hold each name's text to its check, which raises ValueError. Raises StepRefused with all that are wrong."""
    problems = {}
    for name, text, check in written:
        try:
            check(text)
        except ValueError as error:
            problems[name] = _("This %(why)s.") % {"why": error}
    if problems:
        raise StepRefused(problems)
