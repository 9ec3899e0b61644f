"""An empty database in a private server, as an owner would have it made."""

from __future__ import annotations

from phonepay.configuration.addresses import parse_database_url
from phonepay.configuration.database_trial import connect

_ITS_OWN = {"postgresql": "postgres", "mysql": "mysql"}
_OPTIONS = {"postgresql": "ENCODING 'UTF8' TEMPLATE template0", "mysql": "CHARACTER SET utf8mb4"}


def created(server: str, name: str = "phonepay", options: str = "") -> str:
    """Create a database in the server of this address; its own address."""
    engine = parse_database_url(server).engine
    connection = connect(parse_database_url(_named(server, _ITS_OWN[engine])))
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} {options or _OPTIONS[engine]}")
    finally:
        connection.close()
    return _named(server, name)


def _named(address: str, name: str) -> str:
    base, mark, query = address.partition("?")
    return f"{base.rpartition('/')[0]}/{name}{mark}{query}"
