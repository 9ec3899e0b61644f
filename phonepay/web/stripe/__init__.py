"""Stripe's door: verify, store, answer 200. What it means is found out later, by the worker."""
