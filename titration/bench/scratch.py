"""What a run throws away: a folder with an SQLite file, or a database of its own on a PostgreSQL server.

The user's database is never opened for writing: on PostgreSQL a new one is created beside it and dropped at the end.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

HOST = "bench.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    folder: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        """Production's environment: nothing that the caller set for titration goes in."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TITRATION_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "titration.bench.settings",
            "TITRATION_BENCH_FOLDER": str(self.folder),
            "TITRATION_SECRET_KEY": secrets.token_urlsafe(64),
            "TITRATION_ALLOWED_HOSTS": f"{HOST},127.0.0.1",
            "TITRATION_BEHIND_PROXY": "1",
            "TITRATION_DATABASE_URL": self.database_url,
        }


@contextmanager
def scratch(database_url: str | None) -> Iterator[Scratch]:
    """A folder and a database of this run alone; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="titration-bench-") as name:
        folder = Path(name)
        if database_url is None:
            yield Scratch(folder=folder, database_url=f"sqlite:///{folder / 'bench.sqlite3'}")
            return
        with _own_database(database_url) as own_url:
            yield Scratch(folder=folder, database_url=own_url)


@contextmanager
def _own_database(server_url: str) -> Iterator[str]:
    name = f"titration_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
