"""S1 at its boundaries: which report is judged, how long it stands, and what an increase changes."""

from datetime import datetime, timedelta

import pytest

from tests.domain.courses import FIRST, Run, case_of, found, level
from titration.domain.case import Sedation
from titration.domain.findings import Severity

INFO, CAUTION, HIGH, CRITICAL = Severity
STABLE: tuple[Run, ...] = ((60, 40),)


def report(day: int, grade: int) -> Sedation:
    return Sedation(at=datetime.combine(FIRST, datetime.min.time()) + timedelta(days=day, hours=9), grade=grade)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([(39, 0)], None),
        ([(39, 1)], None),
        ([(39, 2)], INFO),
        ([(39, 3)], HIGH),
        ([(39, 4)], CRITICAL),
        ([(33, 2)], INFO),
        ([(32, 2)], None),
        ([(5, 3)], HIGH),
        ([(5, 4)], CRITICAL),
        ([(5, 3), (6, 1)], None),
        ([(5, 3), (6, 2)], HIGH),
        ([(5, 4), (6, 3)], CRITICAL),
        ([(5, 3), (6, 0), (39, 2)], INFO),
    ],
    ids=[
        "none",
        "grade 1",
        "grade 2",
        "grade 3",
        "grade 4",
        "grade 2 on the 7th day",
        "grade 2 on the 8th day",
        "grade 3 stands",
        "grade 4 stands",
        "better",
        "grade 2 is not better",
        "grade 4 stands under 3",
        "new after better",
    ],
)
def test_sedation(reports: list[tuple[int, int]], expected: Severity | None) -> None:
    assert level(case_of(*STABLE, sedation=tuple(report(*one) for one in reports)), "S1") == expected


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (((45, 32), (60, 8)), CAUTION),
        (((45, 31), (60, 9)), INFO),
        (((45, 39), (60, 1)), CAUTION),
        (((60, 37), (40, 1), (60, 2)), INFO),
    ],
    ids=["7 days after", "8 days after", "the same day", "back to the usual dose"],
)
def test_grade_two_after_an_increase_is_caution(runs: tuple[Run, ...], expected: Severity) -> None:
    assert level(case_of(*runs, sedation=(report(39, 2),)), "S1") == expected


def test_a_severe_report_keeps_the_episode_of_the_first() -> None:
    finding = found(case_of(*STABLE, sedation=(report(5, 3), report(9, 4))), "S1")
    assert finding is not None
    assert (finding.since, finding.episode) == (FIRST + timedelta(9), FIRST + timedelta(5))


def test_a_later_report_is_not_known_yet() -> None:
    assert level(case_of((60, 10), sedation=(report(20, 4),)), "S1") is None
