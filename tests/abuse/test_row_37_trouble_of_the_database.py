"""Row 37: a full disk or a locked database is 503 with Retry-After.

What was typed is kept, reads go on, and it recovers.
"""

import sqlite3
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, OperationalError

from tests.abuse.scratch_site import play
from titration.trouble import FULL, GONE, LOCKED, TWO_AT_ONCE, Trouble, trouble_of

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


def _sqlite(name: str) -> OperationalError:
    cause = sqlite3.OperationalError("x")
    cause.sqlite_errorname = name
    return _wrapped(cause)


def _wrapped(cause: Exception) -> OperationalError:
    error = OperationalError("x")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        pytest.param(_sqlite("SQLITE_BUSY_SNAPSHOT"), LOCKED, id="SQLite busy"),
        pytest.param(_sqlite("SQLITE_FULL"), FULL, id="SQLite full"),
        pytest.param(_sqlite("SQLITE_IOERR_SHMSIZE"), FULL, id="SQLite cannot write its files"),
        pytest.param(_sqlite("SQLITE_CANTOPEN"), GONE, id="SQLite file gone"),
        pytest.param(_sqlite("SQLITE_ERROR"), None, id="a missing table is a mistake of ours"),
        pytest.param(_wrapped(psycopg.errors.LockNotAvailable()), LOCKED, id="PostgreSQL lock"),
        pytest.param(_wrapped(psycopg.errors.QueryCanceled()), LOCKED, id="PostgreSQL statement timeout"),
        pytest.param(_wrapped(psycopg.errors.DiskFull()), FULL, id="PostgreSQL disk full"),
        pytest.param(_wrapped(psycopg.errors.TooManyConnections()), GONE, id="PostgreSQL full of people"),
        pytest.param(_wrapped(psycopg.errors.AdminShutdown()), GONE, id="PostgreSQL shutting down"),
        pytest.param(_wrapped(psycopg.OperationalError("connection refused")), GONE, id="PostgreSQL not there"),
        pytest.param(_wrapped(psycopg.errors.SerializationFailure()), TWO_AT_ONCE, id="PostgreSQL two at once"),
        pytest.param(_wrapped(psycopg.errors.DeadlockDetected()), TWO_AT_ONCE, id="PostgreSQL deadlock"),
        pytest.param(_wrapped(psycopg.errors.UndefinedTable()), None, id="PostgreSQL missing table"),
        pytest.param(DatabaseError("x"), None, id="nothing known"),
        pytest.param(ValueError("x"), None, id="no error of a database"),
    ],
)
def test_row_37_knows_what_passes_by_itself(error: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(error) is trouble
