"""What of the database's own trouble passes by itself: locked, full, gone, two at once.

Known by SQLite's error names and PostgreSQL's SQLSTATE classes. A mistake of ours, such as a missing table, is none of
these and stays an error.
"""

import sqlite3
from dataclasses import dataclass

import psycopg
from django.db import Error, InterfaceError, OperationalError


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """retry_after_seconds: when it is worth trying again. sentence: what the person reads."""

    name: str
    retry_after_seconds: int
    sentence: str


LOCKED = Trouble(
    name="locked", retry_after_seconds=5, sentence="The record is busy: another entry is being written right now."
)
FULL = Trouble(
    name="full",
    retry_after_seconds=60,
    sentence="The record cannot be written: its disk is full or out of order. Tell whoever looks after this server.",
)
GONE = Trouble(name="gone", retry_after_seconds=10, sentence="The record cannot be reached just now.")
TWO_AT_ONCE = Trouble(
    name="two at once", retry_after_seconds=1, sentence="Two entries were written at the same moment; this one was not."
)

# Longest beginning first: SQLITE_IOERR_... names what went wrong with the file.
_SQLITE: tuple[tuple[str, Trouble], ...] = (
    ("SQLITE_BUSY", LOCKED),
    ("SQLITE_LOCKED", LOCKED),
    ("SQLITE_PROTOCOL", LOCKED),
    ("SQLITE_FULL", FULL),
    ("SQLITE_IOERR", FULL),
    ("SQLITE_READONLY", FULL),
    ("SQLITE_CANTOPEN", GONE),
)
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL: tuple[tuple[str, Trouble], ...] = (
    ("55P03", LOCKED),
    ("57014", LOCKED),
    ("40", TWO_AT_ONCE),
    ("53100", FULL),
    ("53", GONE),
    ("25006", FULL),
    ("57P", GONE),
    ("58", FULL),
    ("08", GONE),
)


def trouble_of(error: BaseException | None) -> Trouble | None:
    """None for an error that trying again would not mend."""
    cause = error.__cause__ if isinstance(error, Error) else None
    if isinstance(cause, sqlite3.Error):
        return _first(_SQLITE, getattr(cause, "sqlite_errorname", "") or "")
    if isinstance(cause, psycopg.Error) and cause.sqlstate:
        return _first(_POSTGRESQL, cause.sqlstate)
    return GONE if isinstance(cause, psycopg.Error) and isinstance(error, OperationalError | InterfaceError) else None


def _first(table: tuple[tuple[str, Trouble], ...], code: str) -> Trouble | None:
    return next((trouble for start, trouble in table if code.startswith(start)), None)
