"""Home: what needs a person, today's money, the latest calls."""
