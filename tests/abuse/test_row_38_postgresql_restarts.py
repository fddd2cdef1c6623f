"""Row 38: PostgreSQL restarts: at most the request under way fails, what was typed is kept, nothing counts twice."""

from typing import Any

import pytest

from tests.abuse.own_postgresql import own_postgresql
from tests.abuse.scratch_site import play, scratch_environment

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def played() -> Any:
    with own_postgresql() as server, scratch_environment() as environment:
        environment["TITRATION_DATABASE_URL"] = server.url
        module, folder = "tests.abuse.scenarios.postgresql_restarts", str(server.folder)
        yield play(module, server.url, folder, str(server.port), environment=environment)


def test_row_38_a_restart_between_two_requests_fails_none(played: Any) -> None:
    assert (played["before"], played["after_restart"]) == (302, [302, 200, 302])


def test_row_38_while_it_is_gone_the_answer_is_503_with_what_was_typed(played: Any) -> None:
    assert played["while_gone"] == [503, "10", 503]
    assert played["kept"]
    assert played["health"] == 200


def test_row_38_sent_again_it_counts_once(played: Any) -> None:
    assert (played["sent_again"], played["rows"], played["audited"], played["breaks"]) == ([302, 302], 4, 4, 0)
