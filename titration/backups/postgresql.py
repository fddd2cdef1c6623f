"""PostgreSQL: pg_dump on the very snapshot that was counted and checked, pg_restore in one transaction.

Both programs come with PostgreSQL, of the server's version or newer; the newest installed is taken.
"""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from titration.backups.contents import BackupRefused, Contents, contents_of, problems_of

_INSTALLED = Path("/usr/lib/postgresql")


def save(file: Path) -> Contents:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        if problems := list(problems_of(DEFAULT_DB_ALIAS)):
            raise BackupRefused(f"The record itself is not whole; nothing was copied. {' '.join(problems)}")
        contents = contents_of(DEFAULT_DB_ALIAS)
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}")
    _run("pg_restore", "--list", str(file), of_database=False)
    return contents


def load(file: Path) -> None:
    connections[DEFAULT_DB_ALIAS].close()
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(file))


def _run(program: str, *arguments: str, of_database: bool = True) -> None:
    """The password goes by the environment, never by the command line that others can read."""
    given = connection.settings_dict
    named = {"PGHOST": given["HOST"], "PGPORT": given["PORT"], "PGUSER": given["USER"], "PGPASSWORD": given["PASSWORD"]}
    environment = {**os.environ, **{name: str(value) for name, value in named.items() if value}}
    if of_database:
        environment["PGDATABASE"] = str(given["NAME"])
    command = (_program(program), *arguments)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupRefused(f"{program} failed: {done.stderr.strip().splitlines()[-1:] or ['no reason given']}")


def _program(name: str) -> str:
    newest = max(_INSTALLED.glob(f"*/bin/{name}"), key=lambda found: float(found.parts[-3]), default=None)
    found = str(newest) if newest else shutil.which(name)
    if found is None:
        raise BackupRefused(f"{name} is not installed: it comes with PostgreSQL's client programs.")
    return found
