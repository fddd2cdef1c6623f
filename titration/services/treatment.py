"""Where the treatment stands: ended, handed over, ended by a death, or under treatment again.

An end is an order, judged as the stop that it is, on the same road before saving and while saving. Each change is an
entry; the patient's column of where it stands moves with it, by compare-and-set.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from titration.domain.ending import (
    check_nothing_comes_back,
    check_nothing_later,
    is_prescribed_from,
    last_dose_on_file,
    with_change,
)
from titration.domain.entries import TreatmentEntry, TreatmentState
from titration.domain.errors import DomainError
from titration.domain.plan_transitions import LIVE_STATES
from titration.domain.record import EntryStatus, PatientRecord
from titration.domain.treatment import standing_changes, stands
from titration.models import Membership, Patient, TreatmentChange, TreatmentStatus
from titration.permissions import Action, check_can
from titration.selectors import patient_record
from titration.services.acceptance import accept_answered
from titration.services.answers import check_answered
from titration.services.audit import record_event
from titration.services.doses import DoseJudgement, judge_proposal
from titration.services.drafts import CriticalAnswer, Key, TreatmentDraft
from titration.services.entries import supersede
from titration.services.flags import refresh_flags
from titration.services.plans.ending import stop_with_treatment
from titration.services.reports import check_past_day
from titration.services.writing import journey, locked, moved, store, today_in

_ONE_DAY = timedelta(days=1)
WHY_STOP = "A plan is under way and would be stopped with the treatment. Say why in a few words."
ENDED_DRAFT = "The treatment ended before it was signed."
_DECISIONS = (TreatmentState.ENDED, TreatmentState.MOVED)
_ASK_DAY = {
    TreatmentState.ENDED: "Write the last day on which a dose was taken.",
    TreatmentState.MOVED: "Write the first day on which somebody else prescribes.",
    TreatmentState.DIED: "Write the date of death.",
    TreatmentState.UNDER_TREATMENT: "Write from which day the patient is under treatment again.",
}
SUPERSEDED = "A later entry says it otherwise."


def proposed_entry(draft: TreatmentDraft, *, today: date, now: datetime) -> TreatmentEntry:
    """The change as the record would hold it. now: aware, in the clinic's zone."""
    return TreatmentEntry(
        id="proposed",
        recorded_at=now,
        recorded_by="",
        kind=draft.kind,
        starts_on=_starts_on(draft, today),
        last_mcg=draft.last_mcg if draft.kind is TreatmentState.ENDED else None,
        handed_to=draft.handed_to.strip() if draft.kind is TreatmentState.MOVED else "",
        note=draft.why,
    )


def _starts_on(draft: TreatmentDraft, today: date) -> date:
    if draft.on is None:
        return today
    return draft.on + _ONE_DAY if draft.kind is TreatmentState.ENDED else draft.on


def judge_change(record: PatientRecord, draft: TreatmentDraft, *, today: date, now: datetime) -> DoseJudgement:
    """As of its first day, a past one as of now. Only an end is an order; nothing else asks for an answer."""
    entry = proposed_entry(draft, today=today, now=now)
    proposed = with_change(record, entry, today)
    judged = judge_proposal(record, proposed, starts_on=entry.starts_on, today=today, now=now)
    return judged if draft.kind is TreatmentState.ENDED else replace(judged, answers=())


@journey("treatment.changed")
def change_treatment(
    *,
    actor: Membership,
    patient: Patient,
    draft: TreatmentDraft,
    now: datetime,
    version: int | None = None,
    answer: CriticalAnswer | None = None,
    key: Key | None = None,
) -> TreatmentChange:
    """version: the treatment_version that was seen."""
    check_can(actor, Action.CHANGE_PATIENT)
    patient = locked(patient, actor)
    record, today = patient_record(patient, now), today_in(patient.clinic, now)
    check_may_change(actor, record, draft, today=today)
    check_change(patient, record, draft, now=now)
    judgement = judge_change(record, draft, today=today, now=now.astimezone(patient.clinic.zone))
    check_answered(judgement.answers, answer, patient.clinic)
    row = _row(patient, draft, answer if judgement.answers else None, actor=actor, now=now)
    _move_status(patient, row.kind, patient.treatment_version if version is None else version)
    _store_in_its_place(row)
    _tell(row, judgement, actor, now)
    if row.kind != TreatmentStatus.UNDER_TREATMENT:
        stop_with_treatment(patient=patient, reason=draft.why.strip() or ENDED_DRAFT, actor=actor, now=now)
    refresh_flags(patient=patient, now=now, actor=actor)
    if answer is not None:
        accept_answered(patient=patient, findings=judgement.answers, answer=answer, actor=actor, now=now)
    return row


def check_may_change(actor: Membership, record: PatientRecord, draft: TreatmentDraft, *, today: date) -> None:
    if takes_clinician(record, draft.kind, _starts_on(draft, today)):
        check_can(actor, Action.END_TREATMENT)


def takes_clinician(record: PatientRecord, kind: TreatmentState, starts_on: date) -> bool:
    """A death is a fact that anybody records. To end a treatment orders the doses to stop; to hand one over with its
    plan is a decision too.
    """
    if any(plan.state in LIVE_STATES for plan in record.plans) and kind in _DECISIONS:
        return True
    return kind is TreatmentState.ENDED and is_prescribed_from(record, starts_on)


def check_change(patient: Patient, record: PatientRecord, draft: TreatmentDraft, *, now: datetime) -> None:
    """Raises DomainError with what to write instead."""
    _check_kind(patient, record, draft)
    _check_day(patient, record, draft, now)
    if draft.kind is TreatmentState.MOVED and not draft.handed_to.strip():
        raise DomainError("Write to whom the treatment was handed over.", about="handed_to")
    if draft.on is not None:
        check_nothing_later(record, draft.kind, draft.on)
    if draft.kind is TreatmentState.UNDER_TREATMENT:
        check_nothing_comes_back(record, proposed_entry(draft, today=today_in(patient.clinic, now), now=now))
    has_plan = any(plan.state in LIVE_STATES for plan in record.plans)
    if has_plan and draft.kind is not TreatmentState.UNDER_TREATMENT and not draft.why.strip():
        raise DomainError(WHY_STOP, about="why")


def _check_kind(patient: Patient, record: PatientRecord, draft: TreatmentDraft) -> None:
    status = TreatmentState(patient.treatment_status)
    if draft.kind is status is TreatmentState.UNDER_TREATMENT and stands(record.treatment) is None:
        raise DomainError("This patient is under treatment already.", about="kind")
    if status is TreatmentState.DIED and draft.kind is not TreatmentState.DIED:
        raise DomainError(
            "This patient has died. Where that was entered in error, correct it in the time line.", about="kind"
        )


def _check_day(patient: Patient, record: PatientRecord, draft: TreatmentDraft, now: datetime) -> None:
    today = today_in(patient.clinic, now)
    on_file = last_dose_on_file(record, today)
    if draft.on is None and (draft.kind is not TreatmentState.ENDED or on_file is not None):
        raise DomainError(_ASK_DAY[draft.kind], about="on")
    if draft.kind is TreatmentState.ENDED and draft.on is not None and not draft.last_mcg:
        raise DomainError("Write how much was taken on the last day with a dose: more than 0.", about="last_mcg")
    check_past_day(draft.on, patient, now, about="on")
    _check_after_the_last_change(record, draft, today)


def _check_after_the_last_change(record: PatientRecord, draft: TreatmentDraft, today: date) -> None:
    """One of the same kind that stands is said otherwise: then the one before it counts."""
    changes = standing_changes(record.treatment)
    if changes and changes[-1].kind is draft.kind:
        changes.pop()
    if not changes:
        return
    last = changes[-1]
    earliest = last.starts_on - _ONE_DAY if draft.kind is TreatmentState.DIED else last.starts_on
    if _starts_on(draft, today) < earliest:
        raise DomainError(
            "This is before the change that stands. Correct that one in the time line, or choose a later day.",
            about="on",
        )


def _row(
    patient: Patient, draft: TreatmentDraft, answer: CriticalAnswer | None, *, actor: Membership, now: datetime
) -> TreatmentChange:
    entry = proposed_entry(draft, today=today_in(patient.clinic, now), now=now)
    return TreatmentChange(
        patient=patient,
        kind=entry.kind.value,
        starts_on=entry.starts_on,
        last_mcg=entry.last_mcg,
        handed_to=entry.handed_to,
        note=draft.why,
        recorded_by=actor.user,
        recorded_at=now,
        answer_reason=answer.reason if answer else "",
        answer_comment=answer.comment if answer else "",
    )


def _store_in_its_place(row: TreatmentChange) -> None:
    """One of the same kind that stands is superseded: the same end, said otherwise."""
    current = TreatmentChange.objects.filter(patient=row.patient, status=EntryStatus.CURRENT)
    last = current.order_by("-recorded_at", "-pk").first()
    if last is not None and last.kind == row.kind:
        supersede(TreatmentChange.objects.filter(pk=last.pk), row, reason=SUPERSEDED)
    else:
        store(row)


def _move_status(patient: Patient, status: str, version: int) -> None:
    seen = Patient.objects.filter(pk=patient.pk, treatment_version=version)
    moved(seen, treatment_status=status, treatment_version=version + 1)
    patient.treatment_status, patient.treatment_version = status, version + 1


def restore_status(patient: Patient) -> None:
    """Where the treatment stands by the entries that are left, after one was marked as entered in error."""
    current = TreatmentChange.objects.filter(patient=patient, status=EntryStatus.CURRENT)
    last = current.order_by("-recorded_at", "-pk").first()
    _move_status(patient, last.kind if last else TreatmentStatus.UNDER_TREATMENT, patient.treatment_version)


def _tell(row: TreatmentChange, judgement: DoseJudgement, actor: Membership, now: datetime) -> None:
    record_event(
        clinic=actor.clinic,
        actor=actor,
        action="treatment.changed",
        subject=row,
        patient=row.patient,
        detail={
            "kind": row.kind,
            "starts_on": row.starts_on,
            "last_mcg": row.last_mcg,
            "raised": [f"{finding.code} {finding.severity.label}" for finding in judgement.raised],
            "answer": row.answer_reason,
        },
        now=now,
    )
