"""Orders: the list, one of them, and what can be done about it."""
