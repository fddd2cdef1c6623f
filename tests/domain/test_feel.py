"""Courses that a clinician would judge at a glance."""

import pytest

from tests.domain.courses import (
    FIRST,
    LONG,
    SHORT,
    Run,
    case_of,
    each_day,
    even_steps,
    highest_over_time,
    level,
    missing,
)
from titration.domain.findings import Severity

WITHDRAWAL = ("W1", "W2", "W3")
INFO, CAUTION, HIGH, CRITICAL = Severity

US_TITRATION = ((15, 3), (30, 3), (45, 3), (60, 3), (75, 3), (80, 20))


def weekly(start: int, step: int) -> tuple[Run, ...]:
    return ((start, 60), *((mg, 7) for mg in range(start - step, 0, -step)), (0, 21))


def tenth_a_week(start: float) -> tuple[Run, ...]:
    runs: list[Run] = [(start, 60)]
    while start > 5:
        start = round(start * 9) / 10
        runs.append((start, 7))
    return tuple(runs)


QUIET = {
    "stable 60": ((60, 90),),
    "three weeks from 30": tuple(even_steps(30, 21)),
    "three weeks from 60": tuple(even_steps(60, 21)),
    "three weeks from 80": tuple(even_steps(80, 21)),
    "5 mg a week from 60": weekly(60, 5),
    "a tenth a week": tenth_a_week(60),
}


@pytest.mark.parametrize("runs", QUIET.values(), ids=QUIET.keys())
def test_is_quiet(runs: tuple[Run, ...]) -> None:
    assert (highest_over_time(case_of(*runs), *WITHDRAWAL, "T1") or INFO) <= INFO


@pytest.mark.parametrize("last", [60, 75, 80])
def test_labelled_titration_is_quiet(last: int) -> None:
    runs = [(min(mg, last), days) for mg, days in US_TITRATION]
    assert highest_over_time(case_of(*runs, months=SHORT), *WITHDRAWAL, "T1", "T2") is None


AT_MOST_CAUTION = {
    "two weeks from 30": (even_steps(30, 14), ()),
    "two weeks from 60": (even_steps(60, 14), ()),
    "two weeks from 80": (even_steps(80, 14), ()),
    "60 to 80 at once": (((60, 30), (80, 20)), ()),
    "one step back from 60": (((45, 10), (60, 5), (45, 20)), ()),
    "one step back from 60, vulnerable": (((45, 10), (60, 5), (45, 20)), ("psychosis",)),
    "one step back from 30, vulnerable": (((15, 10), (30, 5), (15, 20)), ("psychosis",)),
    "20-10-0 in weekly steps": (((20, 60), (10, 7), (0, 20)), ()),
    "15 mg every two days from 180": (((180, 60), *((mg, 2) for mg in range(165, -1, -15)), (0, 20)), ()),
    "10 mg every two days from 140": (((140, 60), *((mg, 2) for mg in range(130, -1, -10)), (0, 20)), ()),
    "10 mg a month": (((60, 60), *((mg, 30) for mg in range(50, -1, -10))), ()),
}


@pytest.mark.parametrize(("runs", "conditions"), AT_MOST_CAUTION.values(), ids=AT_MOST_CAUTION.keys())
def test_is_at_most_caution(runs: tuple[Run, ...], conditions: tuple[str, ...]) -> None:
    assert (highest_over_time(case_of(*runs, conditions=conditions), *WITHDRAWAL, "T1") or INFO) <= CAUTION


@pytest.mark.parametrize(
    "runs",
    [((60, 60), (30, 7), (15, 7), (7.5, 7), (0, 20)), ((60, 60), (45, 3), (30, 3), (15, 3), (0, 20))],
    ids=["halving weekly", "60-45-30-15-0 at three-day steps"],
)
def test_is_high_and_not_critical(runs: tuple[Run, ...]) -> None:
    assert highest_over_time(case_of(*runs), *WITHDRAWAL) is HIGH


CRITICAL_COURSES = {
    "15 mg stopped after long use": ((15, 60), (0, 5)),
    "60-20-0 daily": ((60, 60), (20, 1), (0, 5)),
    "60-20-0 every two days": ((60, 60), (20, 2), (0, 5)),
    "60-10-0 daily": ((60, 60), (10, 1), (0, 5)),
    "60-10-0 every two days": ((60, 60), (10, 2), (0, 5)),
    "60-45-30-15-0 daily": ((60, 60), (45, 1), (30, 1), (15, 1), (0, 5)),
    "60-45-30-15-0 every two days": ((60, 60), (45, 2), (30, 2), (15, 2), (0, 5)),
}


@pytest.mark.parametrize("runs", CRITICAL_COURSES.values(), ids=CRITICAL_COURSES.keys())
def test_is_critical(runs: tuple[Run, ...]) -> None:
    assert highest_over_time(case_of(*runs), *WITHDRAWAL) is CRITICAL


def test_a_whole_missed_day_is_critical_until_the_dose_is_back() -> None:
    days = each_day(case_of((60, 60), (0, 1), (60, 5)))
    stops = [day.as_of for day in days if any(f.code == "W1" and f.severity is CRITICAL for f in day.findings)]
    assert [(day - FIRST).days for day in stops] == [60]


def test_going_back_to_the_usual_dose_is_no_increase() -> None:
    assert level(case_of((60, 60), (0, 1), (60, 1)), "T1") is None


def test_going_back_after_one_overdose_day_is_no_drop() -> None:
    assert highest_over_time(case_of((60, 60), (300, 1), (60, 10)), *WITHDRAWAL) is None


@pytest.mark.parametrize("runs", [((60, 1), (None, 1)) * 14, ((60, 2),)], ids=["alternate days", "two-day record"])
def test_gaps_answer_no_maintenance_dose_yet(runs: tuple[Run, ...]) -> None:
    case = case_of(*runs, months=LONG)
    assert {missing(case, code) for code in WITHDRAWAL} == {"maintenance"}
