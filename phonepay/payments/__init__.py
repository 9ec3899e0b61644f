"""The money: payments, refunds, extra charges, the ledger, and Stripe behind one gateway. See docs/design.md."""
