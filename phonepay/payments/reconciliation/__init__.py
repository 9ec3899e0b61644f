"""Reconciliation: what Stripe did, held against our books; what has one explanation is healed, the rest is shown.

* `runs`: asked for, due, taken by lease, done a page at a time, finished
* `stages`: what a run looks at, in its order
* `movements`: one entry of Stripe's balance against our rows
* `rebuild`: rows that a restored backup does not have, from the metadata on Stripe's objects
* `discrepancies`: what does not agree; opened, gone by itself, or explained by a person
* `sentences`: what each means, and what a person can do
"""
