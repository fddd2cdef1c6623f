"""W1, W2, W3: what they say beside their level, and how long they stay. Levels: test_boundaries."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.courses import FIRST, GUIDANCE, Run, case_of, found, level, missing, totals
from titration.domain.assess import marks
from titration.domain.case import ReportedIntake
from titration.domain.findings import Severity
from titration.domain.history import DoseHistory
from titration.domain.record import IntakeKind
from titration.domain.rules.withdrawal import _week_drop
from titration.domain.situation import Situation

INFO, CAUTION, HIGH, CRITICAL = Severity


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


def test_no_finding_is_made_of_what_is_not_known() -> None:
    situation = Situation.of(case_of((60, 2)), GUIDANCE)
    with pytest.raises(ValueError, match=r"^a withdrawal rule fires only where dose and maintenance are known$"):
        _week_drop(situation, situation.day, HIGH, 60_000, "w3_high_share")


def test_what_is_foreseen_is_not_judged_yet() -> None:
    """A stop that is on file for tomorrow is no stop today."""
    assert level(replace(case_of((60, 30), (0, 5)), as_of=FIRST + timedelta(29)), "W1") is None


def test_a_day_with_enough_taken_ends_the_episode() -> None:
    stop = found(case_of((60, 30), (0, 1), (60, 1), (0, 1)), "W1")
    assert stop is not None
    assert (stop.since, stop.episode) == (FIRST + timedelta(32), FIRST + timedelta(32))


def test_evidence_of_a_drop_that_is_over_names_the_day_before_it() -> None:
    told = marks(case_of((60, 30), (0, 1), (60, 5)), GUIDANCE, FIRST)
    assert {mark.code for mark in told} == {"W1", "W2", "W3"}
    assert {mark.evidence[0].on for mark in told if mark.code != "W3"} == {FIRST + timedelta(29)}


def reported(*kinds: IntakeKind) -> tuple[ReportedIntake, ...]:
    day = FIRST + timedelta(30)
    before = ReportedIntake(first_on=FIRST, last_on=day - timedelta(1), kind=IntakeKind.RAN_OUT)
    return (before, *(ReportedIntake(first_on=day, last_on=day, kind=kind) for kind in kinds))


@pytest.mark.parametrize(
    ("reports", "prescribed_mg", "cause"),
    [
        (reported(), None, ""),
        (reported(), 0, "ordered"),
        (reported(), 60, ""),
        (reported(IntakeKind.STOPPED), 0, "stopped"),
        (reported(IntakeKind.MISSED, IntakeKind.STOPPED, IntakeKind.RAN_OUT), 60, "ran_out"),
    ],
    ids=["nobody said", "ordered", "prescribed on", "reported", "the last report counts"],
)
def test_a_stop_says_how_it_came_about(
    reports: tuple[ReportedIntake, ...], prescribed_mg: int | None, cause: str
) -> None:
    prescribed = None if prescribed_mg is None else DoseHistory.from_daily(totals((60, 30), (prescribed_mg, 1)))
    stop = found(replace(case_of((60, 30), (0, 1)), reports=reports, prescribed=prescribed), "W1")
    assert stop is not None
    assert stop.values["cause"] == cause


def test_days_in_a_row_on_which_a_rule_fires_are_one_mark_as_high_as_the_highest() -> None:
    drops = [mark for mark in marks(case_of((60, 30), (45, 1), (15, 1)), GUIDANCE, FIRST) if mark.code == "W2"]
    assert [(mark.severity, mark.since) for mark in drops] == [(HIGH, FIRST + timedelta(31))]
    falling = [mark for mark in marks(case_of((60, 30), (15, 1), (11, 1)), GUIDANCE, FIRST) if mark.code == "W2"]
    assert [(mark.severity, mark.since) for mark in falling] == [(CRITICAL, FIRST + timedelta(30))]
