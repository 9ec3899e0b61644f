"""The first Phone Pay (PHP, MySQL, 2015-2019), brought over: `phonepay import-ancestor`. See docs/ancestor.md.

* `source`: its database, only read; `rows`: a row of each table
* `reading`: its dirty texts (times, notes, amounts), and the digits that must not be kept
* `charges`: what its transactions say of money, held against Stripe
* `plan`: what becomes of an order; `writing`: a batch of orders with their money, in one transaction
* `settings`, `prompts`, `staff`: the line, its words, the people
* `report`: what was carried, what was not and why; `run`: all of it, in order
"""
