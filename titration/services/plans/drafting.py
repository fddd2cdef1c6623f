"""Drafting a plan and signing it.

Signing starts it on its first date; a high or critical finding must be answered first.

A signed plan takes the place of the one that ran: a patient has at most one live plan, and the old one ends where the
new begins.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import Max

from titration.domain.errors import DomainError, PlanImpossible
from titration.domain.guidance import load_guidance
from titration.domain.judging import JudgedPlan, judge_plan
from titration.domain.plan_transitions import LIVE_STATES, RULES, STATE_WORDS, Act, next_state
from titration.domain.plan_versions import began_on
from titration.domain.planning import PlanDraft, request_inputs
from titration.domain.record import PatientRecord, PlanState
from titration.models import Membership, Patient, Plan
from titration.permissions import check_can_draft_plan, check_may
from titration.selectors import patient_record
from titration.selectors.plan_file import live_plans_seal
from titration.services.answers import check_answered
from titration.services.drafts import CriticalAnswer, Key
from titration.services.errors import Conflict
from titration.services.flags import refresh_flags
from titration.services.plans.ending import cut_short_what_was_over
from titration.services.plans.writing import (
    Steps,
    check_makeable,
    check_no_change_among,
    check_start,
    check_steps,
    move_plan,
    store_version,
    tell,
)
from titration.services.prescribed import check_dose
from titration.services.under_treatment import check_under_treatment
from titration.services.writing import journey, locked, today_in

SIGNED_MEANWHILE = (
    "Another plan was signed or changed since this page was shown. Look at what this plan replaces now, then sign."
)
SAVE_AS_ANOTHER = "Look at the plans on file; saved once more, your inputs become a draft of their own."
__all__ = ["check_makeable", "check_no_change_among", "check_start", "draft_plan", "sign_plan"]


@journey("plan.drafted")
def draft_plan(
    *,
    actor: Membership,
    patient: Patient,
    draft: PlanDraft,
    now: datetime,
    replaces: Plan | None = None,
    key: Key | None = None,
) -> Plan:
    """A new plan, or with `replaces` a new version of one that is not signed yet."""
    check_can_draft_plan(actor)
    patient = locked(patient, actor)
    check_under_treatment(patient)
    steps = [(step.starts_on, step.regimen) for step in draft.steps]
    check_steps(steps, not_before=today_in(patient.clinic, now))
    check_dose(draft.request.start)
    if replaces is not None:
        _withdraw_draft(replaces, patient, actor, now)
    plan = store_version(_row(patient, draft, actor=actor, replaces=replaces, now=now), steps)
    tell(plan, "drafted", actor=actor, now=now, detail={"kind": plan.kind, "steps": len(steps)})
    return plan


def _row(patient: Patient, draft: PlanDraft, *, actor: Membership, replaces: Plan | None, now: datetime) -> Plan:
    request = draft.request
    number, version = _next_number(patient, replaces)
    return Plan(
        patient=patient,
        number=number,
        version=version,
        kind=request.kind,
        products=[product.code for product in request.products],
        request=request_inputs(request),
        start_morning_mcg=request.start.morning_mcg,
        start_midday_mcg=request.start.midday_mcg,
        start_evening_mcg=request.start.evening_mcg,
        start_bedtime_mcg=request.start.bedtime_mcg,
        target_mcg=request.target_mcg,
        guidance_version=load_guidance().version,
        drafted_by=actor.user,
        drafted_at=now,
        replaces=replaces,
    )


def _next_number(patient: Patient, replaces: Plan | None) -> tuple[int, int]:
    if replaces is not None:
        versions = Plan.objects.filter(patient=patient, number=replaces.number)
        return replaces.number, (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    return (Plan.objects.filter(patient=patient).aggregate(last=Max("number"))["last"] or 0) + 1, 1


def _withdraw_draft(seen: Plan, patient: Patient, actor: Membership, now: datetime) -> None:
    """The draft as it stands now that the patient is locked, compared with what was seen of it."""
    if seen.patient_id != patient.pk:
        raise PlanImpossible("The draft to draw again is of another patient. Start from this patient's plans.")
    plan = Plan.objects.select_related("patient__clinic").get(pk=seen.pk)
    if plan.state != PlanState.DRAFT:
        became = f"is {STATE_WORDS[PlanState(plan.state)]}" if plan.signed_at else "was drawn again or discarded"
        raise Conflict(f"This draft {became} meanwhile, and nothing of yours is saved yet. {SAVE_AS_ANOTHER}")
    withdrawn = move_plan(plan, Act.REDRAW, state_version=seen.state_version)
    tell(withdrawn, RULES[Act.REDRAW].event, actor=actor, now=now)


@journey("plan.signed")
def sign_plan(
    *,
    actor: Membership,
    plan: Plan,
    state_version: int,
    now: datetime,
    answer: CriticalAnswer | None = None,
    replaces_seen: str | None = None,
    key: Key | None = None,
) -> Plan:
    """replaces_seen: the seal of the plans under way as the page showed them; another one by now is shown first."""
    check_may(actor, Act.SIGN)
    patient = locked(plan.patient, actor)
    next_state(PlanState(plan.state), Act.SIGN)
    if replaces_seen is not None and replaces_seen != live_plans_seal(patient):
        raise DomainError(SIGNED_MEANWHILE)
    check_under_treatment(patient)
    steps = steps_of(plan)
    today = today_in(patient.clinic, now)
    check_steps(steps, not_before=today)
    check_makeable(steps, patient.clinic.products_of(plan.products))
    record = patient_record(patient, now)
    check_start(record, plan.start, steps[0][0])
    check_no_change_among(record, steps)
    judgement = answered(plan, record, steps, answer, today=today)
    _end_live_plan(patient, steps[0][0], actor, now)
    signed = sign_row(
        plan, state_version=state_version, actor=actor, answer=answer if judgement.answers else None, now=now
    )
    tell(signed, RULES[Act.SIGN].event, actor=actor, now=now, detail=signing_detail(signed, judgement, answer))
    refresh_flags(patient=patient, now=now, actor=actor)
    return signed


def steps_of(plan: Plan) -> Steps:
    return [(step.starts_on, step.regimen) for step in plan.steps.order_by("number")]


def answered(
    plan: Plan, record: PatientRecord, steps: Steps, answer: CriticalAnswer | None, *, today: date
) -> JudgedPlan:
    """What the page showed of the steps, judged again: nothing that it asked about is left out here."""
    began = began_on(record.plans, plan.number)
    judgement = judge_plan(record, steps, today=today, guidance=load_guidance(), began_on=began)
    check_answered(judgement.answers, answer, plan.patient.clinic)
    return judgement


def sign_row(
    plan: Plan, *, state_version: int, actor: Membership, answer: CriticalAnswer | None, now: datetime
) -> Plan:
    """Who, when and under which guidance; what was signed is the hash that the version was stored with."""
    return move_plan(
        plan,
        Act.SIGN,
        guidance_version=load_guidance().version,
        state_version=state_version,
        signed_by=actor.user,
        signed_at=now,
        answer_reason=answer.reason if answer else "",
        answer_comment=answer.comment if answer else "",
    )


def signing_detail(signed: Plan, judgement: JudgedPlan, answer: CriticalAnswer | None) -> dict[str, Any]:
    """What the signature binds: the content, the guidance it was judged by, and what that said."""
    bound = {"content_hash": signed.content_hash, "guidance": signed.guidance_version}
    findings = [f"{finding.code} {finding.severity.label}" for finding in judgement.findings]
    return {**bound, "findings": findings, "answer": answer.reason if answer else ""}


def _end_live_plan(patient: Patient, first_step_on: date, actor: Membership, now: datetime) -> None:
    for live in Plan.objects.filter(patient=patient, state__in=LIVE_STATES).select_related("patient__clinic"):
        replaced = move_plan(live, Act.REPLACE, state_version=live.state_version, ended_on=first_step_on)
        tell(replaced, RULES[Act.REPLACE].event, actor=actor, now=now)
    cut_short_what_was_over(patient, first_step_on, actor=actor, now=now)
