"""What happens whenever a process opens the database: the record's files are closed to other users, and PostgreSQL is
told how long this process may wait.

A request gives up soon what somebody else holds: one locked patient keeps nobody else waiting. A command, such as a
backup or a migration, works for as long as it needs and waits longer for a lock.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError
from django.db import connection as here
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from titration.private_files import close_record

type Waits = dict[str, str]

REQUESTS: Waits = {
    "lock_timeout": "2s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
}
COMMANDS: Waits = {"lock_timeout": "30s"}
_waits: list[Waits] = [COMMANDS]
# On SQLite, whoever reads while its one writer is at work waits less than whoever writes.
READ_MILLISECONDS = 1000
AGAIN_MILLISECONDS, AGAIN_SECONDS = 50, 3.0


def serve_requests() -> None:
    """This process answers requests; its connections are opened for them from now on."""
    _waits[0] = REQUESTS


@receiver(connection_created)
def keep_private(*, connection: Any, **_: Any) -> None:
    close_record(connection=connection, var=settings.VAR_DIR)


@receiver(connection_created)
def bound_waits(*, connection: Any, **_: Any) -> None:
    if connection.vendor == "postgresql":
        settled = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _waits[0].items())
        connection.connection.execute(f"SELECT {settled}")  # our own words


@contextmanager
def brief_wait() -> Iterator[None]:
    """For what a page writes by being read. On PostgreSQL a request waits briefly as it is."""
    if here.vendor != "sqlite" or here.in_atomic_block:
        yield
        return
    here.ensure_connection()
    usual = _set_patience(_refused.milliseconds())
    try:
        yield
    except (OperationalError, UpdateError):
        _refused.at = time.monotonic()
        raise
    finally:
        _set_patience(usual)


def _set_patience(milliseconds: int) -> int:
    """SQLite's, of this connection; what it was."""
    usual: int = here.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    here.connection.execute(f"PRAGMA busy_timeout={milliseconds}")
    return usual


class _Refused:
    """When a read of this process last waited in vain: the next ones do not wait as long again."""

    def __init__(self) -> None:
        self.at = float("-inf")

    def milliseconds(self) -> int:
        return AGAIN_MILLISECONDS if time.monotonic() - self.at < AGAIN_SECONDS else READ_MILLISECONDS


_refused = _Refused()
