"""Whether the database has the tables of this version."""


def pending_migrations() -> list[str]:
    """The migrations that were not made yet, as `orders.0001_initial`."""
    # Only now: the terminal's help and usage need no Django, which takes a third of a second.
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
