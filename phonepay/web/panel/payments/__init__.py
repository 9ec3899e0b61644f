"""Payments: every card that was tried and every movement of money, and one payment with all that happened to it."""
