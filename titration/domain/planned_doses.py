"""The daily totals that signed plans prescribe, day by day: a remedy names no amount above what a plan has come to."""

from datetime import date

from titration.domain.history import DoseHistory, step_counts
from titration.domain.plan_transitions import LIVE_STATES
from titration.domain.record import PatientRecord, PlanEntry, PlanState
from titration.domain.treatment import closings


def planned_history(record: PatientRecord) -> DoseHistory:
    """None on days without a plan. A plan on hold stays at the step that it has reached, whatever is prescribed since;
    one that is over binds nobody from the next dose change on, and none outlives the treatment.
    """
    signed = [plan for plan in record.plans if plan.signed_at and plan.state is not PlanState.DRAFT]
    live = min((_first(plan) for plan in signed if plan.state in LIVE_STATES), default=None)
    changes: dict[int, int | None] = {
        entry.starts_on.toordinal(): None
        for entry in record.regimens
        if entry.counts and (live is None or entry.starts_on.toordinal() < live)
    }
    for plan in signed:
        changes |= {
            step.starts_on.toordinal(): step.regimen.daily_mcg
            for step in plan.steps
            if step_counts(plan, step.starts_on)
        }
    for closing in closings(record.treatment):
        changes = {day: mcg for day, mcg in changes.items() if not closing.covers(date.fromordinal(day))}
        changes.setdefault(closing.first_on.toordinal(), None)
    return DoseHistory.of(changes.items())


def _first(plan: PlanEntry) -> int:
    return plan.steps[0].starts_on.toordinal()
