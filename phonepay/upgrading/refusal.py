"""What an upgrade can end with, as sentences: what happened, what is running now, what to do."""


class UpgradeRefused(Exception):
    """Nothing that counts was changed: the version that ran still runs."""


class UpgradeUndone(Exception):
    """The new version did not become ready, and the one before runs again."""
