from tests.payments.conftest import stripe_standin, till

__all__ = ["stripe_standin", "till"]
