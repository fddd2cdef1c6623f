"""W1, W2, W3 at their boundaries, and how long they stay."""

from datetime import timedelta
from fractions import Fraction

import pytest

from tests.domain.courses import BETWEEN, FIRST, LONG, SHORT, Run, case_of, found, level, missing
from titration.domain.case import MissedDoses
from titration.domain.findings import Severity

INFO, CAUTION, HIGH, CRITICAL = Severity


@pytest.mark.parametrize(
    ("runs", "months", "conditions", "expected"),
    [
        (((15, 30), (0, 1)), LONG, (), CRITICAL),
        (((10, 30), (0, 1)), LONG, (), None),
        (((10.1, 30), (0, 1)), LONG, (), CRITICAL),
        (((60, 30), (20, 4), (0, 1)), LONG, (), HIGH),
        (((60, 30), (20.1, 4), (0, 1)), LONG, (), CRITICAL),
        (((60, 30), (12, 4), (0, 1)), LONG, (), HIGH),
        (((60, 30), (11.9, 4), (0, 1)), LONG, (), None),
        (((60, 30), (20, 3), (0, 1)), LONG, (), HIGH),
        (((60, 30), (20, 2), (0, 1)), LONG, (), CRITICAL),
        (((60, 30), (0, 1)), BETWEEN, (), CRITICAL),
        (((59.9, 29), (0, 1)), BETWEEN, (), HIGH),
        (((59.9, 13), (0, 1)), SHORT, (), CAUTION),
        (((60, 13), (0, 1)), SHORT, (), HIGH),
        (((59.9, 13), (0, 1)), SHORT, ("seizure_disorder",), HIGH),
        (((59.9, 29), (0, 1)), BETWEEN, ("psychosis",), CRITICAL),
        (((10, 30), (0, 1)), LONG, ("alcohol_use_disorder",), None),
        (((60, 30), (0, 1)), None, (), CRITICAL),
    ],
    ids=[
        "15 mg stopped",
        "10 mg is terminal",
        "just above terminal",
        "peak at one third",
        "peak just above one third",
        "previous at one fifth",
        "previous just below",
        "peak three days ago has gone",
        "peak within three days",
        "usual dose 60, not long",
        "usual dose below 60, not long",
        "short exposure",
        "60 after short exposure",
        "vulnerable and short",
        "vulnerable",
        "vulnerability makes nothing fire",
        "unknown exposure",
    ],
)
def test_abrupt_stop(
    runs: tuple[Run, ...], months: Fraction | None, conditions: tuple[str, ...], expected: Severity
) -> None:
    assert level(case_of(*runs, months=months, conditions=conditions), "W1") == expected


@pytest.mark.parametrize(
    ("runs", "months", "conditions", "expected"),
    [
        (((60, 30), (45, 1)), LONG, (), CAUTION),
        (((60, 30), (45.1, 1)), LONG, (), None),
        (((60, 30), (30, 1)), LONG, (), HIGH),
        (((60, 30), (30.1, 1)), LONG, (), CAUTION),
        (((60, 30), (15, 1)), LONG, (), CRITICAL),
        (((60, 30), (15.1, 1)), LONG, (), HIGH),
        (((60, 30), (15, 1)), BETWEEN, (), HIGH),
        (((90, 20), (40, 14), (10, 1)), LONG, (), HIGH),
        (((90, 20), (40.4, 14), (10, 1)), LONG, (), CRITICAL),
        (((100, 20), (24, 14), (12, 1)), LONG, (), CAUTION),
        (((100, 20), (40, 14), (20, 1)), LONG, (), HIGH),
        (((100, 20), (39.8, 14), (19.9, 1)), LONG, (), CAUTION),
        (((20, 30), (15, 1)), LONG, (), INFO),
        (((20, 30), (14.9, 1)), LONG, (), CAUTION),
        (((20, 30), (10, 1)), LONG, (), CAUTION),
        (((20.2, 30), (10.1, 1)), LONG, (), HIGH),
        (((10, 30), (5, 1)), LONG, (), None),
        (((60, 30), (30, 1)), BETWEEN, ("substance_misuse",), CRITICAL),
        (((60, 10), (30, 1)), SHORT, (), CAUTION),
        (((20, 30), (15, 1)), LONG, ("psychosis",), INFO),
    ],
    ids=[
        "25 percent",
        "just below 25",
        "50 percent",
        "just below 50",
        "75 percent",
        "just below 75",
        "critical only when long",
        "critical at one third of the usual dose",
        "critical just above one third",
        "high at 12 percent of the usual dose",
        "high at 20 percent of the usual dose",
        "just below 20 percent",
        "5 mg is info",
        "5.1 mg",
        "10 mg is caution",
        "10.1 mg",
        "from a terminal dose",
        "vulnerable",
        "short",
        "cap after vulnerability",
    ],
)
def test_one_day_drop(
    runs: tuple[Run, ...], months: Fraction | None, conditions: tuple[str, ...], expected: Severity | None
) -> None:
    assert level(case_of(*runs, months=months, conditions=conditions), "W2") == expected


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (((45, 3), (60, 5), (45, 1)), CAUTION),
        (((20, 3), (35, 30), (20, 1)), CAUTION),
        (((19.9, 3), (35, 30), (19.9, 1)), CAUTION),
        (((16, 3), (31.1, 30), (16, 1)), CAUTION),
        (((15, 3), (30, 30), (15, 1)), CAUTION),
        (((15, 2), (30, 30), (15, 1)), HIGH),
        (((14.9, 3), (30, 30), (14.9, 1)), HIGH),
        (((15, 3), (30, 30), (14.9, 1)), HIGH),
    ],
    ids=[
        "60 to 45",
        "35 to 20",
        "15.1 lower",
        "48 percent",
        "30 to 15",
        "held two days",
        "15.1 mg lower",
        "below the dose held",
    ],
)
def test_step_back_is_at_most_caution(runs: tuple[Run, ...], expected: Severity) -> None:
    assert level(case_of(*runs), "W2") == expected


@pytest.mark.parametrize(("missed", "expected"), [(1, CAUTION), (0, HIGH)], ids=["reported as missed", "not reported"])
def test_missed_doses_are_left_to_their_own_rules(missed: int, expected: Severity) -> None:
    report = MissedDoses(on=FIRST + timedelta(30), missed=missed, due=3)
    assert level(case_of((60, 30), (20, 1), missed=(report,)), "W2") == expected


@pytest.mark.parametrize(
    ("runs", "months", "expected"),
    [
        (((60, 30), (45, 3), (25, 4)), LONG, INFO),
        (((60, 30), (45, 3), (35, 4)), LONG, None),
        (((60, 30), (45, 3), (34.9, 4)), LONG, INFO),
        (((60, 30), (45, 3), (24.9, 4)), LONG, HIGH),
        (((60, 30), (45, 3), (24.9, 4)), SHORT, CAUTION),
    ],
    ids=["one half and 5 mg", "one third and 5 mg", "above one third", "above one half", "above one half, not long"],
)
def test_seven_day_drop(runs: tuple[Run, ...], months: Fraction, expected: Severity | None) -> None:
    assert level(case_of(*runs, months=months), "W3") == expected


@pytest.mark.parametrize(("days", "stands"), [(14, True), (15, False)], ids=["14th day", "15th day"])
def test_a_stop_stays_fourteen_days(days: int, stands: bool) -> None:
    assert (level(case_of((60, 30), (0, days)), "W1") is CRITICAL) is stands


@pytest.mark.parametrize(("mg", "stands"), [(53.9, True), (54, False)], ids=["below 90 percent", "90 percent"])
def test_a_stop_is_cleared_once_enough_is_taken_again(mg: float, stands: bool) -> None:
    assert (found(case_of((60, 30), (0, 1), (mg, 1)), "W1") is not None) is stands


def test_an_unknown_day_clears_nothing() -> None:
    stop = found(case_of((60, 30), (0, 1), (None, 3)), "W1")
    assert stop is not None
    assert stop.since == FIRST + timedelta(30)


def test_a_stop_hides_the_drop_and_the_week() -> None:
    case = case_of((60, 30), (0, 2))
    assert (level(case, "W1"), level(case, "W2"), level(case, "W3")) == (CRITICAL, None, None)


def test_of_two_drops_the_higher_is_listed_with_its_own_day_and_one_episode() -> None:
    drop = found(case_of((60, 30), (45, 5), (22, 3)), "W2")
    assert drop is not None
    assert (drop.severity, drop.since, drop.episode) == (HIGH, FIRST + timedelta(35), FIRST + timedelta(30))


@pytest.mark.parametrize(
    ("runs", "code", "lacks"),
    [
        (((60, 2),), "W1", "maintenance"),
        (((60, 1), (None, 1)) * 10, "W1", "maintenance"),
        (((60, 1), (None, 1)) * 10, "W3", "maintenance"),
        (((60, 20), (None, 1)), "W2", "taken_today"),
        (((60, 20), (None, 3), (0, 1)), "W1", "taken_before"),
        (((60, 20), (None, 3), (0, 1)), "W2", "taken_before"),
        (((60, 20), (None, 1), (60, 7)), "W3", "taken_week_ago"),
        (((60, 20),), "W1", None),
        (((60, 20), (0, 5)), "W1", None),
    ],
    ids=[
        "two-day record",
        "alternate days",
        "alternate days, week",
        "today",
        "three days",
        "three days, drop",
        "day -7",
        "all known",
        "at zero",
    ],
)
def test_says_what_is_missing(runs: tuple[Run, ...], code: str, lacks: str | None) -> None:
    assert missing(case_of(*runs), code) == lacks


def test_intermittent_use_raises_no_stop() -> None:
    assert level(case_of(*((60, 1), (0, 1)) * 10), "W1") is None


def test_evidence_names_the_patients_values_with_their_days() -> None:
    stop = found(case_of((60, 30), (0, 2)), "W1")
    assert stop is not None
    assert [(e.label, e.value, e.on) for e in stop.evidence[:2]] == [
        ("Dose before", "60", FIRST + timedelta(29)),
        ("Dose taken", "0", FIRST + timedelta(30)),
    ]


def test_the_fingerprint_holds_no_clock() -> None:
    first, later = (found(case_of((60, 30), (0, days)), "W1") for days in (1, 5))
    assert first is not None
    assert later is not None
    assert first.fingerprint == later.fingerprint
