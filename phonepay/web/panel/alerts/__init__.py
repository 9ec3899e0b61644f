"""Alerts: what is wrong now, what it means, what to do; and what was wrong lately."""
