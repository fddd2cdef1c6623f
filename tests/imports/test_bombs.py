"""No file, however it was made, holds a worker up: each is answered within seconds, in little memory, in words."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.imports.bombs import BOMBS, small
from titration.imports.sheets import NotATable, read_sheet
from titration.imports.xml_parts import MOST_SECONDS, Allowance

MOST_MB = 120


def measured(content: bytes) -> Any:
    command = [sys.executable, "-m", "tests.imports.measured"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_made_to_hold_a_reader_up_is_answered_at_once(name: str) -> None:
    make, words = BOMBS[name]
    told = measured(make())
    assert words in told["said"]
    assert told["seconds"] < MOST_SECONDS + 1
    assert told["mb"] < MOST_MB


def test_the_file_of_which_they_are_made_is_read() -> None:
    assert read_sheet(small()).rows == ((2, ("2026-01-02", "10")),)


def test_what_takes_too_long_ends_with_a_sentence() -> None:
    with pytest.raises(NotATable, match="holds more than is read at once"):
        Allowance(until=0).check_time()
