"""How values become words: percentages that never look like a limit they do not meet, dates that can't be misread."""

from datetime import date
from fractions import Fraction

import pytest

from tests.domain.courses import GUIDANCE, case_of, found
from titration.domain.wording import say, show_date


@pytest.mark.parametrize(
    ("start", "end", "percent"),
    [
        (60, 45, "25"),
        (60, 40, "33.3"),
        (90, 30, "66.7"),
        (200, 50.1, "74.95"),
        (200, 49.9, "75.05"),
        (199.9, 50, "74.99"),
    ],
)
def test_a_percentage_never_looks_like_a_limit_that_it_does_not_meet(start: float, end: float, percent: str) -> None:
    drop = found(case_of((start, 30), (end, 1), months=Fraction(12)), "W2")
    assert drop is not None
    assert f"{percent}\u00a0% in one day" in say(drop, GUIDANCE).title


def test_a_date_cannot_be_misread() -> None:
    assert show_date(date(2026, 3, 2)) == "2\u00a0Mar\u00a02026"


def test_every_line_of_a_finding_is_a_sentence() -> None:
    stop = found(case_of((60, 30), (0, 1)), "W1")
    assert stop is not None
    words = say(stop, GUIDANCE)
    assert all(line[0].isupper() and line.endswith(".") for line in (words.reason, *words.why, *words.consider))
