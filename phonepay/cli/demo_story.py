"""What the demo shows: a small shop, one call for each behavior, money back, and an extra charge.

Everything is done by the commands that a person would type, and each is printed before it runs.
"""

import shlex
import threading
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonepay.cli.demo_month import Account

CARD = "card:4242424242424242/0340/123/94110"
ORDERS = (("1042", "42.50"), ("1043", "18.00"), ("INV-0042", "120.00"))


@dataclass
class Story:
    product: str
    stripe: str
    folder: Path
    number: str
    accounts: "list[Account]"
    days: int
    failed: bool = field(default=False, init=False)

    def tell(self) -> None:
        """The whole of it; what goes wrong is told too, and makes `failed` true."""
        try:
            self._chapters()
        except Exception:  # noqa: BLE001 - whatever it was, the person who watches must see it
            traceback.print_exc()
            self.failed = True

    def _chapters(self) -> None:
        _title("A small shop: a line, and three orders")
        self._run(
            *("line", "set", "--number", self.number, "--name", "Harbor Garage", "--behavior", "fixed-with-order"),
            *("--amount", "42.50", "--currency", "usd", "--overage", "ask", "--overage-cap", "50"),
        )
        for number, amount in ORDERS:
            self._run("order", "add", number, amount)

        _title("Behavior 1: a fixed amount with an order number. Order 1042 is on the list")
        self._call("+15550121", f"1042# 1 1 {CARD}")
        _title("Behavior 2: a fixed amount, no order number")
        self._run("line", "set", "--behavior", "fixed", "--amount", "25")
        self._call("+15550122", f"1 2 {CARD}")
        _title("Behavior 3: the caller's amount with an order number that is not on the list")
        self._run("line", "set", "--behavior", "caller-with-order")
        self._call("+15550123", f"7001# 42*50# 1 2 {CARD}")
        _title("Behavior 4: the caller's amount. The bank says no to the first card")
        self._run("line", "set", "--behavior", "caller")
        declined = "card:4000000000009995/0340/123/94110"
        self._call("+15550124", f"30# 1 2 {declined} 1 {CARD}")

        _title("The first caller allowed later charges: an extra charge on the same card, then money back")
        self._run("payment", "overage", "order:1042", "--amount", "18.00", "--for", "Two extra hours", "--yes")
        self._run("payment", "refund", "order:1042", "--amount", "12.50", "--reason", "wrong_amount", "--yes")
        self._run("payment", "show", "order:1042")
        _title("The books")
        self._run("payment", "list")
        self._run("order", "list")
        self._run("books", "--now", "--since", f"{self.days + 2}d")
        self._run("line", "set", "--behavior", "fixed-with-order", "--amount", "42.50")

    def stay(self) -> None:
        """Where to look, and how to call it oneself."""
        settings = "\n".join(f"    export {name}={value}" for name, value in sorted(_own_settings().items()))
        people = "\n".join(f"    {one.role:<10}{one.email:<24}{one.password}" for one in self.accounts)
        _title("It stays up. Ctrl-C ends all of it")
        print(
            f"The panel is at {self.product}/ for:\n\n{people}\n\n"
            f"The product listens on {self.product}, the Stripe stand-in on {self.stripe}.\n"
            f"Everything it wrote is in {self.folder}; its logs are web.log and worker.log there.\n\n"
            f"To call it yourself: Try the line, in the panel. Or in another terminal:\n\n{settings}\n"
            f"    phonepay call --local {self.product}\n\n"
            "Test cards: 4242424242424242 pays, 4000000000000002 is declined. `phonepay --help` shows the rest.",
            flush=True,
        )

    def _run(self, *words: str) -> None:
        from phonepay.cli.main import main

        print(f"\n$ phonepay {shlex.join(words)}", flush=True)
        if main(list(words)) != 0:
            raise RuntimeError(f"phonepay {shlex.join(words)} was refused")

    def _call(self, caller: str, script: str) -> None:
        self._run("call", "--local", self.product, "--from", caller, "--script", script)


def _own_settings() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if name.startswith("PHONEPAY_")}


def _title(text: str) -> None:
    print(f"\n━━ {text} ━━", flush=True)
    threading.Event().wait(0.3)  # a breath, for who reads along
