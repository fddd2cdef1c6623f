"""Following a signed plan: hold, resume, slow down, step back, skip a step.

A step never moves: what is re-dated becomes a new version, shown first and signed by the act itself; the old version
ends where the new begins. Nothing is re-dated until someone chooses. In which state an act stands is in the domain's
table.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from titration.domain.guidance import load_guidance
from titration.domain.judging import JudgedPlan
from titration.domain.plan_holds import counting_days, held_from, held_without
from titration.domain.plan_transitions import (
    LIVE_STATES,
    RULES,
    Act,
    StepAct,
    StepState,
    next_state,
    next_step_state,
)
from titration.domain.plan_versions import (
    as_redated,
    begun_steps,
    ends_where_redated,
    goes_on_from_another_dose,
    held_by_change,
    left_of_replaced,
)
from titration.domain.record import PatientRecord, PlanState
from titration.domain.replanning import check_hold, earliest_hold_among
from titration.models import Membership, Patient, Plan, PlanStep
from titration.permissions import check_may
from titration.selectors import patient_record
from titration.selectors.plan_file import held_by_dose_change
from titration.services.drafts import CriticalAnswer, Key
from titration.services.flags import refresh_flags
from titration.services.plans.drafting import answered, sign_row, signing_detail
from titration.services.plans.ending import cut_short_over, cut_short_what_was_over, cut_short_what_was_replaced
from titration.services.plans.writing import (
    Steps,
    check_makeable,
    check_no_change_among,
    check_no_change_before,
    check_steps,
    check_why,
    move_plan,
    store_version,
    tell,
    turn_steps,
)
from titration.services.writing import journey, locked, today_in

HELD_BY_CHANGE = "Held by an unplanned dose change."
HELD_BY_CORRECTION = "Held: the dose that its next step goes on from was corrected."
STILL_HELD = "Still held: the dose change that held it was entered in error. What had begun by then counts again."


@journey("plan.held")
def hold_plan(
    *,
    actor: Membership,
    plan: Plan,
    reason: str,
    state_version: int,
    now: datetime,
    held_on: date | None = None,
    key: Key | None = None,
) -> Plan:
    """Held from a day on, which may lie ahead; without one from today, or from tomorrow where a step begins today."""
    check_may(actor, Act.HOLD)
    patient = locked(plan.patient, actor)
    next_state(PlanState(plan.state), Act.HOLD)
    check_why(reason)
    today, days = today_in(patient.clinic, now), list(plan.steps.values_list("starts_on", flat=True))
    days += [step.starts_on for _, step in left_of_replaced(patient_record(patient, now).plans, today)]
    held_on = held_on or earliest_hold_among(days, today)
    check_hold(plan, days, held_on=held_on, today=today)
    held = move_plan(plan, Act.HOLD, state_version=state_version, held_on=held_on)
    _hold_steps(held, held_on)
    cut_short_what_was_replaced(patient, held_on, actor=actor, now=now)
    tell(held, RULES[Act.HOLD].event, actor=actor, now=now, reason=reason, detail={"held_on": held_on.isoformat()})
    refresh_flags(patient=patient, now=now, actor=actor)
    return held


def _hold_steps(plan: Plan, held_on: date) -> None:
    turn_steps(plan.steps.filter(starts_on__gte=held_on), StepAct.HOLD, StepState.HELD)


def hold_for_dose_change(*, patient: Patient, starts_on: date, actor: Membership, now: datetime) -> None:
    """An unplanned regimen change holds the live plan from its date, in the caller's transaction; one for the time
    before a plan that has begun holds that from tomorrow, a late one for a plan still to begin from today.
    """
    plans = Plan.objects.filter(patient=patient)
    days = held_from(patient_record(patient, now), starts_on, today_in(patient.clinic, now))
    for from_on in sorted(set(days.values())):
        some = plans.filter(number__in=[number for number, day in days.items() if day == from_on])
        _hold_live(some, from_on, cause="dose_change", why=HELD_BY_CHANGE, actor=actor, now=now)
        cut_short_over(some, from_on, actor=actor, now=now)


def hold_for_correction(*, before: PatientRecord, patient: Patient, actor: Membership, now: datetime) -> None:
    """Prescribed doses were corrected, or added to the past: where the next step would now go on from another dose
    than before, no step begins until somebody has looked, in the caller's transaction. A plan that an error held stays
    held, but what had begun of it counts again.
    """
    today, after = today_in(patient.clinic, now), patient_record(patient, now)
    _release_what_had_begun(before, after, patient=patient, actor=actor, now=now)
    if goes_on_from_another_dose(before, after, today):
        tomorrow = today + timedelta(days=1)
        plans = Plan.objects.filter(patient=patient)
        _hold_live(plans, tomorrow, cause="correction", why=HELD_BY_CORRECTION, actor=actor, now=now)
        cut_short_what_was_replaced(patient, tomorrow, actor=actor, now=now)


def _release_what_had_begun(
    before: PatientRecord, after: PatientRecord, *, patient: Patient, actor: Membership, now: datetime
) -> None:
    found = held_by_dose_change(patient)
    held_on = held_without(found[1], before, after) if found else None
    if found is None or held_on is None:
        return
    plan = found[0]
    held = move_plan(plan, Act.HOLD_FOR_CHANGE, state_version=plan.state_version, held_on=held_on)
    turn_steps(held.steps.filter(starts_on__lt=held_on), StepAct.RELEASE, StepState.PLANNED)
    cause = "dose_change" if held_on in counting_days(after) else "correction"
    detail = {"held_on": held_on.isoformat(), "cause": cause}
    tell(held, RULES[Act.HOLD_FOR_CHANGE].event, actor=actor, now=now, reason=STILL_HELD, detail=detail)


def _hold_live(plans: QuerySet[Plan], from_on: date, *, cause: str, why: str, actor: Membership, now: datetime) -> None:
    for plan in plans.filter(state__in=LIVE_STATES).select_related("patient__clinic"):
        held_on = held_by_change(plan.state, plan.held_on, from_on)
        if held_on is None:
            continue
        held = move_plan(plan, Act.HOLD_FOR_CHANGE, state_version=plan.state_version, held_on=held_on)
        _hold_steps(held, held_on)
        detail = {"held_on": held_on.isoformat(), "cause": cause}
        tell(held, RULES[Act.HOLD_FOR_CHANGE].event, actor=actor, now=now, reason=why, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """How a plan goes on: the steps as they were shown, why, the state_version that was seen, and the answer to their
    findings.
    """

    steps: Steps
    reason: str
    state_version: int
    answer: CriticalAnswer | None = None


@journey("plan.resumed")
def resume_plan(
    *, actor: Membership, plan: Plan, continuation: Continuation, now: datetime, key: Key | None = None
) -> Plan:
    """Go on after a hold with the steps as re-dated and shown."""
    return _continue(Act.RESUME, actor=actor, plan=plan, continuation=continuation, now=now)


@journey("plan.slowed_down")
def slow_plan_down(
    *, actor: Membership, plan: Plan, continuation: Continuation, now: datetime, key: Key | None = None
) -> Plan:
    """The steps to come later, or with longer gaps, as shown."""
    return _continue(Act.SLOW_DOWN, actor=actor, plan=plan, continuation=continuation, now=now)


@journey("plan.stepped_back")
def step_back(
    *, actor: Membership, plan: Plan, continuation: Continuation, now: datetime, key: Key | None = None
) -> Plan:
    """Back to the step before; the step under way is marked as stepped back."""
    new = _continue(Act.STEP_BACK, actor=actor, plan=plan, continuation=continuation, now=now)
    begun = begun_steps(plan, plan.steps.order_by("number"), today_in(plan.patient.clinic, now))
    for step in begun[-1:]:
        _turn_step(step, StepAct.STEP_BACK)
    return new


@journey("plan.skipped")
def skip_step(
    *, actor: Membership, plan: Plan, number: int, continuation: Continuation, now: datetime, key: Key | None = None
) -> Plan:
    """The steps to come without the numbered one, as shown; the one left out is marked as skipped."""
    new = _continue(Act.SKIP, actor=actor, plan=plan, continuation=continuation, now=now, told={"step": number})
    _turn_step(plan.steps.get(number=number), StepAct.SKIP)
    return new


def _turn_step(step: PlanStep, act: StepAct) -> None:
    state = next_step_state(StepState(step.state), act)
    PlanStep.objects.filter(pk=step.pk).update(state=state)


def _continue(
    act: Act,
    *,
    actor: Membership,
    plan: Plan,
    continuation: Continuation,
    now: datetime,
    told: dict[str, Any] | None = None,
) -> Plan:
    """The version that ran is replaced, and the new one is signed by the same act."""
    steps, reason, answer = continuation.steps, continuation.reason, continuation.answer
    check_may(actor, act)
    patient = locked(plan.patient, actor)
    next_state(PlanState(plan.state), act)
    check_why(reason)
    today = today_in(patient.clinic, now)
    judgement = _judged(plan, patient_record(patient, now), steps, answer, today)
    ended_on = ends_where_redated(steps[0][0], today)
    old = move_plan(plan, act, state_version=continuation.state_version, ended_on=ended_on)
    tell(old, RULES[Act.REPLACE].event, actor=actor, now=now, reason=reason)
    cut_short_what_was_over(patient, steps[0][0], actor=actor, now=now)
    new = store_version(_next_version(old, actor, now), steps)
    kept = answer if judgement.answers else None
    signed = sign_row(new, state_version=new.state_version, actor=actor, answer=kept, now=now)
    detail = {**signing_detail(signed, judgement, answer), **(told or {})}
    tell(signed, RULES[act].event, actor=actor, now=now, reason=reason, detail=detail)
    refresh_flags(patient=patient, now=now, actor=actor)
    return signed


def _judged(plan: Plan, record: PatientRecord, steps: Steps, answer: CriticalAnswer | None, today: date) -> JudgedPlan:
    """The steps as they would be signed: in order, of the plan's products, around no dose change, their findings
    answered.
    """
    check_steps(steps, not_before=today)
    check_makeable(steps, plan.patient.clinic.products_of(plan.products))
    check_no_change_among(record, steps)
    check_no_change_before(record, steps, today)
    redated = as_redated(record, plan.number, steps[0][0], today)
    return answered(plan, redated, steps, answer, today=today)


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
