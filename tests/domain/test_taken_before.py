"""A plan's next step beside what is really taken: figures and what to check, where taken is not as prescribed."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import count

import pytest

from tests.domain.test_judging import RECORD
from tests.factories import NOW, TODAY, regimen
from titration.domain.guidance import load_guidance
from titration.domain.judging import judge_plan
from titration.domain.record import IntakeEntry, IntakeKind, PatientRecord
from titration.domain.regimen import Regimen
from titration.domain.taken_before import TakenBefore, before_words, taken_before

GUIDANCE = load_guidance()
TOMORROW = TODAY + timedelta(days=1)
numbers = count()


def report(
    mg: int | None, first: int, last: int | None = None, kind: IntakeKind = IntakeKind.DAILY_TOTAL
) -> IntakeEntry:
    """Days are counted from today; without a last day it is open."""
    return IntakeEntry(
        id=str(next(numbers)),
        recorded_at=NOW,
        recorded_by="",
        starts_on=TODAY + timedelta(days=first),
        ends_on=None if last is None else TODAY + timedelta(days=last),
        kind=IntakeKind.UNKNOWN if mg is None else kind,
        daily_mcg=None if mg is None else mg * 1000,
    )


def reported(*reports: IntakeEntry) -> PatientRecord:
    """60 mg/day prescribed for 60 days."""
    return replace(RECORD, intakes=reports)


def plan(*totals: float, first: date = TOMORROW) -> list[tuple[date, Regimen]]:
    return [(first + timedelta(days=7 * at), regimen(0, 0, mg)) for at, mg in enumerate(totals)]


def found(record: PatientRecord, steps: list[tuple[date, Regimen]]) -> TakenBefore | None:
    return taken_before(record, steps, today=TODAY, guidance=GUIDANCE)


def words(record: PatientRecord, steps: list[tuple[date, Regimen]]) -> str:
    return before_words(found(record, steps), guidance=GUIDANCE, today=TODAY).replace("\u00a0", " ")


HALF = reported(report(30, -13))


def test_a_first_step_that_nearly_doubles_what_is_taken_says_so_in_figures() -> None:
    """Prescribed 60, taken 30 for two weeks, the plan starts at 55."""
    assert words(HALF, plan(55, 50)) == (
        "30 mg/day is taken since 31 Oct (14 days); 60 mg/day is prescribed. The first step, 55 mg/day on 14 Nov, is "
        "25 mg (83.3 %) more than that. A rise above 15 mg/day within 3 days is fast by rule T1, which looks at what "
        "is prescribed and so names no step here. Check what is really taken and how it is tolerated; consider a plan "
        "from that dose, or smaller steps."
    )


def test_no_rule_speaks_of_it() -> None:
    """What the sentence is for: were T1 to see it, the sentence would say it twice."""
    judged = judge_plan(HALF, plan(55, 50), today=TODAY, guidance=GUIDANCE)
    assert [finding.code for finding in judged.findings if finding.code.startswith("T")] == []


@pytest.mark.parametrize(
    ("taken", "first_mg", "rise_mcg", "percent", "said"),
    [
        pytest.param(40, 55, 15_000, Fraction(75, 2), "No rule judges this rise", id="at the limit of T1"),
        pytest.param(39, 55, 16_000, Fraction(1600, 39), "A rise above 15 mg/day", id="above it"),
        pytest.param(0, 55, 55_000, None, "Nothing is taken since 31 Oct (14 days)", id="from nothing"),
        pytest.param(55, 55, 0, 0, "is what is taken already", id="the same"),
        pytest.param(
            50, 40, -10_000, 20, "10 mg (20 %) less than that. Check what is really taken. Falls", id="a fall"
        ),
        pytest.param(75, 55, -20_000, Fraction(80, 3), "20 mg (26.7 %) less", id="more is taken"),
    ],
)
def test_the_difference_in_mg_and_per_cent(
    taken: int, first_mg: float, rise_mcg: int, percent: Fraction | None, said: str
) -> None:
    record = reported(report(taken, -13))
    before = found(record, plan(first_mg))
    assert before is not None
    assert (before.rise_mcg, before.rise_percent) == (rise_mcg, percent)
    assert said in words(record, plan(first_mg))


def test_what_nobody_knows_is_no_figure() -> None:
    said = words(reported(report(None, -3)), plan(55))
    assert said == (
        "Nobody knows what was taken since 10 Nov (4 days); 60 mg/day is prescribed. The first step, 55 mg/day on "
        "14 Nov, would be a rise from less and a fall from more. Check what is really taken before it."
    )


def test_a_day_that_ended_lately_still_counts() -> None:
    """Reported back as a span: nothing is known of the last two days, on which the old dose only counts as taken."""
    said = words(reported(report(30, -15, -2)), plan(55))
    assert said.startswith(
        "30 mg/day was taken until 11 Nov (14 days), and nothing is reported since; 60 mg/day was prescribed. "
        "The first step, 55 mg/day on 14 Nov, is 25 mg (83.3 %) more than that."
    )
    assert words(reported(report(None, -15, -2)), plan(55)).startswith("Nobody knows what was taken until 11 Nov")


@pytest.mark.parametrize(
    ("reports", "first_mg"),
    [
        pytest.param((), 55, id="as prescribed"),
        pytest.param((report(60, -13),), 55, id="reported as prescribed"),
        pytest.param((report(30, -30, -4),), 55, id="held again for the days that T1 looks at"),
        pytest.param((report(0, -2, -2),), 55, id="back to the usual dose after a missed day"),
        pytest.param((report(30, -15, -2),), 30, id="the step is not above what was taken"),
    ],
)
def test_nothing_is_said_where_nothing_differs(reports: tuple[IntakeEntry, ...], first_mg: float) -> None:
    assert words(reported(*reports), plan(first_mg)) == ""


@pytest.mark.parametrize(
    ("days", "was_held"), [(1, True), (4, True), (5, False)], ids=["a day", "held on 3 of 7", "held on 2 of 7"]
)
def test_going_back_after_a_short_gap_is_not_advised_against(days: int, was_held: bool) -> None:
    record = reported(report(0, 1 - days))
    before = found(record, plan(55))
    assert before is not None
    assert before.was_held is was_held
    said = words(record, plan(55))
    held = "on 3 or more of the last 7 days: by rule T1 going back is no increase. Check why less is taken"
    assert (held in said) is was_held
    assert ("consider a plan from that dose" in said) is not was_held


def test_a_plan_under_way_is_asked_about_its_next_step() -> None:
    steps = plan(55, 50, first=TODAY - timedelta(days=3))
    assert "The next step, 50 mg/day on 17 Nov, is 20 mg (66.7 %) more than that." in words(HALF, steps)
    assert words(HALF, plan(55, first=TODAY - timedelta(days=3))) == ""


def test_a_plan_from_today_is_compared_with_yesterday() -> None:
    before = found(reported(report(30, -13, -1)), plan(55, first=TODAY))
    assert before is not None
    assert (before.taken_mcg, before.last_on, before.is_over) == (30_000, TODAY - timedelta(days=1), False)


def test_a_dose_without_a_prescription_says_so() -> None:
    record = replace(RECORD, regimens=(), intakes=(report(30, -13),))
    assert "nothing is on file as prescribed." in words(record, plan(25))
