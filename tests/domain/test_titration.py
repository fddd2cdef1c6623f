"""T1, T2, T3: what they lack, their dates and words. Levels: test_boundaries."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.domain.courses import FIRST, Run, case_of, found, level, missing, totals
from titration.domain.case import Case
from titration.domain.findings import Severity
from titration.domain.history import DoseHistory
from titration.domain.rules.titration import age_on

INFO, CAUTION, HIGH, CRITICAL = Severity
ADULT, NO_ONE = date(1980, 6, 1), None


@pytest.mark.parametrize(
    ("runs", "birth_date", "lacks"),
    [
        (((30, 6), (40, 3), (50, 1)), NO_ONE, "birth_date"),
        (((30, 6), (40, 4)), NO_ONE, None),
        (((30, 6), (None, 1)), ADULT, "prescribed_today"),
        (((60, 1),), ADULT, "prescribed_before"),
        (((0, 1),), ADULT, None),
    ],
    ids=["age would matter", "age would not matter", "no dose today", "nothing before", "no dose, nothing to rise"],
)
def test_says_what_is_missing(runs: tuple[Run, ...], birth_date: date | None, lacks: str | None) -> None:
    assert missing(case_of(*runs, birth_date=birth_date), "T1") == lacks


def test_a_fast_increase_is_dated_by_its_first_day() -> None:
    rise = found(case_of((30, 10), (60, 3)), "T1")
    assert rise is not None
    assert rise.since == FIRST + timedelta(10)


@pytest.mark.parametrize(("mg", "variant"), [(180, "second_opinion"), (180.1, "team_review")])
def test_the_highest_limit_names_who_should_decide(mg: float, variant: str) -> None:
    finding = found(case_of((mg, 10)), "T2")
    assert finding is not None
    assert finding.variant == variant


def test_above_the_label_is_dated_by_the_day_it_went_above() -> None:
    finding = found(case_of((70, 5), (90, 5), (95, 5)), "T2")
    assert finding is not None
    assert finding.since == FIRST + timedelta(5)


@pytest.mark.parametrize("code", ["T2", "T3"])
def test_an_unknown_day_is_not_decided(code: str) -> None:
    assert missing(case_of((60, 5), (None, 1)), code) in ("prescribed_today", "taken_today")


def test_prescribing_rules_look_at_the_prescription_where_there_is_one() -> None:
    prescribed = DoseHistory.from_daily(totals((130, 10)))
    case = Case(as_of=FIRST + timedelta(9), taken=DoseHistory.from_daily(totals((60, 10))), prescribed=prescribed)
    assert level(case, "T2") is HIGH


def test_who_has_no_birthday_yet_this_year_is_a_year_younger() -> None:
    assert [age_on(date(1960, 3, 6), date(2026, 3, day)) for day in (5, 6)] == [65, 66]


def test_a_day_without_a_known_dose_is_none_at_zero() -> None:
    assert level(case_of((60, 5), (None, 2), (20, 1), months=Fraction(0)), "T1") is None


def test_the_second_day_of_a_fast_increase_is_dated_by_the_first() -> None:
    rise = found(case_of((30, 10), (60, 2)), "T1")
    assert rise is not None
    assert rise.since == FIRST + timedelta(10)


def test_what_is_prescribed_ahead_is_no_evidence_of_a_rise() -> None:
    prescribed = DoseHistory.from_daily(totals((30, 10), (60, 1), (30, 5)))
    rise = found(Case(as_of=FIRST + timedelta(10), taken=DoseHistory(), prescribed=prescribed), "T1")
    assert rise is not None
    assert rise.evidence[0].on == FIRST + timedelta(9)


@pytest.mark.parametrize(
    ("code", "runs", "day"),
    [
        ("T2", ((80, 5), (90, 5)), 5),
        ("T2", ((90, 5), (70, 1), (90, 5)), 6),
        ("T3", ((200, 3), (210, 2)), 3),
        ("T3", ((210, 2), (220, 2)), 0),
    ],
    ids=["at the label before", "below in between", "at the ceiling before", "above in both"],
)
def test_a_dose_above_a_limit_is_dated_by_the_first_day_above_it(code: str, runs: tuple[Run, ...], day: int) -> None:
    finding = found(case_of(*runs), code)
    assert finding is not None
    assert finding.since == FIRST + timedelta(day)


def test_a_prescription_from_tomorrow_hides_no_day_of_what_was_taken() -> None:
    prescribed = DoseHistory.of([(FIRST.toordinal() + 10, 130_000)])
    finding = found(replace(case_of((130, 10)), prescribed=prescribed), "T2")
    assert finding is not None
    assert finding.since == FIRST


def test_above_the_label_is_dated_by_the_prescription_also_where_something_else_was_taken() -> None:
    prescribed = DoseHistory.from_daily(totals((70, 5), (130, 5)))
    finding = found(replace(case_of((60, 10)), prescribed=prescribed), "T2")
    assert finding is not None
    assert finding.since == FIRST + timedelta(5)
