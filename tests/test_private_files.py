"""The record's files are for the user who runs the server: created so, closed where they were open, else told."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from tests.abuse.scratch_site import ROOT, scratch_environment
from titration.checks import check_record_is_private
from titration.databases import database_settings
from titration.environment import read_environment
from titration.private_files import close_record, open_to_others

LOOSE = 0o022


def modes(folder: Path) -> dict[str, str]:
    return {file.name: f"{stat.S_IMODE(file.stat().st_mode):o}" for file in sorted(folder.rglob("*")) if file.is_file()}


def run_loosely(environment: dict[str, str], *arguments: str) -> None:
    """As a shell with the usual umask starts it."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, umask=LOOSE, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def opened(file: Path) -> Iterator[DatabaseWrapper]:
    given = database_settings(f"sqlite:///{file}")
    connection = DatabaseWrapper(connections.configure_settings({"default": given})["default"], "a_file")
    connection.inc_thread_sharing()
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS a (b)")
            cursor.execute("INSERT INTO a VALUES (1)")
        yield connection
    finally:
        connection.close()


@pytest.mark.sqlite
def test_database_backup_and_restored_file_are_created_for_their_user_alone() -> None:
    with scratch_environment() as environment:
        folder = Path(environment["TITRATION_BENCH_FOLDER"])
        run_loosely(environment, "migrate", "-v0")
        run_loosely(environment, "backup", str(folder / "copy"))
        environment["TITRATION_DATABASE_URL"] = f"sqlite:///{folder}/restored.sqlite3"
        run_loosely(environment, "restore", str(folder / "copy"))
        assert modes(folder) == dict.fromkeys(("bench.sqlite3", "copy", "copy.json", "restored.sqlite3"), "600")


@pytest.mark.postgresql
def test_a_copy_of_postgresql_is_created_for_its_user_alone() -> None:
    with scratch_environment(os.environ["TITRATION_DATABASE_URL"]) as environment:
        folder = Path(environment["TITRATION_BENCH_FOLDER"])
        run_loosely(environment, "migrate", "-v0")
        run_loosely(environment, "backup", str(folder / "copy"))
        assert modes(folder) == {"copy": "600", "copy.json": "600"}


def test_what_sqlite_writes_beside_it_is_as_private(tmp_path: Path, db: None) -> None:
    with opened(tmp_path / "a.sqlite3"):
        assert modes(tmp_path) == dict.fromkeys(("a.sqlite3", "a.sqlite3-shm", "a.sqlite3-wal"), "600")


def test_what_was_left_open_is_closed_when_the_record_is_opened(tmp_path: Path, db: None) -> None:
    file = tmp_path / "a.sqlite3"
    with opened(file):
        for found in tmp_path.iterdir():
            found.chmod(0o664)
        with opened(file):
            assert set(modes(tmp_path).values()) == {"600"}


def test_its_own_folder_is_closed_and_another_programs_is_left_and_told(tmp_path: Path, db: None) -> None:
    tmp_path.chmod(0o755)
    with opened(tmp_path / "a.sqlite3") as connection:
        close_record(connection=connection, var=tmp_path / "elsewhere")
        assert open_to_others(connection) == [tmp_path]
        close_record(connection=connection, var=tmp_path)
        assert open_to_others(connection) == []


def test_the_deployment_check_tells_what_is_still_open(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o750)
    with opened(tmp_path / "a.sqlite3") as connection:
        (tmp_path / "a.sqlite3").chmod(0o640)
        monkeypatch.setattr("titration.checks.connection", connection)
        told = [(message.id, message.msg) for message in check_record_is_private()]
    assert told == [
        ("titration.E007", f"Other users of this machine can open the database: chmod 600 {tmp_path}/a.sqlite3"),
        (
            "titration.W002",
            f"Other users of this machine can look into the folder of the database: chmod 700 {tmp_path}",
        ),
    ]


def test_a_database_in_memory_or_elsewhere_has_no_files_to_close(db: None) -> None:
    assert check_record_is_private() == []


def test_the_folder_of_a_first_start_is_private(tmp_path: Path) -> None:
    usual = os.umask(LOOSE)
    try:
        read_environment({"TITRATION_DEMO": "1"}, var=tmp_path / "var")
    finally:
        os.umask(usual)
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
