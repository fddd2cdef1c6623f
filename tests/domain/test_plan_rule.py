"""W5: a plan judged as a whole on its planned totals."""

from fractions import Fraction

from tests.domain.courses import GUIDANCE, LONG, Run, case_of, found, level, missing
from titration.domain.assess import judge_steps
from titration.domain.findings import Severity
from titration.domain.history import DoseHistory


def planned(after_days: int, *runs: Run) -> DoseHistory:
    """A plan that begins `after_days` days after the first known day; its last total goes on."""
    from tests.domain.courses import FIRST

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


def test_without_a_plan_it_is_silent() -> None:
    assert level(case_of((60, 40)), "W5") is None


def test_says_when_there_is_no_maintenance_dose() -> None:
    assert missing(case_of((60, 1), plan=planned(1, (50, 7))), "W5") == "maintenance"


def test_without_a_plan_no_step_is_judged() -> None:
    assert judge_steps(case_of((60, 40)), GUIDANCE) == {}
