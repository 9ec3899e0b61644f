"""The demo's cast: invented people with telephone numbers that belong to nobody (555-0100 to 555-0199)."""

PEOPLE = (
    ("Olivia Hart", "owner@demo.example", "owner"),
    ("Ana Ruiz", "operator@demo.example", "operator"),
    ("Paul Webb", "auditor@demo.example", "auditor"),
)

CUSTOMERS = tuple(
    (name, f"+1202555{100 + place:04d}")
    for place, name in enumerate(
        (
            "Grace Miller", "Tom Okafor", "Lucía Fernández", "Henry Brandt", "Mei Tanaka", "Ruth Cohen", "Sam Doyle",
            "Priya Nair", "Walter Quinn", "Ida Larsen", "Carlos Medina", "Joan Whitfield", "Peter Novak", "Aisha Bello",
            "Frank Moretti", "Nora Lindqvist", "Ben Castillo", "Dorothy Payne", "Omar Haddad", "Elsa Braun",
            "Victor Popescu", "Hannah Frost", "Leo Marchetti", "Margaret O’Neill", "Jun Park", "Rosa Delgado",
            "Albert Fischer", "Claire Dubois", "Simon Adeyemi", "Edith Marlow", "Kofi Mensah", "Teresa Vega",
        )
    )
)  # fmt: skip

# What was done, and between how many whole dollars it costs.
WORK = (
    ("Oil change", 45, 90),
    ("Brake pads, front", 140, 320),
    ("Tire change, four", 60, 110),
    ("Battery", 120, 210),
    ("Inspection", 35, 60),
    ("Headlight bulb", 18, 35),
    ("Air conditioning", 110, 260),
    ("Wheel alignment", 80, 130),
    ("Exhaust", 180, 420),
)

NOTES = ("Paid cash at the counter", "Bank transfer", "Paid by check", "Paid with another order")
