"""The PlanDocument of a plan on file: what every export prints, gathered from the record.

It says who prints it and when, so that a sheet found on a table can be traced; nothing of it is worded here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from titration.domain.banner import regimen_on
from titration.domain.beside_a_step import beside_on_paper
from titration.domain.errors import NotMakeable
from titration.domain.history import prescribed_regimens
from titration.domain.plan_versions import after_last_step
from titration.domain.planning import PlanStepDraft, make_step, quantities, supplied_until
from titration.domain.products import quantities_by_period
from titration.domain.record import PatientRecord, PlanEntry, PlanState, TreatmentState
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.wording import say
from titration.exports import Format
from titration.exports.document import (
    Act,
    DocumentClinic,
    DocumentDose,
    DocumentFinding,
    DocumentPatient,
    DocumentReview,
    DocumentStep,
    PlanDocument,
)
from titration.exports.event_ids import EventIds, event_ids, left_by_others
from titration.exports.takings import Takings
from titration.models import Clinic, Patient
from titration.views.desk import ClinicRequest
from titration.views.paper import PaperChoice
from titration.views.plan_page import PlanScene, override_reasons, paper_picture_of, start_of

NOT_SIGNED = "Draft, not signed: not to be followed until a clinician of the clinic has signed it."
USUAL_PAPER = PaperChoice()


def plan_document(
    request: ClinicRequest, scene: PlanScene, chosen: Format, choice: PaperChoice = USUAL_PAPER
) -> PlanDocument:
    """Raises NotMakeable where the chosen products cannot make a step: rule E1 refuses the export."""
    if scene.unmade:
        raise NotMakeable(scene.unmade)
    plan, entry, start = scene.plan, scene.entry, start_of(scene)
    events, then = _events(scene.record, entry), _then(scene)
    until = supplied_until(scene.steps) if then is None else min(supplied_until(scene.steps), then.starts_on)
    return PlanDocument(
        id=str(plan.public_id),
        number=plan.number,
        version=plan.version,
        kind=entry.kind,
        state=entry.state,
        replaces=plan.version - 1 if plan.replaces_id else None,
        patient=_patient(scene.patient),
        clinic=_clinic(scene.patient.clinic),
        start=start,
        start_recipes=_recipes(scene, scene.steps[0].starts_on, start),
        until_first=tuple(dose for dose in _prescribed(scene) if dose.starts_on < scene.steps[0].starts_on),
        before=scene.before,
        beside=beside_on_paper(scene.record, scene.today),
        steps=tuple(_steps(scene, start, events)),
        ends_on=until - timedelta(days=1) if scene.steps[-1].daily_mcg else until,
        then=then,
        products=scene.products,
        at_hand=scene.at_hand,
        quantities=tuple(quantities(scene.steps, until)),
        periods=tuple(quantities_by_period(scene.steps, until)),
        reviews=tuple(_reviews(scene)),
        findings=tuple(_findings(scene)) if chosen.has_findings else (),
        cancelled_steps=events.called_off,
        begun_step=events.begun,
        note=NOT_SIGNED if entry.state is PlanState.DRAFT else "",
        held_on=entry.held_on,
        ended_on=entry.ended_on,
        standing=tuple(_prescribed(scene)) if entry.state is PlanState.HELD else (),
        drafted=Act(by=entry.drafted_by, at=entry.drafted_at),
        signed=Act(by=entry.signed_by, at=entry.signed_at) if entry.signed_at else None,
        printed=Act(by=request.membership.user.full_name, at=request.now.replace(microsecond=0)),
        guidance_version=plan.guidance_version,
        content_hash=plan.content_hash,
        chart_svg=paper_picture_of(scene) if chosen.has_chart else "",
        language_code=choice.language_code,
        is_large=choice.is_large,
    )


def _patient(patient: Patient) -> DocumentPatient:
    return DocumentPatient(
        name=f"{patient.given_name} {patient.family_name}",
        birth_date=patient.birth_date,
        identifier=patient.identifier,
        over="" if patient.treatment_status == TreatmentState.UNDER_TREATMENT else patient.treatment_status,
    )


def _clinic(clinic: Clinic) -> DocumentClinic:
    return DocumentClinic(
        name=clinic.name,
        telephone=clinic.telephone,
        hours=clinic.hours,
        out_of_hours=clinic.out_of_hours,
        emergency_wording=clinic.emergency_wording,
        clock_times={time: clinic.clock_times.get(time.value, "") for time in TimeOfDay},
        time_zone=clinic.time_zone,
    )


def _prescribed(scene: PlanScene) -> Iterator[DocumentDose]:
    """What is prescribed today and what follows: a dose change, or steps of the plan before, may lie ahead."""
    present = regimen_on(scene.record, scene.today)
    ahead = [(day, regimen) for day, regimen in prescribed_regimens(scene.record) if day > scene.today]
    if present is not None:
        for day, regimen in [(scene.today, present), *ahead]:
            yield DocumentDose(starts_on=day, regimen=regimen, recipes=_recipes(scene, day, regimen))


def _recipes(scene: PlanScene, day: date, regimen: Regimen) -> Takings:
    """None where the plan's products do not make a dose: the patient has other tablets for it."""
    try:
        return _takings(make_step(day, regimen, scene.products))
    except NotMakeable:
        return {}


def _takings(step: PlanStepDraft) -> Takings:
    return {time: made.parts for time, made in step.recipes.items()}


def _steps(scene: PlanScene, start: Regimen, events: EventIds) -> Iterator[DocumentStep]:
    before_mcg = start.daily_mcg
    for row, step in zip(scene.rows, scene.steps, strict=True):
        yield DocumentStep(
            id=str(row.public_id),
            number=row.number,
            starts_on=step.starts_on,
            regimen=step.regimen,
            recipes=_takings(step),
            change_mcg=step.daily_mcg - before_mcg,
            state=row.state,
            event_id=events.of_step.get(str(row.public_id), ""),
        )
        before_mcg = step.daily_mcg


def _then(scene: PlanScene) -> DocumentDose | None:
    """What is prescribed after the last step: a dose change on file, or the next plan of one that is over."""
    after = after_last_step(scene.record, scene.entry)
    if after is None:
        return None
    day, regimen = after
    return DocumentDose(starts_on=day, regimen=regimen, recipes=_recipes(scene, day, regimen))


def _reviews(scene: PlanScene) -> Iterator[DocumentReview]:
    for review in scene.record.reviews:
        if review.done_on is None and review.due_on >= scene.steps[0].starts_on:
            yield DocumentReview(id=review.id, on=review.due_on, how=review.how, purpose=review.purpose)


def _findings(scene: PlanScene) -> Iterator[DocumentFinding]:
    reason = override_reasons(scene).get(scene.plan.answer_reason, scene.plan.answer_reason)
    for finding in scene.judged.findings:
        yield DocumentFinding(
            severity=finding.severity.label,
            title=say(finding, scene.guidance).title,
            on=finding.since if finding.code != "W5" else None,
            accepted_reason=reason if finding in scene.judged.answers else "",
        )


def _events(record: PatientRecord, entry: PlanEntry) -> EventIds:
    """A draft touches no event of the plan that it may replace."""
    if not entry.signed_at:
        return EventIds()
    versions = [each for each in record.plans if each.number == entry.number and each.signed_at]
    own = event_ids([each for each in versions if each.version <= entry.version])
    others = left_by_others(record.plans, entry.number, entry.signed_at.date())
    return replace(own, called_off=(*own.called_off, *others))
