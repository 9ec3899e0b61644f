"""`phonepay figures`: count anew what home shows."""

import argparse

from phonepay.cli.parsing import Commands, verb


def add_to(commands: Commands) -> None:
    verb(
        commands,
        "figures",
        _figures,
        does="Count home's figures per day anew from the ledger.",
        examples=["phonepay figures"],
        needs="database",
        notes="They are kept with every payment and held to the ledger each hour: only after a repair by hand are they "
        "in need of it. It may run while calls come in.",
    )


def _figures(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.merchant.models import Merchant
    from phonepay.payments.days import recount

    for merchant in Merchant.objects.order_by("pk"):
        print(f"{merchant}: {recount(merchant, timezone.now())} days counted.")
