"""What was found stands with what is to be mended on top."""

from django.template.loader import render_to_string

from phonepay.setup.findings import in_order, note, problem


def test_problems_stand_above_notes_and_what_is_in_order() -> None:
    found = [in_order("Fine."), note("Odd."), problem("Broken.", callers="They wait.", mend="Mend it.")]
    told = render_to_string("installer/findings.html", {"findings": found})
    assert told.index("Broken.") < told.index("Odd.") < told.index("Fine.")
