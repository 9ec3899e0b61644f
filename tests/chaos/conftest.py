"""A shop at the Stripe stand-in, as the tests of the money have it."""

from tests.payments.conftest import stripe_standin, till

__all__ = ["stripe_standin", "till"]
