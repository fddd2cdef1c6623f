"""How one version of a plan differs from the one before, in words; and what is left of a plan on a day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol

from titration.domain.days import show_near_day
from titration.domain.history import Bounded, step_counts
from titration.domain.record import PlanEntry, PlanKind, PlannedStep, PlanState
from titration.domain.units import show_mg_per_day

MOST_CHANGES = 3


def differences(before: PlanEntry, after: PlanEntry) -> tuple[str, ...]:
    """What changed from one version to the next: the end, the number of steps, the first changed days."""
    return (*_end(before, after), *_count(before, after), *_days(before, after)) or ("The same steps.",)


def _end(before: PlanEntry, after: PlanEntry) -> Iterator[str]:
    old, new = before.steps[-1].starts_on, after.steps[-1].starts_on
    if old != new:
        days = abs((new - old).days)
        sooner = "later" if new > old else "earlier"
        yield f"Ends on {show_near_day(new, beside=old)}, {days} day{'' if days == 1 else 's'} {sooner}."


def _count(before: PlanEntry, after: PlanEntry) -> Iterator[str]:
    if len(before.steps) != len(after.steps):
        yield f"{len(after.steps)} steps instead of {len(before.steps)}."


def _days(before: PlanEntry, after: PlanEntry) -> Iterator[str]:
    old, new = _totals(before.steps), _totals(after.steps)
    changed = [day for day in sorted(old.keys() | new.keys()) if old.get(day) != new.get(day)]
    for day in changed[:MOST_CHANGES]:
        yield f"{show_near_day(day, beside=after.steps[0].starts_on)}: {_step(old.get(day))} → {_step(new.get(day))}."
    if len(changed) > MOST_CHANGES:
        yield f"{len(changed) - MOST_CHANGES} more days differ."


def _totals(steps: Sequence[PlannedStep]) -> dict[date, int]:
    return {step.starts_on: step.regimen.daily_mcg for step in steps}


def _step(daily_mcg: int | None) -> str:
    return "no step" if daily_mcg is None else show_mg_per_day(daily_mcg)


def became_of_draft(entry: PlanEntry, plans: Sequence[PlanEntry]) -> str:
    """A draft that ended unsigned is not "stopped": drawn again it is "replaced", else "discarded". Others: ""."""
    if entry.state is not PlanState.STOPPED or entry.signed_at is not None:
        return ""
    is_drawn_again = any(plan.number == entry.number and plan.version > entry.version for plan in plans)
    return "replaced" if is_drawn_again else "discarded"


def began_on(plans: Sequence[PlanEntry], number: int) -> date | None:
    """The first step of the first signed version of a plan; None where none is signed yet."""
    signed = [plan for plan in plans if plan.number == number and plan.signed_at is not None]
    return signed[0].steps[0].starts_on if signed else None


class Dated(Protocol):
    @property
    def starts_on(self) -> date: ...


def begun_steps[Step: Dated](plan: Bounded, steps: Iterable[Step], today: date) -> list[Step]:
    """The steps that have begun by a day; those that a hold or the plan's end kept back never did."""
    return [step for step in steps if step.starts_on <= today and step_counts(plan, step.starts_on)]


def held_by_change(state: str, held_on: date | None, starts_on: date) -> date | None:
    """The first day of the hold that a dose change from a day brings to a plan; None where it changes nothing.

    A live plan is held by the earliest change: one on hold from a later day would undo the change until then.
    """
    is_live = state in (PlanState.RUNNING, PlanState.HELD)
    return starts_on if is_live and (held_on is None or starts_on < held_on) else None


def first_left(entry: PlanEntry, today: date, prescribed_mcg: int | None) -> int | None:
    """The number of the first step that is still to come after a hold; None where none is left.

    In a taper, steps that are not below what is prescribed now are left out: a taper never rises. In a titration,
    those that are not above it.
    """
    begun = begun_steps(entry, entry.steps, today)
    for number, step in enumerate(entry.steps, start=1):
        if step not in begun and _goes_on(entry.kind, step.regimen.daily_mcg, prescribed_mcg):
            return number
    return None


def _goes_on(kind: PlanKind, daily_mcg: int, prescribed_mcg: int | None) -> bool:
    if prescribed_mcg is None:
        return True
    return daily_mcg < prescribed_mcg if kind is PlanKind.TAPER else daily_mcg > prescribed_mcg
