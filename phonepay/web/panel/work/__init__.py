"""The worker's page: what waits, what failed and why, and who is at work."""
