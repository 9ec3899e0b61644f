"""Plain Python that every room may use: money, phone numbers, card numbers, speech. No Django, no clock, no I/O."""
