"""A backup and a restore from first to last: nothing is overwritten, and what is not whole is refused.

The sessions that a copy holds end with its restore: a cookie of then opens nothing, and everybody signs in again.
"""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection

from titration.backups import postgresql, sqlite
from titration.backups.contents import (
    BackupRefused,
    Contents,
    Manifest,
    beside,
    contents_of,
    digest_of,
    filled_tables,
    problems_of,
    read_manifest,
    unknown_migrations,
)
from titration.models import Session

_SAVE: dict[str, Callable[[Path], Contents]] = {"sqlite": sqlite.save, "postgresql": postgresql.save}
_LOAD: dict[str, Callable[[Path], None]] = {"sqlite": sqlite.load, "postgresql": postgresql.load}


def back_up(file: Path, now: datetime) -> Manifest:
    """The copy appears under its name only once it is checked and on the disk."""
    if file.exists() or beside(file).exists():
        raise BackupRefused(f"{file.name} exists already. Choose another name: a backup never replaces another.")
    draft = file.with_name(f".{file.name}.part")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        contents = _SAVE[connection.vendor](draft)
        _on_disk(draft)
        manifest = Manifest(made_at=now.isoformat(timespec="seconds"), file_digest=digest_of(draft), contents=contents)
        manifest.write(file)
        _on_disk(beside(file))
        draft.rename(file)
        _on_disk(file.parent)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def restore(file: Path) -> Manifest:
    """Into an empty database; afterwards it must hold exactly what the copy held when it was made, but for sessions,
    which have ended.
    """
    manifest = read_manifest(file)
    _check_before(file, manifest)
    _LOAD[connection.vendor](file)
    problems = list(problems_of(DEFAULT_DB_ALIAS))
    if contents_of(DEFAULT_DB_ALIAS) != manifest.contents:
        problems.append("It does not hold what the copy held when it was made.")
    if problems:
        raise BackupRefused(f"The restored database must not be used. {' '.join(problems)}")
    if sessions_in(manifest.contents):
        Session.objects.all().delete()
    return manifest


def sessions_in(contents: Contents) -> int:
    """How many sessions a copy holds; a copy of a version that kept them elsewhere holds none."""
    return contents.rows.get(Session._meta.db_table, 0)


def _check_before(file: Path, manifest: Manifest) -> None:
    if manifest.contents.vendor != connection.vendor:
        raise BackupRefused(f"This is a copy of {manifest.contents.vendor}; the database here is {connection.vendor}.")
    if not file.is_file() or digest_of(file) != manifest.file_digest:
        raise BackupRefused(f"{file.name} is not the file that was made; nothing was restored.")
    if newer := unknown_migrations(manifest.contents):
        raise BackupRefused(f"The copy is of a newer version of the product ({newer[-1]}); nothing was restored.")
    if filled := filled_tables(DEFAULT_DB_ALIAS):
        raise BackupRefused(f"The database has rows (in {filled[0]}, for one); a restore never overwrites.")


def _on_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
