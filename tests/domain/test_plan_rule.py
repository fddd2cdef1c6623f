"""W5: a plan judged as a whole on its planned totals."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from tests.domain.courses import FIRST, GUIDANCE, LONG, Run, case_of, found, level, missing
from titration.domain.assess import judge_steps
from titration.domain.case import MissedDoses
from titration.domain.findings import Finding, Severity
from titration.domain.history import DoseHistory


def planned(after_days: int, *runs: Run) -> DoseHistory:
    """A plan that begins `after_days` days after the first known day; its last total goes on."""
    day, changes = FIRST.toordinal() + after_days, []
    for mg, days in runs:
        changes.append((day, round((mg or 0) * 1000)))
        day += days
    return DoseHistory.of(changes)


def judged(start: int, *runs: Run, months: Fraction = LONG, gap: int = 0) -> Severity | None:
    return level(case_of((start, 40), months=months, plan=planned(40 + gap, *runs)), "W5")


def test_names_the_step_and_its_day() -> None:
    case = case_of((60, 40), plan=planned(40, (50, 7), (25, 7), (20, 30)))
    finding = found(case, "W5")
    assert finding is not None
    assert (finding.values["from_mcg"], finding.values["to_mcg"]) == (50_000, 25_000)
    assert max(judge_steps(case, GUIDANCE).values(), key=lambda f: f.severity).values["to_mcg"] == 25_000


def test_a_version_that_goes_on_is_as_long_as_all_of_its_plan() -> None:
    """20 mg until day 39, re-dated on day 54 at 10 mg: 18 days from the last day at 20 mg, not 3 from that at 10 mg."""
    case = case_of((20, 40), (15, 7), (10, 8), plan=planned(54, (10, 1), (5, 2), (0, 30)))
    alone = found(case, "W5")
    whole = found(replace(case, plan_began_on=FIRST + timedelta(days=40)), "W5")
    assert (_days(alone), _days(whole)) == ("3", "18")


def _days(finding: Finding | None) -> str:
    assert finding is not None
    return next(each.value for each in finding.evidence if each.label == "First day at 0")


def test_without_a_plan_it_is_silent() -> None:
    assert level(case_of((60, 40)), "W5") is None


def test_says_when_there_is_no_maintenance_dose() -> None:
    assert missing(case_of((60, 1), plan=planned(1, (50, 7))), "W5") == "maintenance"


def test_without_a_plan_no_step_is_judged() -> None:
    assert judge_steps(case_of((60, 40)), GUIDANCE) == {}


def test_of_two_findings_of_one_day_the_higher_is_told_and_of_two_alike_the_first() -> None:
    """60 to 15 is critical as a drop and high as a week; 60 to 20 is high as both."""
    for mg, severity, variant in ((15, Severity.CRITICAL, "drop"), (20, Severity.HIGH, "drop")):
        told = judge_steps(case_of((60, 40), plan=planned(40, (mg, 7))), GUIDANCE)
        (first, *_) = told.values()
        assert (first.severity, first.variant) == (severity, variant)


def test_a_plan_is_judged_to_its_end_also_after_a_stop() -> None:
    told = judge_steps(case_of((60, 40), plan=planned(40, (0, 3), (60, 10), (15, 7))), GUIDANCE)
    assert FIRST + timedelta(53) in told


def test_days_within_a_week_of_a_step_are_judged_too() -> None:
    """After 60 mg for two days the week before is high only six days after the step down to 35."""
    told = judge_steps(case_of((30, 40), plan=planned(40, (60, 2), (35, 30))), GUIDANCE)
    assert FIRST + timedelta(48) in told


def test_a_missed_dose_of_today_excuses_no_step_of_a_plan() -> None:
    """What W4 and W6 judge of a day that was lived says nothing about one that is planned."""
    missed = (MissedDoses(on=FIRST + timedelta(39), missed=1, due=3),)
    assert level(case_of((60, 40), missed=missed, plan=planned(39, (25, 30))), "W5") is Severity.HIGH
