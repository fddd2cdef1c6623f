"""The end of plans: stopped, ended with the treatment, and what a replaced plan still had to come.

A plan that another one replaces goes on until that one begins. Whatever stops, holds or overtakes the new one before
then ends the old one's steps too: none of them may begin afterwards as if nothing had happened.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from titration.domain.plan_transitions import LIVE_STATES, RULES, Act, StepAct, StepState, next_state, states_for
from titration.domain.record import PlanState
from titration.models import Membership, Patient, Plan
from titration.permissions import check_may
from titration.services.drafts import Key
from titration.services.flags import refresh_flags
from titration.services.plans.writing import check_why, move_plan, tell, turn_steps
from titration.services.writing import journey, locked, moved, today_in

CUT_SHORT = "cut_short"
REOPENED = "Held: the end of the treatment that stopped it was entered in error. What had begun by then counts again."


@journey("plan.stopped")
def stop_plan(
    *, actor: Membership, plan: Plan, reason: str, state_version: int, now: datetime, key: Key | None = None
) -> Plan:
    """No further step counts.

    What was last begun goes on as prescribed until the next regimen change. A draft is discarded the same way.
    """
    act = Act.DISCARD if plan.state == PlanState.DRAFT else Act.STOP
    check_may(actor, act)
    patient = locked(plan.patient, actor)
    next_state(PlanState(plan.state), act)
    check_why(reason)
    stopped = _stopped(plan, act, reason=reason, state_version=state_version, actor=actor, now=now)
    if act is Act.STOP:
        cut_short_what_was_replaced(patient, _tomorrow(patient, now), actor=actor, now=now)
    refresh_flags(patient=patient, now=now, actor=actor)
    return stopped


def stop_with_treatment(*, patient: Patient, reason: str, actor: Membership, now: datetime) -> list[Plan]:
    """Whatever is drafted or under way ends with the treatment, in the caller's transaction."""
    open_plans = Plan.objects.filter(patient=patient, state__in=states_for(Act.END_TREATMENT))
    stopped = [
        _stopped(plan, Act.END_TREATMENT, reason=reason, state_version=plan.state_version, actor=actor, now=now)
        for plan in open_plans.select_related("patient__clinic")
    ]
    cut_short_what_was_replaced(patient, _tomorrow(patient, now), actor=actor, now=now)
    return stopped


def reopen_with_treatment(
    *, patient: Patient, ended_at: Sequence[datetime], actor: Membership, now: datetime
) -> Plan | None:
    """The plan that the end of a treatment stopped, where that was an error: what had begun counts again, and it stays
    held from the day after it was stopped until somebody resumes it. Nothing where another plan is under way by now.
    ended_at: when the end was told, also as it was said before.
    """
    if Plan.objects.filter(patient=patient, state__in=LIVE_STATES).exists():
        return None
    stopped = Plan.objects.filter(
        patient=patient, state=PlanState.STOPPED, signed_at__isnull=False,
        events__kind=RULES[Act.END_TREATMENT].event, events__at__in=ended_at,
    )  # fmt: skip
    plan = stopped.select_related("patient__clinic").order_by("-number", "-version").first()
    if plan is None:
        return None
    held_on = min(day for day in (plan.held_on, plan.ended_on) if day is not None)
    held = move_plan(plan, Act.REOPEN, state_version=plan.state_version, held_on=held_on, ended_on=None)
    turn_steps(held.steps.filter(starts_on__gte=held_on), StepAct.HOLD, StepState.HELD)
    detail = {"held_on": held_on.isoformat(), "cause": "correction"}
    tell(held, RULES[Act.REOPEN].event, actor=actor, now=now, reason=REOPENED, detail=detail)
    return held


def _stopped(plan: Plan, act: Act, *, reason: str, state_version: int, actor: Membership, now: datetime) -> Plan:
    stopped = move_plan(plan, act, state_version=state_version, ended_on=_tomorrow(plan.patient, now))
    tell(stopped, RULES[act].event, actor=actor, now=now, reason=reason)
    return stopped


def cut_short_what_was_replaced(patient: Patient, from_on: date, *, actor: Membership, now: datetime) -> None:
    """No step of a replaced plan begins from a day on, in the caller's transaction."""
    replaced = Plan.objects.filter(patient=patient, state=PlanState.REPLACED, ended_on__gt=from_on)
    _cut_short(replaced, from_on, actor=actor, now=now)


def cut_short_what_was_over(patient: Patient, from_on: date, *, actor: Membership, now: datetime) -> None:
    """The same beside a dose change or a plan from that day on, also of plans that were stopped or complete by then."""
    cut_short_over(Plan.objects.filter(patient=patient), from_on, actor=actor, now=now)


def cut_short_over(plans: QuerySet[Plan], from_on: date, *, actor: Membership, now: datetime) -> None:
    """Of these plans, in the caller's transaction."""
    _cut_short(plans.filter(state=PlanState.REPLACED, ended_on__gt=from_on), from_on, actor=actor, now=now)
    later = Q(ended_on=None) | Q(ended_on__gt=from_on)
    over = Q(state=PlanState.STOPPED) | Q(state=PlanState.COMPLETED, steps__starts_on__gte=from_on)
    signed = plans.filter(over, later, signed_at__isnull=False)
    _cut_short(signed.distinct(), from_on, actor=actor, now=now)


def _cut_short(plans: QuerySet[Plan], from_on: date, *, actor: Membership, now: datetime) -> None:
    for plan in plans.select_related("patient__clinic"):
        seen = Plan.objects.filter(pk=plan.pk, state_version=plan.state_version)
        moved(seen, ended_on=from_on, state_version=plan.state_version + 1)
        tell(plan, CUT_SHORT, actor=actor, now=now, detail={"ended_on": from_on.isoformat()})


def _tomorrow(patient: Patient, now: datetime) -> date:
    """What began today has begun."""
    return today_in(patient.clinic, now) + timedelta(days=1)
