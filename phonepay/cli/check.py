"""`phonepay check`: is all there that a call needs? What is not, what it means for callers, how to mend it."""

import argparse

from phonepay.cli.output import print_json
from phonepay.cli.parsing import Commands, verb
from phonepay.cli.refusal import Exit, WrittenWrong
from phonepay.cli.startup import load_settings
from phonepay.setup.findings import Finding, problem

_TOLD = ("state", "what", "callers", "mend")


def add_to(commands: Commands) -> None:
    checking = verb(
        commands,
        "check",
        _check,
        does="Look whether all is there that a call needs; exit code 1 if something is not.",
        examples=["phonepay check", "phonepay check --json   for monitoring: a list of findings"],
        needs="nothing",
        notes="Asks Stripe and Twilio whether the keys are right; changes nothing there.",
    )
    checking.add_argument("--json", action="store_true", help="for programs: state, what, callers, mend")


def _check(args: argparse.Namespace) -> int:
    found = _findings()
    missing = sum(finding.is_problem for finding in found)
    if args.json:
        print_json([{name: getattr(finding, name) for name in _TOLD} for finding in found])
        return Exit.REFUSED if missing else Exit.DONE
    for finding in found:
        print(finding)
    if missing:
        print(f"\n{missing} of {len(found)} are not in order.")
        return Exit.REFUSED
    print("\nAll in order.")
    return Exit.DONE


def _findings() -> list[Finding]:
    try:
        load_settings()
    except WrittenWrong as wrong:
        return [
            problem(sentence, callers="Nothing starts, so no call is answered.", mend="See phonepay help environment.")
            for sentence in str(wrong).splitlines()
        ]
    from phonepay.setup.doctor import examine

    return list(examine(whole=True))
