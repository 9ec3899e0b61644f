"""The kinds of alerts, a row each: what happened, what it means for callers and money, what to do, and where.

To add a kind, add its row; whoever notices it calls `operations.alert` (or `notes.note`, where nothing may be written).
What may stand in %(…)s are the facts that are given with it; one that is missing is said as "…". `amount` with
`currency` are minor units and a code, told as money; a name that ends with `_at` is an ISO time, told in the reader's
clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

RED, AMBER = "red", "amber"


@dataclass(frozen=True, slots=True)
class Kind:
    """`title` is its short name, for a subject and for Activity. `route` (with `#part`, where a part of the page is
    meant) and `args` (names of facts) are the page of its button.

    `standing`: it lasts, and raising it again is no repeat; else each time counts, and `least` of them are needed
    before anybody is told. `quiet`: without a repeat for so long it is over by itself. `on_home`: Home has no row of
    its own for it; `direct`: from there the button leads straight to its page, as nothing more is to be known.
    `mailed`: told by e-mail too.
    """

    name: str
    title: Words
    what: Words
    means: Words
    mend: Words
    button: Words
    route: str
    args: tuple[str, ...] = ()
    color: str = RED
    standing: bool = False
    least: int = 1
    quiet: timedelta | None = None
    on_home: bool = True
    direct: bool = False
    mailed: bool = True


DAY = timedelta(days=1)

_ALL = (
    Kind(
        "pay_error",
        title=_("Cards cannot be taken"),
        what=_("A caller's card could not be taken at Twilio: %(name)s (error %(code)s)."),
        means=_("Callers hear that card entry does not work, and are offered a person. They were not charged."),
        mend=_("%(mend)s"),
        button=_("Look at Connections"),
        route="settings-connections",
        quiet=DAY,
    ),
    Kind(
        "stripe_refuses",
        title=_("Stripe refuses charges"),
        what=_("Stripe refused a charge: %(why)s"),
        means=_("Callers hear that they were not charged, and that is so. Nobody can pay until it is mended."),
        mend=_("Compare the key under Connections with Stripe's dashboard: its account, its mode, what it may do."),
        button=_("Look at Connections"),
        route="settings-connections",
        quiet=DAY,
    ),
    Kind(
        "voice_failed",
        title=_("A caller's request failed"),
        what=_("A caller's request failed inside Phone Pay (%(where)s)."),
        means=_("The caller heard an apology and the call ended. What was being charged is looked after by itself."),
        mend=_("See whether the database and the disk are in order; the server's log has the time and the call."),
        button=_("Look at the calls"),
        route="calls",
        quiet=DAY,
    ),
    Kind(
        "fallback_used",
        title=_("Twilio could not reach this server"),
        what=_("Twilio did not reach this server, or got no answer in time, and spoke for us."),
        means=_("Callers heard an apology instead of being asked for their card. Nobody was charged by it."),
        mend=_(
            "See whether the server and its address were up. Once is a restart; often is a server that is too slow."
        ),
        button=_("Look at Connections"),
        route="settings-connections",
        color=AMBER,
        quiet=DAY,
    ),
    Kind(
        "twilio_signature",
        title=_("Signatures of Twilio do not fit"),
        what=_("Requests in the name of your Twilio account are refused: their signature does not fit the token."),
        means=_("If they are Twilio's own, callers hear an error and nobody can pay. If they are forged, all is well."),
        mend=_("Call your number. If it does not answer, compare Twilio's token and the public address."),
        button=_("Look at Connections"),
        route="settings-connections",
        least=3,
        quiet=DAY,
    ),
    Kind(
        "stripe_signature",
        title=_("Signatures of Stripe do not fit"),
        what=_("What Stripe sends is refused: its signature does not fit the webhook's secret."),
        means=_("No money is lost: Phone Pay asks Stripe itself, some minutes later. Disputes are known later too."),
        mend=_("Copy the signing secret from the webhook's page in Stripe's dashboard."),
        button=_("Look at Connections"),
        route="settings-connections",
        color=AMBER,
        least=3,
        quiet=DAY,
    ),
    Kind(
        "worker_away",
        title=_("No worker runs"),
        what=_("No worker runs, since %(seen_at)s."),
        means=_("Payments whose answer got lost stay “being checked”, refunds wait, and receipts are not sent."),
        mend=_("phonepay serve runs one, phonepay serve --worker only that. It takes up all that waits."),
        button=_("Look at the worker"),
        route="worker",
        standing=True,
    ),
    Kind(
        "unanswered",
        title=_("A payment is still being checked"),
        what=_("Stripe has not said how a charge of %(amount)s ended, since %(since_at)s."),
        means=_("The caller was told not to pay again. The order is held, so that nobody is charged twice."),
        mend=_("Phone Pay goes on asking. Look whether Stripe is reachable, or look the payment up in its dashboard."),
        button=_("Look at the payment"),
        route="payment",
        args=("payment",),
        standing=True,
        on_home=False,
    ),
    Kind(
        "refund_failed",
        title=_("A refund failed"),
        what=_("A refund of %(amount)s did not reach the customer's card."),
        means=_("The money is back on your Stripe balance. The customer still waits for it."),
        mend=_("Pay it back another way, and write down how."),
        button=_("Look at the payment"),
        route="payment",
        args=("payment",),
        standing=True,
        on_home=False,
    ),
    Kind(
        "dispute",
        title=_("A payment was disputed"),
        what=_("%(amount)s was disputed: answer at Stripe by %(due_at)s."),
        means=_("The bank has taken the money back for now. Without an answer it stays with the customer."),
        mend=_("Answer in Stripe's dashboard. The payment's page has the call, the keys and the consent for it."),
        button=_("Look at the payment"),
        route="payment",
        args=("payment",),
        standing=True,
        on_home=False,
    ),
    Kind(
        "books",
        title=_("The books and Stripe differ"),
        what=_("The books and Stripe do not agree."),
        means=_("Callers notice nothing. A sum in the panel may be wrong until somebody has looked."),
        mend=_("The page of the books names each difference and what explains it."),
        button=_("Look at the books"),
        route="books",
        standing=True,
        on_home=False,
    ),
    Kind(
        "hold",
        title=_("Money is held back"),
        what=_("All money is held back, since %(since_at)s, until the books agree with Stripe."),
        means=_("Callers hear that they were not charged. Refunds wait. Nothing is charged twice."),
        mend=_("It is lifted by itself once all that Stripe did meanwhile was compared. Look whether that goes on."),
        button=_("Look at the books"),
        route="books",
        standing=True,
    ),
    Kind(
        "activity_broken",
        title=_("Activity is not as it was written"),
        what=_("%(first)s"),
        means=_("Calls and charges go on as they did. What Activity says cannot be relied on."),
        mend=_("Find out who can write to the database. phonepay check names each entry."),
        button=_("Look at Activity"),
        route="activity",
        standing=True,
    ),
    Kind(
        "line_guarded",
        title=_("Your line protects itself"),
        what=_("Many cards are declined on your line (%(count)s of late): it looks as if stolen cards were tried out."),
        means=_("The line is careful, in steps. Customers whom you know can still pay, unless payments are paused."),
        mend=_("See under Protection what callers meet now. If these are real customers, press Resume there."),
        button=_("Look at Protection"),
        route="settings-protection",
        standing=True,
        on_home=False,
    ),
    Kind(
        "callers_refused",
        title=_("A caller or a card was turned away"),
        what=_("One caller tried too many cards or order numbers, or one card was tried too often."),
        means=_("Nothing was charged. For a time that caller, or that card, is turned away. All others can pay."),
        mend=_("If it was a real customer, press “That was a real customer” under Protection."),
        button=_("Look at Protection"),
        route="settings-protection",
        color=AMBER,
        quiet=DAY,
        on_home=False,
    ),
    Kind(
        "sign_in_tried",
        title=_("Somebody tries to sign in"),
        what=_("Passwords or codes are being tried at your sign-in, last from %(address)s."),
        means=_("Nobody came in by it: after five failures an account is closed to strangers for five minutes."),
        mend=_("Activity has the addresses that were tried. Require a second step of everybody under People."),
        button=_("Look at Activity"),
        route="activity",
        color=AMBER,
        least=3,
        quiet=DAY,
    ),
    Kind(
        "unwell",
        title=_("Something needs to be mended"),
        what=_("The look at everything, twice an hour, found: %(what)s"),
        means=_("%(callers)s"),
        mend=_("%(mend)s"),
        button=_("Look at Connections"),
        route="settings-connections",
        standing=True,
    ),
    Kind(
        "mail_stuck",
        title=_("Receipts are not going out"),
        what=_("Receipts are not going out: %(why)s"),
        means=_("Customers and staff get no e-mail. What waits is sent when it works again."),
        mend=_("Look at the address of your mail server under Connections, and send yourself a test."),
        button=_("Fix e-mail"),
        route="settings-connections#e-mail",
        color=AMBER,
        standing=True,
        mailed=False,
        direct=True,
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
