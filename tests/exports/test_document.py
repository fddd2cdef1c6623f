"""The plan document: its days, its end, and what it refuses to be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.samples import ashdown, building_up, mg, plan_of, two_steps_in_a_week
from titration.domain.record import PlanState
from titration.domain.regimen import TimeOfDay


def test_a_taper_to_none_ends_on_its_first_day_without_baclofen():
    plan = ashdown(ends_on=date(2027, 2, 28))
    assert plan.ends_at_zero
    assert plan.last_day == date(2027, 1, 18)


def test_a_plan_to_a_dose_ends_when_it_says():
    assert building_up().last_day == date(2026, 12, 6)
    assert not building_up().ends_at_zero


def test_days_name_the_step_that_holds():
    days = list(two_steps_in_a_week().days())
    assert [day.on for day in days] == [date(2026, 11, 18) + timedelta(days=offset) for offset in range(10)]
    assert [day.step.number for day in days] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4]


@given(gaps=st.lists(st.integers(1, 40), min_size=1, max_size=30), tail=st.integers(0, 40))
def test_every_day_from_first_to_last_stands_once(gaps: list[int], tail: int):
    first = date(2026, 3, 20)
    starts = [first + timedelta(days=sum(gaps[:count])) for count in range(len(gaps))]
    plan = plan_of(mg(20, 20, 20), [(day, mg(5, 5, 5)) for day in starts])
    plan = replace(plan, ends_on=starts[-1] + timedelta(days=tail))
    days = [day.on for day in plan.days()]
    assert days == [first + timedelta(days=offset) for offset in range((plan.last_day - first).days + 1)]


def test_times_used_leaves_out_a_time_without_any_dose():
    assert ashdown().times_used() == (TimeOfDay.MORNING, TimeOfDay.MIDDAY, TimeOfDay.EVENING)


def test_a_time_without_a_dose_takes_none():
    assert ashdown().steps[-2].parts(TimeOfDay.MORNING) == ()


def test_instants_are_shown_in_the_zone_of_the_clinic():
    assert ashdown().local(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)).isoformat() == "2026-07-02T00:30:00+01:00"


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda _: {"steps": ()}, id="no steps"),
        pytest.param(lambda plan: {"steps": plan.steps[::-1]}, id="steps out of order"),
        pytest.param(lambda plan: {"steps": (plan.steps[0], plan.steps[0])}, id="two steps on one day"),
        pytest.param(
            lambda plan: {"ends_on": plan.steps[-1].starts_on - timedelta(days=1)}, id="ends before its last step"
        ),
    ],
)
def test_refuses_a_plan_that_is_none(broken):
    plan = ashdown()
    with pytest.raises(ValueError, match="a plan"):
        replace(plan, **broken(plan))


@pytest.mark.parametrize(
    ("state", "held", "ended", "last"),
    [
        pytest.param(PlanState.RUNNING, None, None, 4, id="all of one that runs"),
        pytest.param(PlanState.HELD, 3, None, 1, id="until the hold"),
        pytest.param(PlanState.REPLACED, None, 6, 2, id="until the next version"),
        pytest.param(PlanState.REPLACED, 3, 6, 1, id="on hold before it was replaced"),
        pytest.param(PlanState.STOPPED, 3, 6, 1, id="on hold before it was stopped"),
        pytest.param(PlanState.COMPLETED, None, 6, 2, id="complete, and overtaken by a dose change entered late"),
    ],
)
def test_days_are_due_until_the_plan_no_longer_stands(
    state: PlanState, held: int | None, ended: int | None, last: int
) -> None:
    plan = two_steps_in_a_week()
    held_on, ended_on = (None if days is None else plan.starts_on + timedelta(days=days) for days in (held, ended))
    told = replace(plan, state=state, held_on=held_on, ended_on=ended_on)
    assert max(day.step.number for day in told.due_days()) == last
