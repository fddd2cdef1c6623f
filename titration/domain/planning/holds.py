"""Planned pauses: stay some days longer at a step, and every later step starts so many days later.

A hold names the daily total of its step. One at a total that the plan does not stop at is refused, because staying at
another dose would be something else than what was asked.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from titration.domain.errors import PlanImpossible
from titration.domain.planning.presets import load_limits
from titration.domain.planning.request import Hold, PlanRequest, PlanStepDraft
from titration.domain.units import show_mg, show_mg_per_day

type Steps = Sequence[PlanStepDraft]


def with_holds(request: PlanRequest, steps: Steps) -> tuple[PlanStepDraft, ...]:
    """The steps with every hold; the same steps where none is asked. Raises PlanImpossible for a hold at no step."""
    later = timedelta()
    held = []
    for step in steps:
        held.append(replace(step, starts_on=_later_date(step.starts_on, later)) if later else step)
        later += timedelta(days=_days_at(request, step.daily_mcg))
    for hold in request.holds:
        _check_hold(hold, steps)
    _check_length(held)
    return tuple(held)


def holds_after(request: PlanRequest, reached_mcg: int) -> tuple[Hold, ...]:
    """The holds of a taper that are still to come once a daily total is reached."""
    return tuple(hold for hold in request.holds if hold.at_mcg < reached_mcg)


def days_held_before(request: PlanRequest, steps: Steps, place: int) -> int:
    """The days of a hold between the step at a place (0 is the first) and the one before it."""
    return _days_at(request, steps[place - 1].daily_mcg) if place else 0


def _days_at(request: PlanRequest, daily_mcg: int) -> int:
    return sum(hold.days for hold in request.holds if hold.at_mcg == daily_mcg)


def _check_hold(hold: Hold, steps: Steps) -> None:
    if hold.days < 1:
        raise PlanImpossible("Stay longer by 1 day or more.")
    totals = [step.daily_mcg for step in steps[:-1]]
    if hold.at_mcg not in totals:
        stops = ", ".join(show_mg(mcg) for mcg in totals)
        offered = f"Choose one of {stops}." if totals else "It has a single step, so that nothing comes after a stay."
        raise PlanImpossible(f"This plan does not go on from {show_mg_per_day(hold.at_mcg)}. {offered}")


def _check_length(steps: Steps) -> None:
    days = (steps[-1].starts_on - steps[0].starts_on).days
    if days > load_limits().maximum_days:
        raise PlanImpossible(
            f"With its stays this plan would take {days} days; at most {load_limits().maximum_days} are possible. "
            "Stay for fewer days."
        )


def _later_date(day: date, later: timedelta) -> date:
    if day.toordinal() + later.days > date.max.toordinal():
        raise PlanImpossible("The plan would end after the last possible date. Stay for fewer days.")
    return day + later
