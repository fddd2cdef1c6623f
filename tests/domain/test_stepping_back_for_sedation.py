"""A step back for sedation, with the later steps re-dated: never answered as if treatment were being stopped.

The plan is put to the rules the way the page does it: what has begun as the patient's record, the steps to come as the
plan, and the first version's first day as the day on which it all began.
"""

from datetime import UTC, datetime, timedelta

import pytest

from tests.domain.files import file_of
from tests.domain.plans import FIRST, GUIDANCE, drawn, request
from titration.domain.findings import Severity
from titration.domain.judging import JudgedPlan, judge_plan
from titration.domain.planning import PlanDraft, PlanStepDraft, WayDown, WayUp, step_back
from titration.domain.record import (
    ConditionEntry,
    PatientRecord,
    PlanEntry,
    PlannedStep,
    PlanState,
    RegimenEntry,
)

NOTED = datetime(2026, 9, 1, 9, tzinfo=UTC)
BEFORE = FIRST - timedelta(60)
CAUTION = Severity.CAUTION


def under_way(draft: PlanDraft, *, conditions: tuple[str, ...] = ()) -> PatientRecord:
    """The starting dose for 60 days, then the plan as it runs."""
    start = RegimenEntry(
        id="r", recorded_at=NOTED, recorded_by="", starts_on=BEFORE, regimen=draft.request.start, reason=""
    )
    plan = PlanEntry(
        id="p",
        number=1,
        version=1,
        kind=draft.request.kind,
        state=PlanState.RUNNING,
        steps=tuple(
            PlannedStep(id=str(number), number=number, starts_on=step.starts_on, regimen=step.regimen, state="planned")
            for number, step in enumerate(draft.steps, 1)
        ),
        drafted_at=NOTED,
        drafted_by="",
        signed_at=NOTED,
    )
    entries = [ConditionEntry(id=code, recorded_at=NOTED, recorded_by="", code=code) for code in conditions]
    return file_of(regimens=[start], plans=[plan], conditions=entries)


def stepped_back(draft: PlanDraft, number: int, days_into: int, *, conditions: tuple[str, ...] = ()) -> JudgedPlan:
    """So many days into the numbered step the dose before it is taken again, from the next day on."""
    today = draft.steps[number - 1].starts_on + timedelta(days_into)
    on = today + timedelta(1)
    before_plan = PlanStepDraft(starts_on=today, regimen=draft.request.start)
    steps = step_back(draft.steps, number, on, before_plan=before_plan, stable_days=None)
    left = [(step.starts_on, step.regimen) for step in steps if step.starts_on >= on]
    record = under_way(draft, conditions=conditions)
    return judge_plan(record, left, today=today, guidance=GUIDANCE, began_on=draft.steps[0].starts_on)


US_LABEL = drawn(request(WayUp.LABELLED_US, (5, 5, 5, 0), 75))
WEEKLY = drawn(request(WayUp.WEEKLY, (5, 5, 5, 0), 75))
UP = {
    f"{name}, step {number}": (plan, number)
    for name, plan in (("US label", US_LABEL), ("weekly", WEEKLY))
    for number in range(1, len(plan.steps) + 1)
}
DOWN = drawn(request(WayDown.THREE_WEEKS, (20, 20, 20, 0), 0))


@pytest.mark.parametrize("conditions", [(), ("psychosis",)], ids=["", "vulnerable"])
@pytest.mark.parametrize(("plan", "number"), UP.values(), ids=UP)
def test_one_step_back_on_the_way_up_is_at_most_caution_and_never_too_short(
    plan: PlanDraft, number: int, conditions: tuple[str, ...]
) -> None:
    judged = stepped_back(plan, number, 2, conditions=conditions)
    assert (judged.highest or CAUTION) <= CAUTION
    assert {finding.variant for finding in judged.whole if finding.code == "W5"} <= {"step"}


@pytest.mark.parametrize(("plan", "number"), UP.values(), ids=UP)
def test_trying_the_higher_dose_again_is_no_fast_increase(plan: PlanDraft, number: int) -> None:
    assert not [finding for finding in stepped_back(plan, number, 2).findings if finding.code == "T1"]


@pytest.mark.parametrize("number", range(1, len(DOWN.steps)))
def test_a_step_back_in_a_taper_of_three_weeks_is_not_too_short(number: int) -> None:
    """Its length counts from the dose before the first version, however little is left."""
    assert stepped_back(DOWN, number, 0).whole == ()


def test_the_same_steps_as_a_plan_of_their_own_would_be_too_short() -> None:
    """What makes the test above worth something: without the first version's day the rule does speak."""
    number = len(DOWN.steps) - 2
    today = DOWN.steps[number - 1].starts_on
    left = [(step.starts_on, step.regimen) for step in step_back(DOWN.steps, number, today) if step.starts_on >= today]
    judged = judge_plan(under_way(DOWN), left, today=today, guidance=GUIDANCE)
    assert [finding.variant for finding in judged.whole] == ["length"]
