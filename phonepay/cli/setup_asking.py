"""`phonepay setup` with questions: each step that is still to be done, until it is done or left."""

import argparse
import getpass
from collections.abc import Callable

from phonepay.cli import setup_steps as told
from phonepay.cli.refusal import CommandRefused, Exit
from phonepay.merchant.models import Line
from phonepay.setup import steps
from phonepay.setup.findings import Finding
from phonepay.setup.numbers import does_now
from phonepay.setup.refusals import StepRefused
from phonepay.setup.shop import shop_now, the_line
from phonepay.setup.twilio_account import look_again


def ask_all() -> int:
    """Ctrl-C or Ctrl-D leaves it; what was done stays done."""
    print("Seven steps, each looked at before it is kept. Ctrl-C leaves; phonepay setup takes it up again.\n")
    try:
        while step := steps.next_step():
            if not _ask(step):
                return Exit.DONE
        told.print_status()
        print("\nIn Twilio's console now, in this account: Voice, Settings, General, PCI mode (it is for good);")
        print("then Pay Connectors, Stripe, Install, “Connect with Stripe”, with the account of your key.")
        print("The connector then shows acct_….")
        _retried(_connector)
        line = the_line()
        number = line.phone_number if line else ""
        print(f"\nNow call {number} and pay with the card 4242 4242 4242 4242. Watch it at /setup/call in the browser,")
        print("where the first payment is refunded with one click. phonepay setup --finish closes the set-up.")
    except (EOFError, KeyboardInterrupt):
        print("\nLeft. phonepay setup takes it up again.")
    return Exit.DONE


def _ask(step: str) -> bool:
    """One step, until it is done; False where the command cannot go on from here."""
    standings = steps.standings()
    place = next(at for at, each in enumerate(standings, start=1) if each.step.name == step)
    print(f"{place} of {len(standings)}. {told.word_of(step)} (about {steps.minutes_left()} minutes left in all)")
    _retried(_QUESTIONS[step])
    print()
    # Another database is another process's: phonepay serve takes the data along.
    return step != steps.DATABASE or bool(steps.facts_of(steps.DATABASE))


def _retried(question: Callable[[], list[Finding]]) -> None:
    while True:
        try:
            found = told.attempt(question)
        except CommandRefused as refused:
            print(f"{refused}\nOnce more.\n")
        else:
            for each in found:
                print(each)
            return


def _line(question: str, default: str = "") -> str:
    return input(f"  {question}{f' [{default}]' if default else ''}: ").strip() or default


def _secret(question: str) -> str:
    return getpass.getpass(f"  {question} (not shown): ").strip()


def _yes(question: str) -> bool:
    return _line(f"{question} y/n", "n").lower().startswith("y")


def _options(**facts: object) -> argparse.Namespace:
    names = (
        "shop currency time_zone language public_url unproven database_from stripe_key_from twilio_sid "
        "twilio_token_from number take_off behavior amount overage overage_cap overage_days connector connector_account"
    )
    return argparse.Namespace(**(dict.fromkeys(names.split()) | facts))


def _owner() -> list[Finding]:
    email, name = _line("Your e-mail"), _line("Your name")
    password = _secret("A password, ten characters or more")
    told.check_password(password, email, name)
    return told.make_owner(email, name, password)


def _shop() -> list[Finding]:
    there = shop_now()
    return told.shop(
        _options(
            shop=_line("Your shop's name, as callers hear it", there["name"]),
            currency=_line("Currency", there["currency"]).lower(),
            time_zone=_line("Time zone", there["time_zone"]),
            language=_line("Language that callers hear", there["locale"]),
        )
    )


def _reach() -> list[Finding]:
    print("  Twilio needs an https address that leads to this server: a domain with a proxy, or a tunnel for trying.")
    address = _line("Public address, as https://pay.example.com")
    try:
        return list(told.attempt(lambda: told.reach(_options(public_url=address, unproven=False))))
    except CommandRefused as refused:
        why = refused.__cause__
        if not (isinstance(why, StepRefused) and why.findings):
            raise  # as it is written it is no address, whatever a call would prove
        print(refused)
        if not _yes("Keep it although? A call will prove it"):
            raise CommandRefused("It was not kept.") from refused
        return told.reach(_options(public_url=address, unproven=True))


def _database() -> list[Finding]:
    if not _yes("The data lie in a file of this server. Keep them in a database of your own instead"):
        return told.database(_options())
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.setup import moving

    url = _secret("Its address, as postgresql://user:password@host/name")
    found = moving.move(url=url, by=whoever_typed(), now=timezone.now())
    print("  phonepay serve takes the data along when it starts. Then go on: phonepay setup.")
    return found


def _stripe() -> list[Finding]:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.setup.stripe_key import connect_stripe

    print("  Stripe's dashboard, test mode: Developers, API keys.")
    return connect_stripe(key=_secret("Secret key, sk_test_…"), by=whoever_typed(), now=timezone.now())


def _twilio() -> list[Finding]:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.setup.twilio_account import connect_twilio

    print("  Does this Twilio account do anything else? PCI mode is for the whole account and for good:")
    print("  then make a subaccount in Twilio's console first, and give its SID and token.")
    sid, now = _line("Account SID, AC…"), timezone.now()
    looked = connect_twilio(account_sid=sid, auth_token=_secret("Auth token"), by=whoever_typed(), now=now)
    for each in looked.findings:
        print(each)
    return _number()


def _number() -> list[Finding]:
    from django.utils import timezone

    looked = look_again(now=timezone.now())
    for each in looked.numbers if looked else ():
        print(f"  {each.phone_number}  {does_now(each)}")
    number = _line("Which number do customers call?")
    overridden = any(each.overridden_by for each in (looked.numbers if looked else ()) if each.phone_number == number)
    return told.wire(number, take_off=overridden and _yes("Take it off what would answer in our place"))


def _behavior() -> list[Finding]:
    for value, word in Line.Behavior.choices:
        print(f"  {value}: {word}")
    behavior = _line("What callers are asked", "fixed-with-order")
    amount = _line("The amount that is the same for all, as 42.50") if behavior.startswith("fixed") else ""
    overage = _line("May the card be charged more later: off, ask or condition", "off")
    cap = _line("At most so much more, as 50.00") if overage != "off" else ""
    days = _line("Within so many days", "30") if overage != "off" else ""
    facts = {"behavior": behavior, "amount": amount, "overage": overage, "overage_cap": cap, "overage_days": days}
    return told.behavior(_options(**facts))


def _connector() -> list[Finding]:
    name = _line("The connector's unique name", "Default")
    return told.connector(_options(connector=name, connector_account=_line("The account beside it, acct_…")))


_QUESTIONS: dict[str, Callable[[], list[Finding]]] = {
    "owner": _owner,
    "shop": _shop,
    "reach": _reach,
    "database": _database,
    "stripe": _stripe,
    "twilio": _twilio,
    "behavior": _behavior,
}
