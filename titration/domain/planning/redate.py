"""Acts on a plan under way: move, hold, slow down, step back. Steps in, new steps out; nothing is written and no dose
is invented.

Steps are numbered from 1 in date order. Each act keeps the order and touches no step before the numbered one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from titration.domain.days import show_full_day
from titration.domain.errors import PlanImpossible
from titration.domain.planning.presets import load_limits
from titration.domain.planning.request import PlanStepDraft

type Steps = Sequence[PlanStepDraft]


def redate(steps: Steps, from_number: int, first_on: date) -> list[PlanStepDraft]:
    """The numbered step starts on first_on; the gaps after it stay. Raises PlanImpossible where it would not be after
    the step before."""
    check_number(steps, from_number)
    kept, moved = list(steps[: from_number - 1]), steps[from_number - 1 :]
    if kept and first_on <= kept[-1].starts_on:
        raise PlanImpossible(
            f"Step {from_number} must start after step {from_number - 1}, {show_full_day(kept[-1].starts_on)}."
        )
    return [*kept, *_moved(moved, first_on - moved[0].starts_on)]


def hold(steps: Steps, from_number: int, days: int) -> list[PlanStepDraft]:
    """The numbered step and all later ones start so many days later (1 or more)."""
    check_number(steps, from_number)
    if days < 1:
        raise PlanImpossible("Hold the plan for 1 day or more.")
    return [*steps[: from_number - 1], *_moved(steps[from_number - 1 :], timedelta(days=days))]


def slow_down(steps: Steps, from_number: int, factor: int | Fraction) -> list[PlanStepDraft]:
    """Every gap before the numbered step and before each later one is so many times as long (above 1; parts of days
    are rounded up).

    The first step of a plan has no gap before it and keeps its date.
    """
    check_number(steps, from_number)
    if factor <= 1:
        raise PlanImpossible("To slow down, write a factor above 1, for example 2 for twice as long.")
    kept = max(from_number - 1, 1)
    slower = list(steps[:kept])
    for before, step in zip(steps[kept - 1 :], steps[kept:], strict=False):
        gap_days = -int(-(step.starts_on - before.starts_on).days * Fraction(factor) // 1)
        slower.append(_on(step, slower[-1].starts_on, timedelta(days=gap_days)))
    return slower


def step_back(
    steps: Steps,
    current_number: int,
    on: date,
    *,
    before_plan: PlanStepDraft | None = None,
    stable_days: int | None = None,
) -> list[PlanStepDraft]:
    """The dose before the numbered step again from `on`, then that step and the later ones, with their gaps, after
    stable days.

    stable_days: at least 3 (ALPADIR: 3 days of stability before a new try); None is the gap before the numbered step,
    at least 3.
    before_plan: the regimen that the plan started from, needed to step back from step 1.
    The current step stays in the list as what happened, unless it starts on the same day as the step back.
    """
    check_number(steps, current_number)
    current = steps[current_number - 1]
    previous = steps[current_number - 2] if current_number > 1 else before_plan
    if previous is None:
        raise PlanImpossible("There is no earlier step to go back to. Record a dose change instead.")
    if on < current.starts_on:
        raise PlanImpossible(f"The step began on {show_full_day(current.starts_on)}. Step back on that day or later.")
    wait_days = max(stable_days if stable_days is not None else _gap_days(previous, current), load_limits().stable_days)
    happened = [step for step in steps[:current_number] if step.starts_on < on]
    back = replace(previous, starts_on=on)
    later = steps[current_number - 1 :]
    first_on = _later_date(on, timedelta(days=wait_days))
    return [*happened, back, *_moved(later, first_on - later[0].starts_on)]


def _gap_days(previous: PlanStepDraft, current: PlanStepDraft) -> int:
    return (current.starts_on - previous.starts_on).days


def check_number(steps: Steps, number: int) -> None:
    """Raises PlanImpossible where the plan has no step of that number."""
    if not 1 <= number <= len(steps):
        raise PlanImpossible(f"This plan has {len(steps)} steps; there is no step {number}.")


def _moved(steps: Steps, by: timedelta) -> list[PlanStepDraft]:
    return [_on(step, step.starts_on, by) for step in steps]


def _on(step: PlanStepDraft, day: date, later: timedelta) -> PlanStepDraft:
    return replace(step, starts_on=_later_date(day, later))


def _later_date(day: date, later: timedelta) -> date:
    if day.toordinal() + later.days > date.max.toordinal():
        raise PlanImpossible("The plan would end after the last possible date. Choose an earlier day.")
    return day + later
