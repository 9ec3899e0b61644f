"""The books: up to when they agree with Stripe, what does not, fees and payouts."""
