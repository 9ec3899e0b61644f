"""Calls: the log, who is on the line now, where callers stop, and one call as a conversation."""
