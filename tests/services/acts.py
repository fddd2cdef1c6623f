"""Every service once, ready to run on its own patient: the table behind the tests that must hold for all of them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.factories import (
    NOW,
    TODAY,
    change_dose,
    details,
    make_patient,
    make_plan,
    quick_taper,
    regimen,
    slow_taper,
)
from titration.domain.record import IntakeKind, SymptomList, TreatmentState
from titration.domain.regimen import Regimen
from titration.imports.checks import DosesAre
from titration.imports.rows import DateOrder
from titration.models import Flag, HistoryImport, Membership, Patient, Plan
from titration.services.acceptance import accept_flag, log_contact
from titration.services.conditions import end_condition, record_condition
from titration.services.corrections import mark_entered_in_error
from titration.services.dispensing import record_dispensing
from titration.services.doses import record_dose_change
from titration.services.drafts import (
    CriticalAnswer,
    IntakeDraft,
    ScoresDraft,
    SedationDraft,
    SymptomsDraft,
    TreatmentDraft,
)
from titration.services.history_import import Choices, import_history, undo_import, upload_history
from titration.services.intake import record_intake
from titration.services.interruptions import record_interruption, write_continuity_note
from titration.services.kidney import record_kidney_reading
from titration.services.medicines import end_medicine, record_medicine
from titration.services.patients import change_details, register_patient
from titration.services.plan_exports import export_plan
from titration.services.plans import (
    Continuation,
    confirm_step,
    hold_plan,
    resume_plan,
    sign_plan,
    skip_step,
    slow_plan_down,
    step_back,
    stop_plan,
)
from titration.services.plans.writing import Steps
from titration.services.reports import end_symptom, record_scores, record_sedation, record_symptoms
from titration.services.reviews import complete_review, plan_review, take_review_back
from titration.services.treatment import change_treatment

ANSWER = CriticalAnswer(reason="supervised", comment="on the ward")
RAN_OUT = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY)
SEDATION = SedationDraft(at=NOW - timedelta(hours=1), grade=1)
EFFECTS = SymptomsDraft(symptom_list=SymptomList.ADVERSE_EFFECT, codes=("drowsiness", "nausea"), onset_on=TODAY)
SCORES = ScoresDraft(at=NOW, values={"spasticity": "7", "ashworth": "1+"})

type Act = Callable[..., Any]
type Ready = Callable[[Membership, Patient], Act]


def running_plan(
    actor: Membership, patient: Patient, steps: Any = None, now: datetime = NOW, start: Regimen | None = None
) -> Plan:
    plan = make_plan(actor, patient, steps or slow_taper(), start=start, now=now)
    return sign_plan(actor=actor, plan=plan, answer=ANSWER, state_version=plan.state_version, now=now)


def as_shown(plan: Plan, steps: Steps, reason: str = "spasms", answer: CriticalAnswer | None = None) -> Continuation:
    """The steps confirmed on a page that showed the plan as it stands."""
    return Continuation(steps=steps, reason=reason, state_version=plan.state_version, answer=answer)


def raised_flag(actor: Membership, patient: Patient) -> Flag:
    """A caution: 60 to 40 mg in one step."""
    change_dose(actor, patient, regimen(20, 20))
    return Flag.objects.get(patient=patient, code="W2")


def critical_flag(actor: Membership, patient: Patient) -> Flag:
    """An abrupt stop, reported."""
    record_intake(actor=actor, patient=patient, report=RAN_OUT, now=NOW)
    return Flag.objects.get(patient=patient, code="W1")


def _register(actor: Membership, _: Patient) -> Act:
    person = details()
    return lambda **more: register_patient(actor=actor, details=person, regimen=regimen(10), now=NOW, **more)


def _change_details(actor: Membership, patient: Patient) -> Act:
    changed = details(family_name="Other", identifier=patient.identifier)
    return lambda **more: change_details(
        actor=actor, patient=patient, details=changed, version=patient.version, now=NOW, **more
    )


def _dose(actor: Membership, patient: Patient) -> Act:
    return lambda **more: record_dose_change(
        actor=actor,
        patient=patient,
        starts_on=TODAY,
        regimen=regimen(20, 20, 15),
        reason="other",
        now=NOW,
        **more,
    )


def _correct(actor: Membership, patient: Patient) -> Act:
    entry = record_sedation(actor=actor, patient=patient, report=SEDATION, now=NOW)
    return lambda **more: mark_entered_in_error(actor=actor, entry=entry, reason="Other patient", now=NOW, **more)


def _end_symptom(actor: Membership, patient: Patient) -> Act:
    report = SymptomsDraft(symptom_list=SymptomList.WITHDRAWAL_SIGN, codes=("insomnia",), onset_on=TODAY)
    (entry,) = record_symptoms(actor=actor, patient=patient, report=report, now=NOW)
    return lambda **more: end_symptom(actor=actor, entry=entry, ended_on=TODAY, now=NOW, **more)


def _end_condition(actor: Membership, patient: Patient) -> Act:
    entry = record_condition(actor=actor, patient=patient, code="psychosis", since=date(2020, 1, 1), now=NOW)
    return lambda **more: end_condition(actor=actor, entry=entry, until=TODAY, now=NOW, **more)


def _end_medicine(actor: Membership, patient: Patient) -> Act:
    entry = record_medicine(actor=actor, patient=patient, code="lithium", now=NOW)
    return lambda **more: end_medicine(actor=actor, entry=entry, until=TODAY, now=NOW, **more)


def _write_note(actor: Membership, patient: Patient) -> Act:
    entry = record_interruption(actor=actor, patient=patient, code="surgery", first_on=TODAY, now=NOW)
    return lambda **more: write_continuity_note(actor=actor, entry=entry, note="Oral solution by tube", now=NOW, **more)


def _sign(actor: Membership, patient: Patient) -> Act:
    plan = make_plan(actor, patient, slow_taper())
    return lambda **more: sign_plan(actor=actor, plan=plan, state_version=0, now=NOW, **more)


def _hold(actor: Membership, patient: Patient) -> Act:
    plan = running_plan(actor, patient)
    return lambda **more: hold_plan(
        actor=actor, plan=plan, reason="unwell", state_version=plan.state_version, now=NOW, **more
    )


def _resume(actor: Membership, patient: Patient) -> Act:
    plan, later = running_plan(actor, patient), slow_taper(TODAY + timedelta(days=8))
    plan = hold_plan(actor=actor, plan=plan, reason="unwell", state_version=plan.state_version, now=NOW)
    return lambda **more: resume_plan(actor=actor, plan=plan, continuation=as_shown(plan, later), now=NOW, **more)


def _slow_down(actor: Membership, patient: Patient) -> Act:
    plan, later = running_plan(actor, patient), slow_taper(TODAY + timedelta(days=8))
    return lambda **more: slow_plan_down(actor=actor, plan=plan, continuation=as_shown(plan, later), now=NOW, **more)


def _skip(actor: Membership, patient: Patient) -> Act:
    plan = running_plan(actor, patient)
    later = as_shown(plan, slow_taper()[1:], answer=ANSWER)
    return lambda **more: skip_step(actor=actor, plan=plan, number=1, continuation=later, now=NOW, **more)


def _step_back(actor: Membership, patient: Patient) -> Act:
    plan, later = running_plan(actor, patient), slow_taper(TODAY + timedelta(days=8))
    return lambda **more: step_back(actor=actor, plan=plan, continuation=as_shown(plan, later), now=NOW, **more)


def _stop(actor: Membership, patient: Patient) -> Act:
    plan = running_plan(actor, patient)
    return lambda **more: stop_plan(
        actor=actor, plan=plan, reason="wish", state_version=plan.state_version, now=NOW, **more
    )


def _confirm(actor: Membership, patient: Patient) -> Act:
    step = running_plan(actor, patient, slow_taper(TODAY)).steps.get(number=1)
    return lambda: confirm_step(actor=actor, step=step, now=NOW)


def _export(actor: Membership, patient: Patient) -> Act:
    plan = make_plan(actor, patient, slow_taper())
    return lambda **more: export_plan(
        actor=actor,
        patient=patient,
        format_name="steps.csv",
        now=NOW,
        read=lambda _: (plan, "told"),
        **more,
    )


def _accept(actor: Membership, patient: Patient) -> Act:
    flag = raised_flag(actor, patient)
    return lambda **more: accept_flag(
        actor=actor,
        flag=flag,
        reason="supervised",
        comment="",
        expires_on=TODAY,
        state_version=flag.state_version,
        now=NOW,
        **more,
    )


def _contact(actor: Membership, patient: Patient) -> Act:
    flag = raised_flag(actor, patient)
    return lambda **more: log_contact(actor=actor, flag=flag, text="called 10:20, no answer", now=NOW, **more)


def _complete_review(actor: Membership, patient: Patient) -> Act:
    review = plan_review(actor=actor, patient=patient, due_on=TODAY, now=NOW)
    return lambda **more: complete_review(actor=actor, review=review, now=NOW, **more)


def _take_review_back(actor: Membership, patient: Patient) -> Act:
    review = plan_review(actor=actor, patient=patient, due_on=TODAY, now=NOW)
    return lambda **more: take_review_back(actor=actor, review=review, reason="Other patient", now=NOW, **more)


HISTORY = b"date,morning,evening,pain\n2026-06-01,10,10,4\n2026-07-01,10,5,\n"
CHOICES = Choices(
    columns=("date", "morning", "evening", "pain"), order=DateOrder.ISO, doses_are=DosesAre.PRESCRIBED
)  # fmt: skip


def uploaded_history(actor: Membership, patient: Patient, content: bytes = HISTORY) -> HistoryImport:
    return upload_history(actor=actor, patient=patient, content=content, now=NOW)


def imported_history(actor: Membership, patient: Patient) -> HistoryImport:
    draft = uploaded_history(actor, patient)
    return import_history(actor=actor, draft=draft, choices=CHOICES, now=NOW)


def _import(actor: Membership, patient: Patient) -> Act:
    draft = uploaded_history(actor, patient)
    return lambda **more: import_history(actor=actor, draft=draft, choices=CHOICES, now=NOW, **more)


def _undo_import(actor: Membership, patient: Patient) -> Act:
    made = imported_history(actor, patient)
    return lambda **more: undo_import(actor=actor, made=made, reason="Another patient's file", now=NOW, **more)


def _simply(write: Callable[..., Any], **values: Any) -> Ready:
    return lambda actor, patient: lambda **more: write(actor=actor, patient=patient, now=NOW, **values, **more)


ACTS: dict[str, Ready] = {
    "patient.registered": _register,
    "patient.changed": _change_details,
    "treatment.changed": _simply(
        change_treatment, draft=TreatmentDraft(kind=TreatmentState.ENDED, on=TODAY, last_mcg=60_000), answer=ANSWER
    ),
    "dose.changed": _dose,
    "intake.recorded": _simply(record_intake, report=RAN_OUT),
    "sedation.recorded": _simply(record_sedation, report=SEDATION),
    "symptoms.recorded": _simply(record_symptoms, report=EFFECTS),
    "scores.recorded": _simply(record_scores, report=SCORES),
    "condition.recorded": _simply(record_condition, code="psychosis"),
    "condition.ended": _end_condition,
    "symptom.ended": _end_symptom,
    "medicine.recorded": _simply(record_medicine, code="opioid"),
    "medicine.ended": _end_medicine,
    "kidney.recorded": _simply(record_kidney_reading, egfr=Fraction(74), on=TODAY),
    "interruption.recorded": _simply(record_interruption, code="surgery", first_on=TODAY),
    "interruption.note_written": _write_note,
    "supply.dispensed": _simply(record_dispensing, product="tablet-10-halves", quantity=Fraction(84), on=TODAY),
    "entry.entered_in_error": _correct,
    "plan.drafted": lambda actor, patient: lambda **more: make_plan(actor, patient, slow_taper(), **more),
    "plan.signed": _sign,
    "plan.held": _hold,
    "plan.resumed": _resume,
    "plan.slowed_down": _slow_down,
    "plan.stepped_back": _step_back,
    "plan.skipped": _skip,
    "plan.stopped": _stop,
    "plan.step_confirmed": _confirm,
    "plan.exported": _export,
    "flag.accepted": _accept,
    "flag.contact": _contact,
    "review.planned": _simply(plan_review, due_on=TODAY),
    "review.done": _complete_review,
    "review.entered_in_error": _take_review_back,
    "import.uploaded": lambda actor, patient: lambda: uploaded_history(actor, patient),
    "history.imported": _import,
    "history.import_undone": _undo_import,
}

__all__ = ["ACTS", "ANSWER", "critical_flag", "make_patient", "quick_taper", "raised_flag", "running_plan"]
