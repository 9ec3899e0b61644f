"""A stand-in for Stripe's API over HTTP, for the real `stripe` package to talk to.

It plays, as Stripe does: accounts by secret key with test and live mode apart; customers; payment methods from numbers,
tokens and the names of test cards; payment intents with their states, attempts and declines; charges; refunds, also
pending and failing later; balance transactions, so that their ids lead somewhere; events; webhook endpoints with signed
deliveries; the account; idempotency keys; lists and cursors; `expand[]`; the refusal of unknown parameters.

It does not play, and says so with a 400 instead of ignoring it: other ways to pay than cards, manual capture, setup
intents, disputes, payouts, Connect, search, taxes, shipping. Events carry no `previous_attributes`; no intent is
ever `processing`. A card that was
declined without a customer may be tried again; one that paid without a customer may not. Webhook endpoints beyond the
loopback are kept and never called. Keys of the two modes with the same text after the prefix are one account.

    with StripeStandIn(now=1_800_000_000) as standin:
        client = stripe.StripeClient("sk_test_shop", base_addresses={"api": standin.url})
"""

from phonepay.standins.stripe.account import Account
from phonepay.standins.stripe.faults import Fault
from phonepay.standins.stripe.standin import StripeStandIn, serve

__all__ = ["Account", "Fault", "StripeStandIn", "serve"]
