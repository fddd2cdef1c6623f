"""W6 and W7 at their boundaries: missed doses, and signs after a drop."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.courses import FIRST, Run, case_of, found, level, missing
from titration.domain.case import MissedDoses, Sign
from titration.domain.findings import Severity

INFO, CAUTION, HIGH, CRITICAL = Severity
STEADY: tuple[Run, ...] = ((60, 40),)
HALVED: tuple[Run, ...] = ((60, 30), (54, 10))


def missed(*days: tuple[int, int]) -> tuple[MissedDoses, ...]:
    return tuple(MissedDoses(on=FIRST + timedelta(day), missed=count, due=3) for day, count in days)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        (((39, 1),), None),
        (((39, 2),), CAUTION),
        (((38, 2),), None),
        (((39, 1), (38, 1), (37, 1), (36, 1)), None),
        (((39, 1), (38, 1), (37, 1), (36, 1), (35, 1)), CAUTION),
        (((37, 1), (36, 1), (35, 1), (34, 1), (33, 1)), CAUTION),
        (((36, 1), (35, 1), (34, 1), (33, 1), (32, 1)), None),
        (((39, 0),), None),
        ((), None),
    ],
    ids=[
        "one",
        "two in a day",
        "two yesterday",
        "4 of 21",
        "5 of 21",
        "within 7 days",
        "one fell out",
        "none",
        "no report",
    ],
)
def test_missed_doses(reports: tuple[tuple[int, int], ...], expected: Severity | None) -> None:
    assert level(case_of(*STEADY, missed=missed(*reports)), "W6") == expected


def test_missed_doses_are_dated_by_their_first_day() -> None:
    finding = found(case_of(*STEADY, missed=missed((38, 2), (39, 3))), "W6")
    assert finding is not None
    assert finding.since == FIRST + timedelta(38)


def signs(*reports: tuple[int, str]) -> tuple[Sign, ...]:
    return tuple(Sign(on=FIRST + timedelta(day), code=code) for day, code in reports)


@pytest.mark.parametrize(
    ("runs", "reports", "expected"),
    [
        (HALVED, ((31, "tremor"),), None),
        (HALVED, ((31, "tremor"), (31, "tremor")), None),
        (HALVED, ((31, "tremor"), (33, "insomnia")), HIGH),
        (HALVED, ((31, "confusion"),), CAUTION),
        (HALVED, ((31, "hallucinations"),), CRITICAL),
        (((60, 30), (54.1, 10)), ((31, "hallucinations"),), None),
        (STEADY, ((31, "hallucinations"),), None),
        (HALVED, ((29, "hallucinations"),), None),
        (((60, 30), (54, 15)), ((44, "hallucinations"),), CRITICAL),
        (((60, 30), (54, 16)), ((45, "hallucinations"),), None),
        (((60, 30), (54, 14)), ((30, "hallucinations"),), CRITICAL),
        (((60, 30), (54, 15)), ((30, "hallucinations"),), None),
    ],
    ids=[
        "one mild",
        "one mild twice",
        "two mild",
        "one moderate",
        "one severe",
        "drop just below a tenth",
        "no drop",
        "before the drop",
        "14 days after",
        "15 days after",
        "stands on the 14th day",
        "over on the 15th",
    ],
)
def test_signs(runs: tuple[Run, ...], reports: tuple[tuple[int, str], ...], expected: Severity | None) -> None:
    case = replace(case_of(*runs), signs=signs(*reports))
    assert level(case, "W7") == expected


def test_a_sign_that_ended_counts_no_longer() -> None:
    (sign,) = signs((31, "confusion"))
    case = replace(case_of(*HALVED), signs=(replace(sign, until=FIRST + timedelta(35)),))
    assert level(case, "W7") is None


def test_signs_after_missed_doses_count() -> None:
    case = replace(case_of(*STEADY, missed=missed((35, 2))), signs=signs((36, "confusion")))
    assert level(case, "W7") is CAUTION


def test_signs_without_a_usual_dose_are_not_decided() -> None:
    case = replace(case_of((60, 2)), signs=signs((1, "confusion")))
    assert missing(case, "W7") == "maintenance"
