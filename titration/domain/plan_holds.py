"""From which day a dose change holds a plan, and what is left of that hold when the change was an error.

A hold never reaches back over what it did not mean: a change of the time before a plan, or late for one that has not
begun, holds from now on. Once the change is known to be an error, what had begun when it was entered counts again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from titration.domain.plan_versions import began_on, begun_since
from titration.domain.record import PatientRecord

_ONE_DAY = timedelta(days=1)


def held_from(record: PatientRecord, starts_on: date, today: date) -> Mapping[int, date]:
    """By number, from which day a dose change of a day holds each plan: one that began since, from tomorrow; one of
    which nothing has begun, not before today.
    """
    since = begun_since(record.plans, starts_on, today)
    return {
        plan.number: today + _ONE_DAY if plan.number in since else _held_from(record, plan.number, starts_on, today)
        for plan in record.plans
    }


def _held_from(record: PatientRecord, number: int, starts_on: date, today: date) -> date:
    first_on = began_on(record.plans, number)
    return max(starts_on, today) if first_on is None or first_on > today else starts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHold:
    """From which day a plan was held, on which day that was decided or entered, and whether a dose change did it."""

    held_on: date
    told_on: date
    by_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldByChange:
    """A plan that is held by a dose change and by nothing since. holds: the newest first."""

    plan_id: str
    signed_at: datetime
    holds: tuple[PlanHold, ...]


def held_without(held: HeldByChange, before: PatientRecord, after: PatientRecord) -> date | None:
    """From which day the plan is held once its dose change was an error: the day after that was entered, since what
    was to begin later never did; earlier where another dose change or an earlier hold says so. None: the hold stays.
    """
    held_on, counting = held.holds[0].held_on, counting_days(after)
    if held_on not in counting_days(before) - counting:
        return None
    since = [entry for entry in after.regimens if entry.counts and entry.recorded_at > held.signed_at]
    others = [entry.starts_on for entry in since if entry.starts_on >= held_on]
    instead = min([*(_without_error(hold, counting) for hold in held.holds), *others])
    return instead if instead > held_on else None


def _without_error(hold: PlanHold, counting: frozenset[date]) -> date:
    is_error = hold.by_change and hold.held_on not in counting
    return hold.told_on + _ONE_DAY if is_error else hold.held_on


def counting_days(record: PatientRecord) -> frozenset[date]:
    """The days from which a dose changed by hand counts."""
    return frozenset(entry.starts_on for entry in record.regimens if entry.counts)
