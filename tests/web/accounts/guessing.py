"""One of several web processes at which passwords are tried: counts how many tries are let through.

python -m tests.web.accounts.guessing NAME-OF-DATABASE TRIES, with a line on its input to begin.
"""

import sys

import django

django.setup()

from django.core.exceptions import ValidationError  # noqa: E402 - Django must be ready first
from django.db import connection  # noqa: E402 - the same
from django.test import RequestFactory  # noqa: E402 - the same

from phonepay.web.accounts.adapters import AccountAdapter  # noqa: E402 - the same


def main() -> None:
    connection.settings_dict["NAME"] = sys.argv[1]
    let_through = 0
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for each in range(int(sys.argv[2])):
        # Each from another network, so that the account alone is counted.
        request = RequestFactory().post("/sign-in", REMOTE_ADDR=f"203.0.113.{each}")
        try:
            AccountAdapter(request).pre_authenticate(request, email="owner@example.com", password="guess")
            let_through += 1
        except ValidationError:
            pass
    sys.stdout.write(f"{let_through}\n")


if __name__ == "__main__":
    main()
