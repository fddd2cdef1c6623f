"""Row 41: fifty people sign in at once, on the real server with production's hashing, and memory stays bounded.

Eight threads hash at a time, 19 MiB each; the others wait their turn. The time is bounded loosely: it is the machine's.
"""

from typing import Any

import pytest

from tests.abuse.scratch_site import play, scratch_environment, server_url

PEOPLE = 50


@pytest.fixture(scope="module")
def told() -> Any:
    with scratch_environment(server_url()) as environment:
        return play("tests.abuse.scenarios.fifty_sign_ins", environment=environment)


def test_row_41_everybody_comes_in_and_is_recorded(told: Any) -> None:
    assert (told["in"], told["breaks"]) == (PEOPLE, 0)
    assert told["audited"] >= PEOPLE


def test_row_41_memory_stays_bounded(told: Any) -> None:
    assert told["peak_mb"] - told["before_mb"] < 250
    assert told["slowest"] < 120
