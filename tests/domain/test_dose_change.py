"""A dose change in mg and per cent."""

import pytest

from titration.domain.dose_change import DoseChange


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (60_000, 30_000, "30 mg/day less than 60 mg/day, 50 %"),
        (45_000, 60_000, "15 mg/day more than 45 mg/day, 33 %"),
        (60_000, 60_000, "No change of the total of 60 mg/day"),
        (0, 15_000, "15 mg/day more than 0 mg/day"),
        (None, 15_000, "The first dose on file"),
        (60_000, 0, "60 mg/day less than 60 mg/day, 100 %"),
        (3_000, 3_100, "0.1 mg/day more than 3 mg/day, 3 %"),
    ],
)
def test_says_by_how_much(before: int | None, after: int, words: str) -> None:
    assert DoseChange(before_mcg=before, after_mcg=after).words.replace("\u00a0", " ") == words
