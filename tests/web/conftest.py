"""A till for the tests of pages: a shop whose Stripe is the stand-in, under a key, and so an account, of its own."""

from tests.payments.conftest import stripe_standin, till

__all__ = ["stripe_standin", "till"]
