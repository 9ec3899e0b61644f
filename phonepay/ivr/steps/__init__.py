"""The steps of the conversation, by noun. Each says whether it applies, asks, and hears the answer.

A step that hears answers with a `Step`, or with None where its question is settled: then the next step that applies,
by the facts of the line and of the call, asks.
"""
