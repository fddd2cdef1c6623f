"""Following a signed plan: hold, resume, step back, stop, confirm a step.

A step never moves: what is re-dated becomes a new version, shown first and signed by the act itself; the old version
ends where the new begins. Nothing is re-dated until someone chooses.
"""

from datetime import date, datetime, timedelta

from titration.domain.errors import DomainError
from titration.domain.guidance import load_guidance
from titration.domain.plan_versions import begun_steps, held_by_change
from titration.domain.record import PlanState
from titration.models import Membership, Patient, Plan, PlanEvent, PlanStep
from titration.permissions import Action, check_can, check_can_sign_plan
from titration.selectors import patient_record
from titration.services.drafts import CriticalAnswer
from titration.services.flags import refresh_flags
from titration.services.plans.drafting import answered, sign_row, signing_detail
from titration.services.plans.writing import (
    Steps,
    check_no_change_among,
    check_state,
    check_steps,
    move_plan,
    store_version,
    tell,
)
from titration.services.writing import journey, locked, moved, today_in

_LIVE = (PlanState.RUNNING.value, PlanState.HELD.value)


@journey("plan.held")
def hold_plan(*, actor: Membership, plan: Plan, reason: str, state_version: int, now: datetime) -> Plan:
    """Held from today; a step that began today has begun, so then from tomorrow."""
    check_can_sign_plan(actor)
    patient = locked(plan.patient, actor)
    check_state(plan, [PlanState.RUNNING], "held")
    today = today_in(patient.clinic, now)
    begun_today = plan.steps.filter(starts_on=today).exists()
    held_on = today + timedelta(days=1) if begun_today else today
    held = move_plan(plan, to=PlanState.HELD, state_version=state_version, held_on=held_on)
    tell(held, "held", actor=actor, now=now, reason=reason, detail={"held_on": held_on.isoformat()})
    refresh_flags(patient=patient, now=now, actor=actor)
    return held


def hold_for_dose_change(*, patient: Patient, starts_on: date, actor: Membership, now: datetime) -> None:
    """An unplanned regimen change holds the live plan from its date, in the caller's transaction."""
    for plan in Plan.objects.filter(patient=patient, state__in=_LIVE).select_related("patient__clinic"):
        held_on = held_by_change(plan.state, plan.held_on, starts_on)
        if held_on is None:
            continue
        held = move_plan(plan, to=PlanState.HELD, state_version=plan.state_version, held_on=held_on)
        detail = {"held_on": held_on.isoformat(), "cause": "dose_change"}
        tell(held, "held", actor=actor, now=now, reason="Held by an unplanned dose change.", detail=detail)
    _end_what_was_replaced(patient, starts_on)


def _end_what_was_replaced(patient: Patient, starts_on: date) -> None:
    """Steps of a replaced plan that were still to come until its successor begins would undo the change."""
    for plan in Plan.objects.filter(patient=patient, state=PlanState.REPLACED, ended_on__gt=starts_on):
        move_plan(plan, to=PlanState.REPLACED, state_version=plan.state_version, ended_on=starts_on)


@journey("plan.resumed")
def resume_plan(
    *,
    actor: Membership,
    plan: Plan,
    steps: Steps,
    state_version: int,
    now: datetime,
    answer: CriticalAnswer | None = None,
    reason: str = "",
) -> Plan:
    """Go on with the steps as re-dated and shown; also how a running plan is slowed down."""
    return _continue(
        actor=actor,
        plan=plan,
        steps=steps,
        state_version=state_version,
        now=now,
        answer=answer,
        reason=reason,
        kind="resumed",
    )


@journey("plan.stepped_back")
def step_back(
    *,
    actor: Membership,
    plan: Plan,
    steps: Steps,
    reason: str,
    state_version: int,
    now: datetime,
    answer: CriticalAnswer | None = None,
) -> Plan:
    """Back to an earlier step, with the later steps re-dated and shown first.

    The step under way is marked as stepped back.
    """
    new = _continue(
        actor=actor,
        plan=plan,
        steps=steps,
        state_version=state_version,
        now=now,
        answer=answer,
        reason=reason,
        kind="stepped_back",
    )
    _mark_step_under_way(plan, "stepped_back", now)
    return new


def _mark_step_under_way(plan: Plan, state: str, now: datetime) -> None:
    begun = begun_steps(plan, plan.steps.order_by("number"), today_in(plan.patient.clinic, now))
    if begun:
        PlanStep.objects.filter(pk=begun[-1].pk).update(state=state)


def _continue(
    *,
    actor: Membership,
    plan: Plan,
    steps: Steps,
    state_version: int,
    now: datetime,
    answer: CriticalAnswer | None,
    reason: str,
    kind: str,
) -> Plan:
    check_can_sign_plan(actor)
    patient = locked(plan.patient, actor)
    check_state(plan, _LIVE, "continued")
    today = today_in(patient.clinic, now)
    check_steps(steps, not_before=today)
    record = patient_record(patient, now)
    check_no_change_among(record, steps)
    judgement = answered(plan, record, steps, answer, today=today)
    ended_on = min(steps[0][0], today + timedelta(days=1))
    old = move_plan(plan, to=PlanState.REPLACED, state_version=state_version, ended_on=ended_on)
    tell(old, "replaced", actor=actor, now=now, reason=reason)
    new = store_version(_next_version(old, actor, now), steps)
    signed = sign_row(
        new, state_version=new.state_version, actor=actor, answer=answer if judgement.answers else None, now=now
    )
    tell(signed, kind, actor=actor, now=now, reason=reason, detail=signing_detail(judgement, answer))
    refresh_flags(patient=patient, now=now, actor=actor)
    return signed


def _next_version(old: Plan, actor: Membership, now: datetime) -> Plan:
    return Plan(
        patient=old.patient,
        number=old.number,
        version=old.version + 1,
        kind=old.kind,
        products=old.products,
        request=old.request,
        start_morning_mcg=old.start_morning_mcg,
        start_midday_mcg=old.start_midday_mcg,
        start_evening_mcg=old.start_evening_mcg,
        start_bedtime_mcg=old.start_bedtime_mcg,
        target_mcg=old.target_mcg,
        guidance_version=load_guidance().version,
        drafted_by=actor.user,
        drafted_at=now,
        replaces=old,
    )


@journey("plan.stopped")
def stop_plan(*, actor: Membership, plan: Plan, reason: str, state_version: int, now: datetime) -> Plan:
    """No further step counts.

    What was last begun goes on as prescribed until the next regimen change. A draft is discarded the same way.
    """
    (check_can_sign_plan if plan.state != PlanState.DRAFT else _check_can_discard)(actor)
    patient = locked(plan.patient, actor)
    check_state(plan, [PlanState.DRAFT, *_LIVE], "stopped")
    if not reason.strip():
        raise DomainError("Say why the plan is stopped.")
    ended_on = today_in(patient.clinic, now) + timedelta(days=1)
    stopped = move_plan(plan, to=PlanState.STOPPED, state_version=state_version, ended_on=ended_on)
    tell(stopped, "stopped", actor=actor, now=now, reason=reason)
    refresh_flags(patient=patient, now=now, actor=actor)
    return stopped


def _check_can_discard(actor: Membership) -> None:
    check_can(actor, Action.DRAFT_PLAN)


@journey("plan.step_confirmed")
def confirm_step(*, actor: Membership, step: PlanStep, now: datetime) -> PlanStep:
    """Someone has heard that the step was begun. Earlier steps that were under way are done.

    The same person's second click finds it confirmed. What was seen of the plan may be old by now: it is read anew.
    """
    check_can(actor, Action.CONFIRM_STEP)
    patient = locked(step.plan.patient, actor)
    step = PlanStep.objects.select_related("plan__patient__clinic").get(pk=step.pk)
    plan = step.plan
    if step.state == "started" and _has_confirmed(actor, step):
        return step
    check_state(plan, [PlanState.RUNNING], "confirmed")
    if step.starts_on > today_in(patient.clinic, now):
        raise DomainError("This step has not begun yet.")
    waiting = PlanStep.objects.filter(pk=step.pk, state="planned", plan__state=PlanState.RUNNING)
    moved(waiting, state="started")
    plan.steps.filter(number__lt=step.number, state__in=["planned", "started"]).update(state="done")
    tell(plan, "step_confirmed", actor=actor, now=now, detail={"step": step.number})
    return PlanStep.objects.get(pk=step.pk)


def _has_confirmed(actor: Membership, step: PlanStep) -> bool:
    own = PlanEvent.objects.filter(plan=step.plan, kind="step_confirmed", by=actor.user)
    return own.filter(detail__step=step.number).exists()


def complete_finished_plan(*, patient: Patient, now: datetime) -> Plan | None:
    """A running plan is complete on the day after its last step began; the caller holds the transaction."""
    running = Plan.objects.filter(patient=patient, state=PlanState.RUNNING).select_related("patient__clinic").first()
    if running is None or running.steps.filter(starts_on__gte=today_in(patient.clinic, now)).exists():
        return None
    completed = move_plan(running, to=PlanState.COMPLETED, state_version=running.state_version)
    running.steps.filter(state__in=["planned", "started"]).update(state="done")
    tell(completed, "completed", actor=None, now=now)
    return completed
