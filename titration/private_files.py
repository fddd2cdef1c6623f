"""The files of the record are for the user who runs the server, and for nobody else on the machine.

Whatever a process of this product creates is created so, by its umask: the database, what SQLite writes beside it, a
backup, a restored file. What an earlier version or another program left open is closed whenever the record is opened;
what may not be closed, being somebody else's, is told by `manage.py check --deploy`.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

OTHERS = 0o077
FOLDER_MODE = 0o700
# SQLite's own: the log of what was written last, its index, the journal of an older mode.
BESIDE = ("", "-wal", "-shm", "-journal")


def create_for_this_user_alone() -> None:
    os.umask(OTHERS)


def record_files(database: str) -> Iterator[Path]:
    """Those of an SQLite database that are there; none for a database in memory."""
    for ending in BESIDE:
        file = Path(f"{database}{ending}")
        if file.is_file():
            yield file


def is_open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & OTHERS)


def close_to_others(path: Path) -> None:
    """Leaves what is somebody else's, or is gone meanwhile, as it is."""
    with suppress(PermissionError, FileNotFoundError):
        if is_open_to_others(path):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)


def close_record(*, connection: Any, var: Path) -> None:
    """An SQLite connection's files; their folder too where it is this product's own."""
    if connection.vendor != "sqlite":
        return
    files = list(record_files(str(connection.settings_dict["NAME"])))
    for file in files:
        close_to_others(file)
    if files and files[0].resolve().parent == var.resolve():
        close_to_others(var)


def open_to_others(connection: Any) -> list[Path]:
    """The files of an SQLite record that other users of this machine may read or write, and their folder."""
    if connection.vendor != "sqlite":
        return []
    files = list(record_files(str(connection.settings_dict["NAME"])))
    folders = [files[0].resolve().parent] if files else []
    return [path for path in (*files, *folders) if is_open_to_others(path)]
