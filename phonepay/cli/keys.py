"""`phonepay keys`: those of Twilio, Stripe and e-mail, and the one that encrypts them. A key is never an argument."""

import argparse
import getpass
import sys
import threading
from typing import TYPE_CHECKING

from phonepay.cli.parsing import Commands, noun, verb
from phonepay.cli.refusal import CommandRefused

if TYPE_CHECKING:
    from phonepay.events.actors import Actor

_NAMES = (
    "twilio-account-sid",
    "twilio-auth-token",
    "stripe-secret-key",
    "stripe-webhook-secret",
    "email-url",
    "email-from",
)
_SETTLE_SECONDS = 30  # a little more than the longest request: what was encrypted before the new key is in by then


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "keys", about="The keys of Twilio, Stripe and e-mail: kept encrypted, rotated here.")
    verb(
        verbs,
        "list",
        _list,
        does="What is set, from where, since when; of secrets the last four characters.",
        examples=["phonepay keys list"],
    )
    setting = verb(
        verbs,
        "set",
        _set,
        does="Keep a key, after it was tried at Twilio or Stripe. You are asked for it, or it is read from stdin.",
        examples=["phonepay keys set stripe-secret-key", "phonepay keys set twilio-auth-token < token.txt"],
        notes="A new token or webhook secret stands beside the old one until you remove that (--older). What the "
        "environment\nsets wins and cannot be changed here. For another Twilio account give its SID, then its token.",
    )
    setting.add_argument("name", choices=_NAMES, metavar="NAME", help=", ".join(_NAMES))
    removing = verb(
        verbs,
        "remove",
        _remove,
        does="Remove a kept key.",
        examples=["phonepay keys remove twilio-auth-token --older"],
    )
    removing.add_argument("name", choices=_NAMES, metavar="NAME", help=", ".join(_NAMES))
    removing.add_argument("--older", action="store_true", help="all but the newest, once the new one is in use")
    rotating = verb(
        verbs,
        "rotate-encryption",
        _rotate,
        does="Encrypt everything under a new key, while calls go on; run it again where it was interrupted.",
        examples=["phonepay keys rotate-encryption"],
        notes="Where the environment sets PHONEPAY_ENCRYPTION_KEY it says what to do on every host. Sessions, links\n"
        "and what protection knows of callers stay: they go by PHONEPAY_SECRET_KEY.",
    )
    rotating.add_argument("--no-wait", action="store_true", help="leave the old key for a later run to take out")


def _list(args: argparse.Namespace) -> None:
    from phonepay.cli.output import print_table
    from phonepay.merchant.credentials_shown import shown

    rows = []
    for each in shown():
        value = each.ending if each.name in ("twilio_account_sid", "email_from") or not each.source else ""
        ending = value or (f"…{each.ending}" if each.ending else ("set" if each.source else "not set"))
        note = "" if each.newest else "older"
        if not each.readable:
            ending, note = "cannot be read", "encrypted with a key that is not there"
        since = f"{each.since:%Y-%m-%d %H:%M} UTC" if each.since else ""
        rows.append((each.name.replace("_", "-"), ending, each.source, since, each.by, note))
    print_table(("Key", "Ends in", "From", "Since", "By", ""), rows)


def _set(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.merchant.credentials import KeyRefused, current, keep
    from phonepay.payments.gateway import is_live
    from phonepay.setup.changing import change_stripe_key
    from phonepay.setup.refusals import StepRefused
    from phonepay.setup.stripe_key import connect_stripe
    from phonepay.setup.twilio_account import connect_twilio

    name, by, now = args.name.replace("-", "_"), whoever_typed(), timezone.now()
    value = _asked(f"{args.name}: ")
    try:
        if name == "stripe_secret_key":
            there = current().stripe_secret_key  # from test to live, and back, is no matter of a key alone
            for finding in (
                change_stripe_key(key=value, by=by, now=now)
                if there
                else connect_stripe(key=value, live=is_live(value), by=by, now=now)
            ):
                print(finding)
        elif name in ("twilio_account_sid", "twilio_auth_token"):
            sid = value if name == "twilio_account_sid" else current().twilio_account_sid or ""
            token = value if name == "twilio_auth_token" else _asked("twilio-auth-token: ")
            for finding in connect_twilio(account_sid=sid, auth_token=token, by=by, now=now).findings:
                print(finding)
        else:
            keep({name: value}, by=by, now=now)
    except StepRefused as refused:
        sentences = [*refused.problems.values(), *(str(each) for each in refused.findings if each.is_problem)]
        raise CommandRefused("\n".join(["Nothing was kept.", *sentences])) from refused
    except KeyRefused as refused:
        raise CommandRefused(str(refused)) from refused
    print("Kept. It counts in every process within seconds.")
    if name in ("twilio_auth_token", "stripe_webhook_secret") and len(_values(name)) > 1:
        print(f"The older one counts too. When the new one is in use: phonepay keys remove {args.name} --older")


def _values(name: str) -> tuple[str, ...]:
    from phonepay.merchant.credentials import current

    keys = current()
    return keys.twilio_auth_tokens if name == "twilio_auth_token" else keys.stripe_webhook_secrets


def _asked(prompt: str) -> str:
    """A line of stdin, or what somebody types unseen."""
    value = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
    if not value.strip():
        raise CommandRefused("Nothing was given: type the key, or let it come from a file with <.")
    return value.strip()


def _remove(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.merchant.credentials import KEPT, forget, forget_older
    from phonepay.merchant.credentials_shown import shown

    name, by, now = args.name.replace("-", "_"), whoever_typed(), timezone.now()
    kept = [each for each in shown() if each.name == name and each.source == KEPT]
    if not kept:
        raise CommandRefused(f"No {args.name} is kept here. See phonepay keys list.")
    if args.older:
        count = forget_older(name, by=by, now=now)
        print(f"{count} older removed; the newest stays." if count else "There is no older one.")
        return
    forget([name], by=by, now=now)
    print("Removed.")


def _rotate(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.configuration.encryption import keys_now
    from phonepay.setup import rotation

    by, given = whoever_typed(), rotation.in_environment()
    if given and len(keys_now()) == 1:
        return _say_what_to_set()
    try:
        if not given:
            rotation.begin(by=by, now=timezone.now())
        done = rotation.encrypt_anew(by=by, say=print)
        if done.lost:
            print(f"{done.lost} could not be read with any key: they were lost before, and are to be set anew.")
        if given:
            print("The older key is needed by nothing now. On every host: leave the first key of")
            print("PHONEPAY_ENCRYPTION_KEY alone, take the others out, and restart. Keep the old key with old backups.")
            return 0
        return _finish(args, by)
    except OSError as error:
        raise CommandRefused(f"The key in the data folder cannot be changed ({error}). Nothing is lost.") from error


def _finish(args: argparse.Namespace, by: "Actor") -> int:
    """Wait for what was being written under the old key, look once more, and take the old key out."""
    from phonepay.setup import rotation

    if args.no_wait:
        print("The old key stays for now. Run phonepay keys rotate-encryption once more to take it out.")
        return 0
    print(f"Waiting {_SETTLE_SECONDS} seconds for requests that began before …", flush=True)
    threading.Event().wait(_SETTLE_SECONDS)
    rotation.encrypt_anew(by=by)
    gone = rotation.give_up_older(by=by)
    print("Done: everything is under the new key." if gone else "Something still needs the old key: run it once more.")
    print("A backup from before needs the old key, which is out of the data folder now: keep that with the backup.")
    return 0 if gone else 1


def _say_what_to_set() -> int:
    from phonepay.configuration.keys import new_encryption_key

    print("The environment sets the encryption key, so it is rotated there. On every host set")
    print(f"  PHONEPAY_ENCRYPTION_KEY={new_encryption_key()},<the key that is there now>")
    print("and restart each. Then run phonepay keys rotate-encryption once more: it encrypts everything anew, and says")
    print("when the old key can be taken out.")
    return 0
