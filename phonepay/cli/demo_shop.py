"""The demo's own cast: who works in the shop, and what they write down."""

PEOPLE = (
    ("Olivia Hart", "owner@demo.example", "owner"),
    ("Ana Ruiz", "operator@demo.example", "operator"),
    ("Paul Webb", "auditor@demo.example", "auditor"),
)

NOTES = ("Paid cash at the counter", "Bank transfer", "Paid by check", "Paid with another order")
