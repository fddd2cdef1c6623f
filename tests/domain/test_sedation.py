"""S1: which report is judged. Levels: test_boundaries."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.domain.courses import FIRST, Run, case_of, found, level
from titration.domain.case import Sedation
from titration.domain.findings import Severity

STABLE: tuple[Run, ...] = ((60, 40),)


def report(day: int, grade: int) -> Sedation:
    return Sedation(at=datetime.combine(FIRST, datetime.min.time()) + timedelta(days=day, hours=9), grade=grade)


def test_a_severe_report_keeps_the_episode_of_the_first() -> None:
    finding = found(case_of(*STABLE, sedation=(report(5, 3), report(9, 4))), "S1")
    assert finding is not None
    assert (finding.since, finding.episode) == (FIRST + timedelta(9), FIRST + timedelta(5))


def test_a_later_report_is_not_known_yet() -> None:
    assert level(case_of((60, 10), sedation=(report(20, 4),)), "S1") is None


def test_of_one_instant_the_graver_report_stands_in_whatever_order_they_came() -> None:
    for reports in ((report(9, 0), report(9, 3)), (report(9, 3), report(9, 0))):
        finding = found(case_of(*STABLE, sedation=reports), "S1")
        assert finding is not None
        assert finding.severity is Severity.HIGH


def test_a_report_of_the_judged_instant_counts() -> None:
    now = report(39, 3)
    assert level(replace(case_of(*STABLE, sedation=(now,)), at=now.at), "S1") is Severity.HIGH
    assert level(replace(case_of(*STABLE, sedation=(now,)), at=now.at - timedelta(minutes=1)), "S1") is None
