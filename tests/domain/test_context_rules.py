"""W4, W8, R1, C2 and N1 beside their levels, which test_boundaries holds."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from tests.domain.courses import FIRST, GUIDANCE, LONG, Run, case_of, found, level, missing
from titration.domain.assess import assess
from titration.domain.case import Case, KidneyReading, MissedDoses, Score
from titration.domain.findings import Severity
from titration.domain.history import DoseHistory

INFO, CAUTION, HIGH, CRITICAL = Severity
LONDON = ZoneInfo("Europe/London")
STEADY: tuple[Run, ...] = ((60, 60),)


def day(offset: int) -> date:
    return FIRST + timedelta(offset)


def instant(offset: int, hour: int) -> datetime:
    return datetime.combine(day(offset), time(hour))


def waiting(hours: int, *, mg: float = 60, months: Fraction | None = LONG, missed: int = 1) -> Case:
    """A dose was missed; the last one was so many hours ago."""
    case = case_of((mg, 60), months=months, missed=(MissedDoses(on=day(59), missed=missed, due=3),))
    at = instant(59, 23)
    return replace(case, at=at, last_dose_at=at - timedelta(hours=hours))


def test_a_whole_day_without_a_dose_is_a_missed_dose() -> None:
    case = replace(case_of((60, 60), (0, 1)), at=instant(60, 10), last_dose_at=instant(59, 22))
    assert level(case, "W4") is CAUTION


def test_the_last_dose_is_asked_for_where_doses_are_missing() -> None:
    assert missing(case_of((60, 60), (0, 1)), "W4") == "last_dose"
    assert missing(case_of(*STEADY), "W4") is None


def test_while_hours_count_the_answer_may_change_today() -> None:
    assert assess(waiting(12), GUIDANCE).next_change_on == day(59)
    assert assess(waiting(30), GUIDANCE).next_change_on != day(59)


def test_nobody_who_takes_nothing_runs_out() -> None:
    assert level(replace(case_of((0, 60)), runs_out_on=day(59)), "W8") is None


def kidney(egfr: float, *runs: Run, born: date = date(1980, 6, 1), conditions: tuple[str, ...] = ()) -> Case:
    case = case_of(*(runs or STEADY), birth_date=born, conditions=conditions)
    return replace(case, egfr=(KidneyReading(on=FIRST, egfr=Fraction(str(egfr))),))


def test_an_old_reading_is_named_as_such() -> None:
    fresh, old = (found(replace(kidney(45), as_of=day(59 + extra)), "R1") for extra in (0, 307))
    assert fresh is not None
    assert fresh.values["notes"] == ()
    assert old is None or old.values["notes"] == ("old_reading",)


def test_what_was_known_from_the_start_is_context_and_what_came_later_a_flag() -> None:
    case = replace(case_of(*STEADY), comedications=frozenset({"lithium"}))
    standing, added = found(case, "C2"), found(replace(case, known_since={"lithium": day(30)}), "C2")
    assert standing is not None
    assert added is not None
    assert (standing.raises_flag, added.raises_flag) == (False, True)


def scored(first: int, latest: int, *runs: Run, on: int = 59) -> Case:
    scores = (Score(on=day(0), scale="pain", value=first), Score(on=day(on), scale="pain", value=latest))
    return replace(case_of(*(runs or STEADY)), scores=scores)


def test_no_response_is_the_one_info_that_reaches_the_worklist() -> None:
    finding = found(scored(10, 9), "N1")
    assert finding is not None
    assert finding.raises_flag


def readings(*pairs: tuple[int, float]) -> Case:
    egfr = tuple(KidneyReading(on=day(offset), egfr=Fraction(str(value))) for offset, value in pairs)
    return replace(case_of((60, 200)), egfr=egfr)


def test_of_two_readings_of_one_day_the_later_one_counts() -> None:
    assert level(readings((199, 45), (199, 25)), "R1") is HIGH
    assert level(readings((199, 25), (199, 45)), "R1") is CAUTION


@pytest.mark.parametrize(("hour", "expected"), [(7, CAUTION), (6, HIGH)], ids=["17 h", "18 h"])
def test_a_day_without_an_hour_is_judged_at_its_end(hour: int, expected: Severity) -> None:
    case = replace(waiting(12), at=None, last_dose_at=instant(59, hour))
    assert level(case, "W4") is expected


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        (datetime(2026, 10, 24, 22, tzinfo=LONDON), datetime(2026, 10, 25, 21, tzinfo=LONDON), CRITICAL),
        (datetime(2026, 10, 24, 22, tzinfo=LONDON), datetime(2026, 10, 25, 20, 59, tzinfo=LONDON), HIGH),
        (datetime(2027, 3, 27, 22, tzinfo=LONDON), datetime(2027, 3, 28, 22, 59, tzinfo=LONDON), HIGH),
        (datetime(2027, 3, 27, 22, tzinfo=LONDON), datetime(2027, 3, 28, 23, tzinfo=LONDON), CRITICAL),
    ],
    ids=["clocks go back, 24 h", "clocks go back, below", "clocks go forward, below", "clocks go forward, 24 h"],
)
def test_hours_are_real_hours_when_the_clocks_change(last: datetime, now: datetime, expected: Severity) -> None:
    first = now.date() - timedelta(59)
    history = DoseHistory.from_daily((first.toordinal() + offset, 60_000) for offset in range(60))
    missed = (MissedDoses(on=now.date(), missed=1, due=3),)
    case = Case(as_of=now.date(), at=now, taken=history, exposure_months=LONG, missed=missed, last_dose_at=last)
    assert level(case, "W4") is expected


def test_the_instant_of_a_dose_is_no_time_without_one() -> None:
    case = case_of((60, 60), (0, 1), missed=(MissedDoses(on=day(60), missed=1, due=3),))
    now = replace(case, at=instant(60, 10), last_dose_at=instant(60, 10))
    assert (level(now, "W4"), missing(now, "W4")) == (None, None)
    assert assess(now, GUIDANCE).next_change_on == day(60)


def test_a_part_of_an_hour_is_not_counted() -> None:
    case = waiting(12)
    assert case.last_dose_at is not None
    finding = found(replace(case, last_dose_at=case.last_dose_at - timedelta(minutes=59)), "W4")
    assert finding is not None
    assert (finding.values["hours"], finding.evidence[1].value) == (12, "12")


@pytest.mark.parametrize(
    ("hours", "missed", "today"),
    [(5, 1, True), (5, 0, False), (-2, 1, False)],
    ids=["missed", "none missed", "later today"],
)
def test_the_hour_counts_only_while_doses_are_missing(hours: int, missed: int, today: bool) -> None:
    case = replace(waiting(0, missed=missed), at=instant(59, 12), last_dose_at=instant(59, 12 - hours))
    assert (assess(case, GUIDANCE).next_change_on == day(59)) is today


@pytest.mark.parametrize(
    ("runs", "as_of"),
    [(((60, 49), (0, 1), (60, 10)), 59), (((60, 58), (0, 1), (60, 1)), 59), (((60, 60), (0, 1)), 59)],
    ids=["a day at 0 long ago", "a day at 0 yesterday", "a day at 0 tomorrow"],
)
def test_only_days_between_the_last_dose_and_today_are_missed(runs: tuple[Run, ...], as_of: int) -> None:
    case = replace(case_of(*runs), as_of=day(as_of), at=instant(59, 23), last_dose_at=instant(59, 10))
    assert level(case, "W4") is None


def test_days_are_those_of_the_clock_on_which_the_dose_was_reported() -> None:
    """14:00 in Auckland is 01:00 in Greenwich: 18 hours later it is the next day there, and not here."""
    auckland = ZoneInfo("Pacific/Auckland")
    case = case_of((60, 60), missed=(MissedDoses(on=day(59), missed=1, due=3),))
    last = datetime.combine(day(58), time(14), tzinfo=auckland)
    finding = found(replace(case, as_of=day(59), at=last + timedelta(hours=18), last_dose_at=last), "W4")
    assert finding is not None
    assert (finding.severity, finding.since, finding.episode) == (HIGH, day(59), day(59))


def test_a_day_without_an_hour_ends_at_midnight_of_the_clinic() -> None:
    last = datetime.combine(day(59), time(6), tzinfo=LONDON)
    case = replace(waiting(12), at=None, last_dose_at=last)
    assert level(case, "W4") is HIGH


@pytest.mark.parametrize(("code", "condition"), [("R1", "dialysis"), ("R2", "acute_kidney_injury")])
def test_a_kidney_condition_is_dated_by_when_it_is_known(code: str, condition: str) -> None:
    case = replace(case_of(*STEADY, conditions=(condition,)), known_since={condition: day(30)})
    finding = found(case, code)
    assert finding is not None
    assert finding.since == day(30)


def test_without_any_dose_on_file_a_score_says_nothing() -> None:
    assert level(replace(scored(10, 9), taken=DoseHistory()), "N1") is None


def test_pregnancy_that_is_heard_of_later_is_a_flag_and_ends_with_its_entry() -> None:
    pregnant = replace(case_of(*STEADY, conditions=("pregnancy",)), known_since={"pregnancy": day(40)})
    finding = found(pregnant, "C3")
    assert finding is not None
    assert (finding.severity, finding.since, finding.raises_flag) == (HIGH, day(40), True)
    assert level(replace(pregnant, conditions=frozenset()), "C3") is None
