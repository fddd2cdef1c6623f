"""How values become words: percentages that never look like a limit they do not meet, dates that can't be misread."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.domain.courses import GUIDANCE, case_of, found
from titration.domain import wording
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


A_BREAK = re.compile(r"[0-9}] (mg|mcg|mL|%|hours?|days?|weeks?|months?|years?)(?![A-Za-z])")


@pytest.mark.parametrize("name", ["wording/en.toml", "guidance/rules.toml"])
def test_no_line_breaks_between_a_number_and_its_unit(name: str) -> None:
    """A number at the end of a line and its unit on the next can be misread; a space that never breaks stands there."""
    lines = (Path(wording.__file__).parent.parent / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if A_BREAK.search(line) and not line.startswith("#")] == []
