"""A stand-in for Stripe's API over HTTP, for the real `stripe` package to talk to.

It plays, as Stripe does: accounts by secret key with test and live mode apart; customers; payment methods from numbers,
tokens and the names of test cards; payment intents with their states, attempts and declines; charges; refunds, also
pending and failing later; disputes and inquiries; early fraud warnings; balance transactions with fees and exchange;
payouts; events; webhook endpoints with signed deliveries; the account; idempotency keys; rate limits; lists and
cursors; `expand[]`; the refusal of unknown parameters. What a bank, the dashboard or another program does is ordered
with the handles of an account (see happenings.py).

It does not play, and says so with a 400 instead of ignoring it: other ways to pay than cards, manual capture, setup
intents, the answer to a dispute, Connect, search, taxes, shipping. No intent is `processing` unless that was ordered,
and events carry no `previous_attributes`. Where Stripe's documentation leaves a choice, this was chosen:

- a card that was declined without a customer may be tried again, one that paid without a customer may not;
- an id that is missing is a 404 in the path and a 400 in a parameter, with `resource_missing` both times;
- an intent that names no types takes the Dashboard's, redirects included, and so needs a `return_url` to be confirmed;
- idempotency keys keep what was answered once the work began, a decline, a refusal of the work or a 500 included, and
  nothing for parameters that are wrong in themselves, unknown keys and addresses, permissions and rate limits;
- test cards work in test mode only, and in live mode any other number that passes the Luhn check is a good card;
- a dispute costs 15.00, which a won one gives back only where that is ordered; a won or prevented one leaves the charge
  refundable again, a lost one what is left of it; a refund on its way fails where the bank withdraws the money;
- webhook endpoints beyond the loopback are kept and never called;
- keys of both modes, secret and restricted, with the same text after the prefix are one account.

    with StripeStandIn(now=1_800_000_000) as standin:
        client = stripe.StripeClient("sk_test_shop", base_addresses={"api": standin.url})
        fault = standin.faults.hold("POST", "/v1/payment_intents/*/confirm")

The same handles are there over HTTP for another process, under `/_standin/` (see control.py).
"""

from phonepay.standins.stripe.account import Account
from phonepay.standins.stripe.faults import Fault
from phonepay.standins.stripe.standin import StripeStandIn, serve

__all__ = ["Account", "Fault", "StripeStandIn", "serve"]
