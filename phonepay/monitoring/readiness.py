"""Whether calls should be sent to this process: what a load balancer asks, and an upgrade."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, connection

from phonepay.configuration.migrations_pending import pending_migrations
from phonepay.configuration.running import is_ending

# Code does not change while it runs: what was migrated for it once, stays. Looking takes a tenth of a second.
_migrated = False


def not_ready() -> list[str]:
    """Why not, in words that tell a stranger nothing; empty where it is ready. One statement."""
    global _migrated  # noqa: PLW0603  # see above
    reasons = ["stopping"] if is_ending() else []
    try:
        if not _migrated:
            _migrated = not pending_migrations()
            if not _migrated:
                reasons.append("migrations")
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchone()
    except (DatabaseError, InterfaceError):
        reasons.append("database")
    return reasons
