"""Accounts: signing in, the second step, one's own account, the shop's people and their invitations."""
