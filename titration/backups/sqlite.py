"""SQLite: one step of the online backup, which is one moment of the record while others go on writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections

from titration.backups.contents import BackupRefused, Contents, contents_of, problems_of
from titration.databases import database_settings

COPY = "copy"


def save(file: Path) -> Contents:
    source = str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])
    if not Path(source).is_file():
        raise BackupRefused("There is no database to copy: check TITRATION_DATABASE_URL.")
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live, closing(sqlite3.connect(file)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return checked(file)


def checked(file: Path) -> Contents:
    """What the copy holds; refused where it is damaged."""
    with _opened(file):
        if problems := list(problems_of(COPY)):
            raise BackupRefused(f"The copy is not whole and must not be used. {' '.join(problems)}")
        return contents_of(COPY)


def load(file: Path) -> None:
    checked(file)
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        copy.backup(connection.connection)
    connection.close()


@contextmanager
def _opened(file: Path) -> Iterator[None]:
    """The copy as a database of its own, by the product's own models; it stays a single file."""
    given = {**database_settings(f"sqlite:///{file.absolute()}"), "OPTIONS": {}}
    connections.settings[COPY] = connections.configure_settings({DEFAULT_DB_ALIAS: given})[DEFAULT_DB_ALIAS]
    try:
        yield
    finally:
        connections[COPY].close()
        del connections[COPY]
        del connections.settings[COPY]
