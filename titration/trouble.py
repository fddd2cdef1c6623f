"""What trouble is no mistake of ours: the database locked, full, gone, damaged, two at once; a clock that is behind.

Known by SQLite's error names and PostgreSQL's SQLSTATE. A mistake of ours, such as a missing table, is none of these
and stays an error.
"""

import sqlite3
from dataclasses import dataclass

import psycopg
from django.db import Error, InterfaceError, OperationalError

from titration.services.clock import ClockBehind


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """retry_after_seconds: when it is worth trying again. sentence: what the person reads. until: what to wait for."""

    name: str
    retry_after_seconds: int
    sentence: str
    until: str = "Wait a few seconds"


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

DAMAGED = Trouble(
    name="damaged",
    retry_after_seconds=300,
    sentence="The record is damaged and cannot be used. Tell whoever looks after this server at once.",
)
# What was sent is committed; whatever came after it is no reason to call it lost.
AFTER_SAVING = Trouble(
    name="after saving",
    retry_after_seconds=5,
    sentence="What you sent is on file, but the page after it could not be shown.",
)
CLOCK = Trouble(
    name="clock",
    retry_after_seconds=60,
    sentence=(
        "The clock of this server is wrong: it stands before the newest entry, and nothing was saved. "
        "Tell whoever looks after this server."
    ),
    until="Wait until the clock is right",
)

# Longest beginning first: SQLITE_IOERR_... names what went wrong with the file.
_SQLITE: tuple[tuple[str, Trouble], ...] = (
    ("SQLITE_BUSY", LOCKED),
    ("SQLITE_LOCKED", LOCKED),
    ("SQLITE_PROTOCOL", LOCKED),
    ("SQLITE_INTERRUPT", LOCKED),
    ("SQLITE_FULL", FULL),
    ("SQLITE_IOERR_CORRUPTFS", DAMAGED),
    ("SQLITE_IOERR_DATA", DAMAGED),
    ("SQLITE_IOERR", FULL),
    ("SQLITE_READONLY", FULL),
    ("SQLITE_PERM", FULL),
    ("SQLITE_CANTOPEN", GONE),
    ("SQLITE_CORRUPT", DAMAGED),
    ("SQLITE_NOTADB", DAMAGED),
)
_READ_ONLY = "25006"
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL: tuple[tuple[str, Trouble], ...] = (
    ("55P03", LOCKED),  # lock not available
    ("55006", LOCKED),  # object in use
    ("57014", LOCKED),  # statement timeout
    ("25P04", LOCKED),  # transaction timeout
    ("40003", GONE),  # nobody knows whether it was completed
    ("40", TWO_AT_ONCE),
    ("53100", FULL),
    ("53", GONE),  # out of memory or connections
    (_READ_ONLY, GONE),  # a standby, until the server that may write is found again
    ("25P03", GONE),  # idle in a transaction for too long: the connection was ended
    ("57", GONE),  # shut down, starting, dropped, idle for too long
    ("58", FULL),  # the disk's or the system's own errors
    ("F0", GONE),  # its lock or configuration file
    ("08", GONE),
    ("28", GONE),  # it does not let the server in
    ("3D000", GONE),
    ("XX001", DAMAGED),
    ("XX002", DAMAGED),
)


def trouble_of(error: BaseException | None) -> Trouble | None:
    """None for a mistake of ours."""
    if isinstance(error, ClockBehind):
        return CLOCK
    cause = error.__cause__ if isinstance(error, Error) else None
    if isinstance(cause, sqlite3.Error):
        return _first(_SQLITE, getattr(cause, "sqlite_errorname", "") or "")
    if isinstance(cause, psycopg.Error) and cause.sqlstate:
        return _first(_POSTGRESQL, cause.sqlstate)
    return GONE if isinstance(cause, psycopg.Error) and isinstance(error, OperationalError | InterfaceError) else None


def may_still_be_read(error: BaseException) -> bool:
    """Whether it keeps the record from being written alone: another writes, the disk is full, this is a standby."""
    cause = error.__cause__
    is_standby = isinstance(cause, psycopg.Error) and cause.sqlstate == _READ_ONLY
    return is_standby or trouble_of(error) in (LOCKED, FULL)


def _first(table: tuple[tuple[str, Trouble], ...], code: str) -> Trouble | None:
    return next((trouble for start, trouble in table if code.startswith(start)), None)
