"""T1, T2, T3: what they lack, their dates and words. Levels: test_boundaries."""

from datetime import date, timedelta

import pytest

from tests.domain.courses import FIRST, Run, case_of, found, level, missing, totals
from titration.domain.case import Case
from titration.domain.findings import Severity
from titration.domain.history import DoseHistory

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
