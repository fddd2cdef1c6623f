"""Somebody has heard that a step was begun as planned; and a plan whose steps have all begun is complete.

Nothing is confirmed by the clock, nor by a later step: what nobody spoke of stays unconfirmed. While a difference
between planned and taken stands, no step is confirmed.
"""

from datetime import date, datetime

from titration.domain.confirming import check_settled
from titration.domain.days import show_full_day
from titration.domain.errors import DomainError
from titration.domain.history import step_counts
from titration.domain.plan_transitions import RULES, TOLD_STATES, Act, StepAct, StepState, next_state, next_step_state
from titration.domain.record import PlanState
from titration.models import Membership, Patient, Plan, PlanEvent, PlanStep
from titration.permissions import check_may
from titration.selectors import patient_record
from titration.services.errors import Conflict
from titration.services.plans.writing import move_plan, tell, turn_steps
from titration.services.writing import journey, locked, moved, today_in

NOT_BEGUN = "This step has not begun yet."
NEVER_BEGAN = "This step never began: the plan was changed before its day. Look at the plan as it is now."


@journey("plan.step_confirmed")
def confirm_step(*, actor: Membership, step: PlanStep, now: datetime) -> PlanStep:
    """Taken as planned. Earlier steps that somebody spoke of are done.

    The same person's second click finds it confirmed. What was seen of the plan may be old by now: it is read anew.
    """
    check_may(actor, Act.CONFIRM)
    patient = locked(step.plan.patient, actor)
    step = PlanStep.objects.select_related("plan__patient__clinic").get(pk=step.pk)
    plan, today = step.plan, today_in(patient.clinic, now)
    if (earlier := _confirmation(step)) is not None:
        return _found_confirmed(step, earlier, actor)
    next_state(PlanState(plan.state), Act.CONFIRM)
    _check_has_begun(step, today)
    state = next_step_state(StepState(step.state), StepAct.CONFIRM)
    check_settled(patient_record(patient, now), plan.number, today)
    moved(PlanStep.objects.filter(pk=step.pk, state=step.state, plan__state=plan.state), state=state)
    _close_earlier(plan, today)
    tell(plan, RULES[Act.CONFIRM].event, actor=actor, now=now, detail={"step": step.number})
    return PlanStep.objects.get(pk=step.pk)


def _confirmation(step: PlanStep) -> PlanEvent | None:
    if step.state not in TOLD_STATES:
        return None
    events = PlanEvent.objects.filter(plan=step.plan, kind=RULES[Act.CONFIRM].event, detail__step=step.number)
    return events.select_related("by").last()


def _found_confirmed(step: PlanStep, earlier: PlanEvent, actor: Membership) -> PlanStep:
    if earlier.by_id == actor.user_id:
        return step
    at = earlier.at.astimezone(step.plan.patient.clinic.zone)
    raise Conflict(f"{earlier.by} confirmed this step on {show_full_day(at.date())}, {at:%H:%M}.")


def _check_has_begun(step: PlanStep, today: date) -> None:
    if step.starts_on > today:
        raise DomainError(NOT_BEGUN)
    if step.state != StepState.HELD and not step_counts(step.plan, step.starts_on):
        raise DomainError(NEVER_BEGAN)


def _close_earlier(plan: Plan, today: date) -> None:
    """Of all versions: what was confirmed before the last confirmed step is done."""
    steps = PlanStep.objects.filter(plan__patient=plan.patient, plan__number=plan.number, starts_on__lte=today)
    last = steps.filter(state=StepState.STARTED).order_by("-starts_on").first()
    if last is not None:
        turn_steps(steps.filter(starts_on__lt=last.starts_on), StepAct.CLOSE, StepState.DONE)


def complete_finished_plan(*, patient: Patient, now: datetime) -> Plan | None:
    """A running plan is complete on the day after its last step began; the caller holds the transaction.

    Steps that nobody confirmed stay as they are.
    """
    running = Plan.objects.filter(patient=patient, state=PlanState.RUNNING).select_related("patient__clinic").first()
    if running is None or running.steps.filter(starts_on__gte=today_in(patient.clinic, now)).exists():
        return None
    completed = move_plan(running, Act.COMPLETE, state_version=running.state_version)
    turn_steps(completed.steps.all(), StepAct.CLOSE, StepState.DONE)
    tell(completed, RULES[Act.COMPLETE].event, actor=None, now=now)
    return completed
