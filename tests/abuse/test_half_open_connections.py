"""Row 49: two hundred connections that send nothing, half a head or half a body delay a page by at most two seconds.

Measured on the real server, started as docs/production.md says. A form that does not arrive in full is not saved, and
whoever sent it is told.
"""

from typing import Any

import pytest

from tests.abuse.scratch_site import play, scratch_environment, server_url

AT_MOST_SECONDS = 2.0
KINDS = ("silent", "half a line", "headers", "body", "chunks")


@pytest.fixture(scope="module")
def told() -> Any:
    with scratch_environment(server_url()) as environment:
        return play("tests.abuse.scenarios.half_open", environment=environment)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_not_kept_waiting(told: Any, kind: str) -> None:
    assert told[kind]["opened"] == 200
    assert told[kind]["statuses"] == [200]
    assert told[kind]["slowest"] <= AT_MOST_SECONDS


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_is_not_kept_waiting(told: Any, kind: str) -> None:
    status, seconds = told[kind]["saved"]
    assert (status, seconds <= AT_MOST_SECONDS) == (302, True)


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_them_is_ended(told: Any, kind: str) -> None:
    wanted = "HTTP/1.1 408 Request Timeout" if kind in ("body", "chunks") else ""
    assert told[kind]["answer"] == wanted
