"""The catalogue has 48 rows; each has at least one test that carries its number: `test_row_NN_...`."""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
ROWS = range(1, 49)
_NAME = re.compile(r"^ *(?:async )?def test_row_(\d\d)_", re.MULTILINE)


def rows_with_a_test() -> set[int]:
    return {int(number) for file in TESTS.rglob("*.py") for number in _NAME.findall(file.read_text(encoding="utf-8"))}


def test_every_row_of_the_catalogue_has_its_test() -> None:
    missing = set(ROWS) - rows_with_a_test()
    assert not missing, f"rows without a test: {sorted(missing)}"


def test_no_test_carries_a_row_that_does_not_exist() -> None:
    assert rows_with_a_test() <= set(ROWS)
