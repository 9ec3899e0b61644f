"""Calls: the driver of the conversation, and the log of what was asked, keyed and answered."""
