"""The versions of a plan on a day: what became of a draft, what has begun, what is left after a hold."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from operator import itemgetter
from typing import Protocol

from titration.domain.history import Bounded, prescribed_before, prescribed_regimens, step_counts
from titration.domain.plan_transitions import LIVE_STATES
from titration.domain.record import PatientRecord, PlanEntry, PlanKind, PlannedStep, PlanState
from titration.domain.regimen import Regimen


def became_of_draft(entry: PlanEntry, plans: Sequence[PlanEntry]) -> str:
    """A draft that ended unsigned is not "stopped": drawn again it is "replaced", else "discarded". Others: ""."""
    if entry.state is not PlanState.STOPPED or entry.signed_at is not None:
        return ""
    is_drawn_again = any(plan.number == entry.number and plan.version > entry.version for plan in plans)
    return "replaced" if is_drawn_again else "discarded"


def began_on(plans: Sequence[PlanEntry], number: int) -> date | None:
    """The first step of a plan that counts, of whichever signed version; None where none is signed, or none began
    before it was held or ended.
    """
    signed = [plan for plan in plans if plan.number == number and plan.signed_at is not None]
    return min(
        (step.starts_on for plan in signed for step in plan.steps if step_counts(plan, step.starts_on)), default=None
    )


class Dated(Protocol):
    @property
    def starts_on(self) -> date: ...


def begun_steps[Step: Dated](plan: Bounded, steps: Iterable[Step], today: date) -> list[Step]:
    """The steps that have begun by a day; those that a hold or the plan's end kept back never did."""
    return [step for step in steps if step.starts_on <= today and step_counts(plan, step.starts_on)]


def left_of_replaced(plans: Iterable[PlanEntry], from_on: date) -> list[tuple[PlanEntry, PlannedStep]]:
    """The steps of replaced plans that would still begin on a day or later, because their successor begins after it."""
    return [
        (plan, step)
        for plan in plans
        if plan.state is PlanState.REPLACED
        for step in plan.steps
        if step.starts_on >= from_on and step_counts(plan, step.starts_on)
    ]


def ends_where_redated(first_on: date, today: date) -> date:
    """From which day on no step of a version counts whose steps were re-dated today: what began today has begun."""
    return min(first_on, today + timedelta(days=1))


def as_redated(record: PatientRecord, number: int, first_on: date, today: date) -> PatientRecord:
    """The record in which the live version of a plan has ended for steps re-dated to a day. The rules judge the new
    steps by it: what the old version had still to come never begins, and softens no fall.
    """
    ended_on = ends_where_redated(first_on, today)
    plans = tuple(
        replace(plan, state=PlanState.REPLACED, ended_on=ended_on)
        if plan.number == number and plan.state in LIVE_STATES
        else plan
        for plan in record.plans
    )
    return replace(record, plans=plans)


def after_last_step(record: PatientRecord, entry: PlanEntry) -> tuple[date, Regimen] | None:
    """What else is prescribed after a version's last step, and from which day on; None where that step goes on. Of a
    draft only dose changes, since no other plan goes on beside it once it is signed.
    """
    changes = [(each.starts_on, each.regimen) for each in record.regimens if each.counts]
    prescribed = prescribed_regimens(record) if entry.signed_at else sorted(changes, key=itemgetter(0))
    return next((each for each in prescribed if each[0] > entry.steps[-1].starts_on), None)


def goes_on_from_another_dose(before: PatientRecord, after: PatientRecord, today: date) -> bool:
    """Whether the next planned step would follow another dose than it did, so that it is not the change that was
    signed. after: the record with the same plans and other prescribed doses.
    """
    signed = [plan for plan in after.plans if plan.signed_at is not None]
    days = [step.starts_on for plan in signed for step in plan.steps if step_counts(plan, step.starts_on)]
    coming = [day for day in days if day > today]
    return bool(coming) and prescribed_before(before, min(coming)) != prescribed_before(after, min(coming))


def begun_since(plans: Sequence[PlanEntry], day: date, today: date) -> frozenset[int]:
    """The numbers of the plans that began after a day, and by today. A dose change of that day tells of the time before
    them: what has begun of them stands, and no further step begins until somebody has looked.
    """
    begun = {plan.number: began_on(plans, plan.number) for plan in plans}
    return frozenset(number for number, first_on in begun.items() if first_on is not None and day < first_on <= today)


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
