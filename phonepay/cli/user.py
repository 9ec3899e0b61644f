"""`phonepay user`: the shop's people; the first owner is made here, and a locked-out one is let in."""

import argparse

from phonepay.cli.parsing import Commands, noun, verb
from phonepay.cli.refusal import CommandRefused

_ROLES = ("owner", "operator", "auditor")
_REFUSALS = {
    "email": "This is not an e-mail address: write it as olivia@example.com.",
    "card": "That looks like a card number, and is not kept. Write a name and an address.",
    "exists": "Somebody signs in with this address already. See phonepay user list.",
}


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "user", about="People who sign in to the panel.")
    adding = verb(
        verbs,
        "add",
        _add,
        does="Make an account, and print the link with which its person sets a password.",
        examples=["phonepay user add olivia@example.com --name 'Olivia Owner'"],
        notes="The first is an owner, the others what --role says.",
    )
    adding.add_argument("email", help="with which they sign in")
    adding.add_argument("--name", default="", help="as pages show it")
    adding.add_argument("--role", choices=_ROLES, help="owner for the first, else auditor")
    verb(verbs, "list", _list, does="List the people.", examples=["phonepay user list"])
    resetting = verb(
        verbs,
        "reset",
        _reset,
        does="Let somebody in who is locked out: end their sessions and second step, print a link for a new password.",
        examples=["phonepay user reset olivia@example.com"],
    )
    resetting.add_argument("email", help="with which they sign in")


def _add(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.people.membership import MembershipRefused, add_person
    from phonepay.people.models import User

    role = args.role or ("auditor" if User.objects.exists() else "owner")
    try:
        user = add_person(email=args.email, name=args.name, role=role, by=whoever_typed(), now=timezone.now())
    except MembershipRefused as refused:
        raise CommandRefused(_REFUSALS[refused.reason]) from refused
    print(f"{user.email} is {role}. A password is set once, by this link:")
    _print_link(user)


def _list(args: argparse.Namespace) -> None:
    from phonepay.cli.output import print_table
    from phonepay.people.models import User

    rows = [
        (user.email, user.name, user.role, "" if user.is_active else "left")
        for user in User.objects.order_by("-is_active", "email")
    ]
    print_table(("E-mail", "Name", "Role", ""), rows)


def _reset(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.people.models import User
    from phonepay.web.accounts.recovery import reset

    user = User.objects.filter(email=args.email.strip().lower()).first()
    if user is None:
        raise CommandRefused(f"Nobody signs in with {args.email}. See phonepay user list.")
    reset(user=user, by=whoever_typed(), now=timezone.now())
    print(f"{user.email} is signed out everywhere, and needs no second step. A new password is set once, by this link:")
    _print_link(user)


def _print_link(user: object) -> None:
    from phonepay.people.links import new_password_link, public_base
    from phonepay.people.models import User

    assert isinstance(user, User)  # noqa: S101 - typed so only because Django is not ready when this file is read
    print(new_password_link(user, base=public_base("http://localhost:8000")))
