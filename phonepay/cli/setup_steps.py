"""The steps of `phonepay setup`: options into the verbs of phonepay.setup, and what was found into the terminal."""

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from phonepay.cli.finding import whoever_typed
from phonepay.cli.refusal import CommandRefused, Exit, WrittenWrong
from phonepay.cli.secret_source import read_secret
from phonepay.merchant.refusals import LineRefused
from phonepay.people.models import User
from phonepay.setup import codes, moving, numbers, steps
from phonepay.setup.behavior import choose_behavior
from phonepay.setup.connector import compare_connector
from phonepay.setup.findings import Finding, in_order, note
from phonepay.setup.live import go_live as go_live_verb
from phonepay.setup.owner import OwnerRefused, make_first_owner
from phonepay.setup.reach import keep_address, read_address
from phonepay.setup.refusals import StepRefused
from phonepay.setup.shop import set_shop, shop_now, the_line
from phonepay.setup.stripe_key import connect_stripe
from phonepay.setup.twilio_account import connect_twilio, look_again
from phonepay.telephony.client import TwilioUnreachable

_OWNER_REFUSALS = {
    "email": "This is not an e-mail address: write it as olivia@example.com.",
    "exists": "Somebody signs in with this address already. See phonepay user list.",
    "owned": "There is an owner already. See phonepay user list; phonepay user add makes more accounts.",
}


def take(step: str, args: argparse.Namespace) -> None:
    """Do one step with what the options say, and print what was found. Raises CommandRefused."""
    found = attempt(lambda: _STEPS[step](args))
    print(f"— {word_of(step)}")
    _print(found)


def attempt(verb: Callable[[], Sequence[Finding]]) -> Sequence[Finding]:
    """A verb whose refusal is a sentence for the terminal."""
    try:
        return verb()
    except StepRefused as refused:
        # A terminal offers no choices to see: the room's own sentence names them.
        cause = refused.__cause__
        problems = cause.problems if isinstance(cause, LineRefused) else refused.problems
        lines = [*problems.values(), *(str(each) for each in refused.findings)]
        raise CommandRefused("\n".join(lines)) from refused


def word_of(step: str) -> str:
    return next((str(each.word) for each in steps.STEPS if each.name == step), "The Pay connector")


def print_status() -> int:
    """Each step, done or not, with what was found; exit code 1 while something is to be done."""
    for standing in steps.standings():
        sign = "✓" if standing.done else "·"
        told = ", ".join(
            str(value)
            for name, value in standing.facts.items()
            if name not in ("at", "endpoint", "line", "number_sid") and value not in ("", None, False, True)
        )
        print(f"{sign} {standing.step.word}{': ' if told else ''}{told}")
    left = steps.minutes_left()
    if not left:
        print("The seven steps are done. Then: PCI mode and the Pay connector in Twilio's console, and a test call.")
        return Exit.DONE
    print(f"About {left} minutes are left: phonepay setup asks for what is missing.")
    return Exit.REFUSED


def print_code(now: datetime) -> int:
    """A new address of the set-up's pages."""
    code = codes.new_code(now=now)
    if code is None:
        raise CommandRefused("There is an owner already, who signs in at /setup. See phonepay user list.")
    base = settings.PHONEPAY_PUBLIC_URL or "http://127.0.0.1:8000"
    print(f"{base}/setup?code={code}")
    print("It opens once, within an hour.")
    return Exit.DONE


def finish(now: datetime) -> None:
    if not steps.finish(by=whoever_typed(), now=now):
        raise CommandRefused("It cannot be closed: nobody owns the installation yet, or it is closed already.")
    print("The set-up is closed for good. What it did is changed under Settings.")


def go_live(args: argparse.Namespace, now: datetime) -> int:
    if not (args.stripe_key_from and args.connector and args.connector_account):
        raise WrittenWrong("--live needs --stripe-key-from, --connector and --connector-account.")
    key = read_secret(args.stripe_key_from, "--stripe-key-from")
    facts = {"key": key, "name": args.connector, "account": args.connector_account}
    _print(attempt(lambda: go_live_verb(**facts, by=whoever_typed(), now=now)))
    print("Live: from now on money is real. Now one real payment of your own, refunded from the panel (/go-live/call).")
    return Exit.DONE


def owner(args: argparse.Namespace) -> list[Finding]:
    password = read_secret(args.password_from, "--password-from") if args.password_from else None
    if not args.email:
        raise WrittenWrong("--email is needed too: the first owner signs in with it.")
    check_password(password, args.email, args.name or "")
    return make_owner(args.email, args.name or "", password)


def check_password(password: str | None, email: str, name: str) -> None:
    try:
        if password is not None:
            validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise CommandRefused("\n".join(error.messages)) from error


def make_owner(email: str, name: str, password: str | None) -> list[Finding]:
    """The first owner; without a password a link is printed with which they set one."""
    from phonepay.people.links import new_password_link, public_base

    try:
        user = make_first_owner(email=email, name=name, password=password, now=timezone.now(), by=whoever_typed())
    except OwnerRefused as refused:
        raise CommandRefused(_OWNER_REFUSALS[refused.reason]) from refused
    found = [in_order(f"{user.email} owns this installation.")]
    if password is None:
        link = new_password_link(user, base=public_base("http://localhost:8000"))
        found.append(note(f"A password is set once, by this link: {link}"))
    return found


def shop(args: argparse.Namespace) -> list[Finding]:
    given = {"name": args.shop, "currency": args.currency, "time_zone": args.time_zone, "locale": args.language}
    facts = shop_now() | {name: value for name, value in given.items() if value}
    made = set_shop(**facts, by=whoever_typed(), now=timezone.now())
    return [in_order(f"{made.merchant.name}, {made.currency.upper()}, {made.merchant.time_zone}, {made.locales[0]}.")]


def reach(args: argparse.Namespace) -> list[Finding]:
    found = keep_address(address=args.public_url, unproven=args.unproven, by=whoever_typed(), now=timezone.now())
    # What follows in this very command needs it; phonepay serve starts anew on it by itself.
    settings.PHONEPAY_PUBLIC_URL = read_address(args.public_url)
    return found


def database(args: argparse.Namespace) -> list[Finding]:
    by, now = whoever_typed(), timezone.now()
    if not args.database_from:
        return moving.stay_here(by=by, now=now)
    found = moving.move(url=read_secret(args.database_from, "--database-from"), by=by, now=now)
    return [*found, note("phonepay serve takes the data along when it starts. Then go on: phonepay setup.")]


def stripe(args: argparse.Namespace) -> list[Finding]:
    key = read_secret(args.stripe_key_from, "--stripe-key-from") if args.stripe_key_from else ""
    return connect_stripe(key=key, by=whoever_typed(), now=timezone.now())


def twilio(args: argparse.Namespace) -> list[Finding]:
    by, now = whoever_typed(), timezone.now()
    found: list[Finding] = []
    if args.twilio_token_from or args.twilio_sid:
        token = read_secret(args.twilio_token_from, "--twilio-token-from") if args.twilio_token_from else ""
        found += connect_twilio(account_sid=args.twilio_sid or "", auth_token=token, by=by, now=now).findings
    if args.number:
        found += wire(args.number, take_off=args.take_off)
    return found


def wire(number: str, *, take_off: bool) -> list[Finding]:
    """Send a number's calls here, by the number in any spelling."""
    now = timezone.now()
    try:
        looked = look_again(now=now)
    except TwilioUnreachable as error:
        raise CommandRefused(str(error)) from error
    if looked is None:
        raise CommandRefused("Twilio's account is needed first: --twilio-sid and --twilio-token-from.")
    digits = "".join(each for each in number if each.isdigit())
    sid = next((each.sid for each in looked.numbers if each.phone_number.endswith(digits) and digits), "")
    if not sid:
        there = ", ".join(each.phone_number for each in looked.numbers) or "none"
        raise CommandRefused(f"The account has no number {number} that can be called. It has: {there}.")
    return numbers.wire_number(number_sid=sid, take_off=take_off, by=whoever_typed(), now=now)


def behavior(args: argparse.Namespace) -> list[Finding]:
    line = the_line()
    made = choose_behavior(
        behavior=args.behavior or (line.behavior if line else ""),
        fixed_amount=args.amount or "",
        overage=args.overage or "off",
        overage_cap=args.overage_cap or "",
        overage_days=args.overage_days or "",
        by=whoever_typed(),
        now=timezone.now(),
    )
    return [in_order(f"Callers hear this from the next call on: {made.get_behavior_display()}.")]


def connector(args: argparse.Namespace) -> list[Finding]:
    if not (args.connector and args.connector_account):
        raise WrittenWrong("--connector and --connector-account go together: both are in Twilio's console.")
    live = bool(steps.facts_of(steps.STRIPE).get("live"))
    by, now = whoever_typed(), timezone.now()
    return compare_connector(name=args.connector, account=args.connector_account, live=live, by=by, now=now)


_STEPS: dict[str, Callable[[argparse.Namespace], list[Finding]]] = {
    "owner": owner,
    "shop": shop,
    "reach": reach,
    "database": database,
    "stripe": stripe,
    "twilio": twilio,
    "behavior": behavior,
    "connector": connector,
}


def _print(found: Sequence[Finding]) -> None:
    for each in found:
        print(each)
