"""What PostgreSQL is told of how long a process may wait: little for a request, longer for a command."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction

from titration import connections
from titration.connections import COMMANDS, REQUESTS, serve_requests
from titration.trouble import LOCKED, trouble_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    connections._waits[0] = COMMANDS
    connection.close()


def shown(*names: str) -> list[str]:
    with connection.cursor() as cursor:
        return [cursor.execute(f"SHOW {name}").fetchone()[0] for name in names]


def test_a_request_gives_up_soon() -> None:
    serve_requests()
    connection.close()
    assert shown(*REQUESTS) == list(REQUESTS.values())


def test_a_command_works_as_long_as_it_needs() -> None:
    connection.close()
    assert shown("lock_timeout", "statement_timeout") == ["30s", "0"]


def test_it_holds_after_a_transaction_that_was_rolled_back() -> None:
    serve_requests()
    connection.close()
    with transaction.atomic():
        shown("lock_timeout")
        transaction.set_rollback(True)
    assert shown("lock_timeout") == ["2s"]


def test_a_statement_that_goes_on_is_ended_and_told_as_busy() -> None:
    serve_requests()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '50ms'")
        with pytest.raises(OperationalError) as ended:
            cursor.execute("SELECT pg_sleep(5)")
    assert trouble_of(ended.value) is LOCKED
