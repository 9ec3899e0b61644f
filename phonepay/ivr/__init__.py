"""The conversation with a caller, in plain Python: what was said and keyed goes in, the next words come out.

`flow.begin` and `flow.advance` decide, `replies` is what the voice does next, `prompts` holds the words. Nothing here
knows of HTTP, TwiML, Django, Stripe or the time of day: times are passed in, and facts about orders are asked for by a
query that the driver answers with an event.
"""
