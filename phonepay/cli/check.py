"""`phonepay check`: is all there that a call needs? What is not, what it means for callers, how to mend it."""

import argparse

from phonepay.cli.parsing import Commands, verb
from phonepay.cli.refusal import Exit, WrittenWrong
from phonepay.cli.startup import load_settings
from phonepay.setup.findings import Finding, problem


def add_to(commands: Commands) -> None:
    verb(
        commands,
        "check",
        _check,
        does="Look whether all is there that a call needs; exit code 1 if something is not.",
        examples=["phonepay check"],
        needs="nothing",
        notes="Asks Stripe and Twilio whether the keys are right; changes nothing.",
    )


def _check(args: argparse.Namespace) -> int:
    found = _findings()
    for finding in found:
        print(finding)
    missing = sum(finding.is_problem for finding in found)
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
