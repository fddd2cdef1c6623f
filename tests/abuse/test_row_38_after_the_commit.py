"""Row 38: what fails after an entry was committed turns no saved entry into an error, and a record that can only be
read is shown.
"""

from typing import Any

import pytest
from django.db import connection

from tests.abuse.scratch_site import play, scratch_environment, server_url


@pytest.fixture(scope="module")
def played() -> Any:
    with scratch_environment(server_url()) as environment:
        yield play("tests.abuse.scenarios.after_the_commit", environment=environment)


@pytest.mark.parametrize(
    "case", ["saved, gone at the session", "saved, read-only at the session", "saved, session ended meanwhile"]
)
def test_row_38_a_saved_entry_is_answered_as_always_and_counts_once(played: Any, case: str) -> None:
    assert played[case] == {"met": 1, "answers": [302, 302], "rows": 1}


def test_row_38_a_page_is_shown_though_its_session_cannot_be_written(played: Any) -> None:
    assert played["read, gone at the session"] == {"met": 1, "status": 200}


def test_row_38_a_record_that_can_only_be_read_is_shown(played: Any) -> None:
    assert played["read, read-only"] == {"statuses": [200, 200], "afterwards": 200}


def test_row_38_what_is_refused_meanwhile_is_refused_as_always(played: Any) -> None:
    assert played["refused, read-only"] == {"nowhere": 404, "unreadable": 422, "afterwards": 200}


def test_row_38_what_was_read_and_refused_meanwhile_joins_the_audit(played: Any) -> None:
    assert played["late"] == ["patient", "patient", "patient", "log_response"]
    assert played["breaks"] == 0


def test_row_38_an_entry_is_kept_until_the_record_can_be_written(played: Any) -> None:
    told = played["saving, read-only"]
    assert (told["status"], told["kept"], told["again"], told["rows"]) == (503, True, 302, 1)
    is_postgresql = connection.vendor == "postgresql"
    assert (told["cannot be reached"], told["disk"]) == (is_postgresql, not is_postgresql)
    assert told["retry_after"] == ("10" if is_postgresql else "60")


def test_row_38_nobody_is_signed_in_while_that_cannot_be_kept(played: Any) -> None:
    assert played["signing in, read-only"] == 503
