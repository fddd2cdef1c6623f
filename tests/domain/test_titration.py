"""T1, T2, T3 at their boundaries."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.domain.courses import FIRST, LONG, Run, case_of, found, level, missing, totals
from titration.domain.case import Case
from titration.domain.findings import Severity
from titration.domain.history import DoseHistory

INFO, CAUTION, HIGH, CRITICAL = Severity
ADULT, NO_ONE = date(1980, 6, 1), None


@pytest.mark.parametrize(
    ("runs", "months", "expected"),
    [
        (((30, 10), (45, 1)), LONG, None),
        (((30, 10), (45.1, 1)), LONG, CAUTION),
        (((30, 10), (60, 1)), LONG, CAUTION),
        (((30, 10), (60.1, 1)), LONG, HIGH),
        (((30, 10), (40, 1), (50, 1)), LONG, CAUTION),
        (((30, 10), (46, 3)), LONG, CAUTION),
        (((30, 10), (46, 4)), LONG, None),
        (((15, 1),), Fraction(0), None),
        (((15.1, 1),), Fraction(0), CAUTION),
        (((60, 1),), LONG, None),
        (((60, 10), (30, 3), (60, 1)), LONG, None),
        (((60, 10), (30, 5), (60, 1)), LONG, CAUTION),
        (((60, 10), (30, 1), (60.1, 1)), LONG, HIGH),
    ],
    ids=[
        "15 mg",
        "above 15 mg",
        "30 mg",
        "above 30 mg",
        "two steps within 3 days",
        "third day",
        "fourth day",
        "first day, 15 mg",
        "first day, above 15 mg",
        "first day, treated before",
        "held on 4 of 7 days",
        "held on 2 of 7 days",
        "above the dose held",
    ],
)
def test_increase(runs: tuple[Run, ...], months: Fraction, expected: Severity | None) -> None:
    assert level(case_of(*runs, months=months), "T1") == expected


@pytest.mark.parametrize(
    ("birth_date", "conditions", "expected"),
    [
        (date(1961, 1, 14), (), CAUTION),
        (date(1961, 1, 15), (), None),
        (date(2008, 1, 14), (), None),
        (date(2008, 1, 15), (), CAUTION),
        (ADULT, ("brain_injury",), CAUTION),
        (ADULT, ("stroke",), None),
    ],
    ids=["65 today", "65 tomorrow", "18 today", "18 tomorrow", "brain injury", "stroke"],
)
def test_slower_steps_for_the_young_the_old_and_the_injured(
    birth_date: date, conditions: tuple[str, ...], expected: Severity | None
) -> None:
    runs = ((30, 6), (40, 3), (50, 1))
    assert case_of(*runs).as_of == date(2026, 1, 14)
    assert level(case_of(*runs, birth_date=birth_date, conditions=conditions), "T1") == expected


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


@pytest.mark.parametrize(
    ("mg", "label_set", "expected"),
    [
        (80, "US", None),
        (80.1, "US", INFO),
        (100, "US", INFO),
        (100.1, "US", CAUTION),
        (100, "UK", None),
        (100.1, "UK", CAUTION),
        (100, "AU", None),
        (100.1, "AU", CAUTION),
        (120, "UK", CAUTION),
        (120.1, "UK", HIGH),
        (180, "UK", HIGH),
        (180.1, "UK", HIGH),
        (200, "US", HIGH),
    ],
)
def test_above_the_label(mg: float, label_set: str, expected: Severity | None) -> None:
    assert level(case_of((mg, 10), label_set=label_set), "T2") == expected


@pytest.mark.parametrize(("mg", "variant"), [(180, "second_opinion"), (180.1, "team_review")])
def test_the_highest_limit_names_who_should_decide(mg: float, variant: str) -> None:
    finding = found(case_of((mg, 10)), "T2")
    assert finding is not None
    assert finding.variant == variant


def test_above_the_label_is_dated_by_the_day_it_went_above() -> None:
    finding = found(case_of((70, 5), (90, 5), (95, 5)), "T2")
    assert finding is not None
    assert finding.since == FIRST + timedelta(5)


@pytest.mark.parametrize(("mg", "expected"), [(200, None), (200.1, CRITICAL)], ids=["200", "just above"])
def test_more_than_the_ceiling_taken_is_critical(mg: float, expected: Severity | None) -> None:
    assert level(case_of((60, 5), (mg, 1)), "T3") == expected


@pytest.mark.parametrize("code", ["T2", "T3"])
def test_an_unknown_day_is_not_decided(code: str) -> None:
    assert missing(case_of((60, 5), (None, 1)), code) in ("prescribed_today", "taken_today")


def test_prescribing_rules_look_at_the_prescription_where_there_is_one() -> None:
    prescribed = DoseHistory.from_daily(totals((130, 10)))
    case = Case(as_of=FIRST + timedelta(9), taken=DoseHistory.from_daily(totals((60, 10))), prescribed=prescribed)
    assert level(case, "T2") is HIGH
