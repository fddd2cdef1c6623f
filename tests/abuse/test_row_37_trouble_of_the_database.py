"""Row 37: a full disk or a locked database is 503 with Retry-After.

What was typed is kept, reads go on, and it recovers.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, Error, InternalError, OperationalError

from tests.abuse.scratch_site import play
from titration.trouble import (
    AFTER_SAVING,
    DAMAGED,
    FULL,
    GONE,
    LOCKED,
    TWO_AT_ONCE,
    Trouble,
    may_still_be_read,
    trouble_of,
)

pytestmark = pytest.mark.sqlite
CASES = ("locked", "full")


@pytest.fixture(scope="module")
def played() -> Any:
    return play("tests.abuse.scenarios.sqlite_trouble")


@pytest.mark.parametrize(("case", "retry_after"), [("locked", "5"), ("full", "60")])
def test_row_37_says_when_to_try_again_and_keeps_what_was_typed(played: Any, case: str, retry_after: str) -> None:
    told = played[case]
    assert (told["status"], told["retry_after"]) == (503, retry_after)
    assert told["shows_note"]
    assert told["same_fields"], "the page sends the same fields with the same key"
    assert told["headers"]["Cache-Control"] == "no-store"
    assert all(told["headers"].values())


@pytest.mark.parametrize("case", CASES)
def test_row_37_reads_go_on(played: Any, case: str) -> None:
    assert played[case]["read"] == 200


def test_row_37_what_was_read_meanwhile_is_audited_when_it_can_be(played: Any) -> None:
    assert len(played["late"]) == 3, "one read while locked, one while full, one afterwards"
    assert any(played["late"])
    assert "wait for the database" in played["log"]


@pytest.mark.parametrize("case", CASES)
def test_row_37_recovers_and_counts_once(played: Any, case: str) -> None:
    told = played[case]
    assert (told["again"], told["rows"], told["audited"]) == ([302, 302], 1, 1)
    assert played["breaks"] == 0


def test_row_37_waits_for_the_lock_before_it_gives_up(played: Any) -> None:
    assert played["locked"]["waited"] > 4.5


def test_row_37_htmx_gets_the_sentence_and_keeps_its_form(played: Any) -> None:
    status, retry_after, content_type, words = played["full"]["htmx"]
    assert (status, retry_after, content_type) == (503, "60", "text/plain; charset=utf-8")
    assert "What you typed is still here" in words
    assert "CANARY" not in words


def test_row_37_logs_nothing_that_was_typed(played: Any) -> None:
    assert "503" in played["log"]
    assert "CANARY" not in played["log"]


def _sqlite(name: str) -> Error:
    cause = sqlite3.OperationalError("x")
    cause.sqlite_errorname = name
    return _wrapped(cause)


def _wrapped(cause: Exception) -> Error:
    """As Django hands it on, which has no class of its own for some: a standby's refusal is an InternalError."""
    error = InternalError("x")
    error.__cause__ = cause
    return error


def _refused() -> OperationalError:
    error = OperationalError("x")
    error.__cause__ = psycopg.OperationalError("connection refused")
    return error


def _postgresql(code: str) -> Error:
    return _wrapped(psycopg.errors.lookup(code)())


# https://www.sqlite.org/rescode.html and https://www.postgresql.org/docs/current/errcodes-appendix.html
SQLITE = {
    "SQLITE_BUSY": LOCKED, "SQLITE_BUSY_SNAPSHOT": LOCKED, "SQLITE_BUSY_RECOVERY": LOCKED,
    "SQLITE_LOCKED": LOCKED, "SQLITE_LOCKED_SHAREDCACHE": LOCKED, "SQLITE_PROTOCOL": LOCKED, "SQLITE_INTERRUPT": LOCKED,
    "SQLITE_FULL": FULL, "SQLITE_IOERR": FULL, "SQLITE_IOERR_WRITE": FULL, "SQLITE_IOERR_SHMSIZE": FULL,
    "SQLITE_IOERR_FSYNC": FULL, "SQLITE_READONLY": FULL, "SQLITE_READONLY_DBMOVED": FULL, "SQLITE_PERM": FULL,
    "SQLITE_CANTOPEN": GONE, "SQLITE_CANTOPEN_ISDIR": GONE, "SQLITE_CORRUPT": DAMAGED, "SQLITE_CORRUPT_INDEX": DAMAGED,
    "SQLITE_NOTADB": DAMAGED, "SQLITE_IOERR_CORRUPTFS": DAMAGED, "SQLITE_IOERR_DATA": DAMAGED,
}  # fmt: skip
POSTGRESQL = {
    "08000": GONE, "08001": GONE, "08003": GONE, "08004": GONE, "08006": GONE, "08007": GONE, "08P01": GONE,
    "25006": GONE, "25P03": GONE, "25P04": LOCKED, "28000": GONE, "28P01": GONE, "3D000": GONE,
    "40000": TWO_AT_ONCE, "40001": TWO_AT_ONCE, "40002": TWO_AT_ONCE, "40P01": TWO_AT_ONCE, "40003": GONE,
    "53000": GONE, "53100": FULL, "53200": GONE, "53300": GONE, "53400": GONE, "55006": LOCKED, "55P03": LOCKED,
    "57000": GONE, "57014": LOCKED, "57P01": GONE, "57P02": GONE, "57P03": GONE, "57P04": GONE, "57P05": GONE,
    "58000": FULL, "58030": FULL, "58P01": FULL, "58P02": FULL, "F0000": GONE, "F0001": GONE,
    "XX001": DAMAGED, "XX002": DAMAGED,
}  # fmt: skip

OUR_MISTAKES = ("42P01", "42501", "23505", "22003", "P0001", "25P02")


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        *(pytest.param(_sqlite(name), trouble, id=name) for name, trouble in SQLITE.items()),
        *(pytest.param(_postgresql(code), trouble, id=code) for code, trouble in POSTGRESQL.items()),
        pytest.param(_sqlite("SQLITE_ERROR"), None, id="a missing table is a mistake of ours"),
        pytest.param(_refused(), GONE, id="PostgreSQL not there"),
        *(
            pytest.param(_postgresql(code), None, id=code)
            for code in ("42P01", "42501", "23505", "22003", "P0001", "25P02")
        ),
        pytest.param(DatabaseError("x"), None, id="nothing known"),
        pytest.param(ValueError("x"), None, id="no error of a database"),
    ],
)
def test_row_37_knows_what_passes_by_itself(error: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(error) is trouble


def test_row_37_a_file_that_is_no_database_is_told_as_damaged(tmp_path: Path) -> None:
    (tmp_path / "broken.sqlite3").write_bytes(b"no database" * 1000)
    broken = sqlite3.connect(tmp_path / "broken.sqlite3")
    with closing(broken), pytest.raises(sqlite3.DatabaseError) as raised:
        broken.execute("SELECT 1 FROM sqlite_master")
    assert trouble_of(_wrapped(raised.value)) is DAMAGED


@pytest.mark.parametrize(
    "trouble", [LOCKED, FULL, GONE, DAMAGED, TWO_AT_ONCE, AFTER_SAVING], ids=lambda each: each.name
)
def test_row_37_every_trouble_is_told_in_a_sentence_and_says_when_to_try_again(trouble: Trouble) -> None:
    assert trouble.sentence.endswith(".")
    assert trouble.retry_after_seconds > 0


@pytest.mark.parametrize(
    ("error", "is_read"),
    [
        (_postgresql("25006"), True), (_postgresql("53100"), True), (_postgresql("55P03"), True),
        (_postgresql("57P01"), False), (_postgresql("XX001"), False), (_postgresql("42P01"), False),
        (_sqlite("SQLITE_READONLY"), True), (_sqlite("SQLITE_FULL"), True), (_sqlite("SQLITE_BUSY"), True),
        (_sqlite("SQLITE_CORRUPT"), False), (_sqlite("SQLITE_CANTOPEN"), False),
    ],
)  # fmt: skip
def test_row_37_knows_what_keeps_a_record_from_being_written_alone(error: Exception, is_read: bool) -> None:
    assert may_still_be_read(error) is is_read
