"""Each kind of act of a story, performed through the service that a page would call."""

from datetime import datetime
from fractions import Fraction
from functools import singledispatch

from titration.demo.acts import (
    AcceptedFlag,
    Act,
    Contact,
    Dispensed,
    DoneReview,
    Dose,
    DrawnPlan,
    Interruption,
    Kidney,
    Medicine,
    PlannedReview,
    Scores,
    Sedation,
    Symptoms,
    Taken,
    day_of,
    regimen_of,
)
from titration.demo.bed import Bed
from titration.demo.record import drawn
from titration.domain.record import IntakeKind
from titration.models import Flag, Membership, Plan, Review
from titration.models.flags import WAITING
from titration.selectors import patient_record
from titration.services.acceptance import accept_flag, log_contact
from titration.services.corrections import mark_entered_in_error
from titration.services.dispensing import record_dispensing
from titration.services.doses import record_dose_change
from titration.services.drafts import CriticalAnswer, IntakeDraft, ScoresDraft, SedationDraft, SymptomsDraft
from titration.services.intake import record_intake
from titration.services.interruptions import record_interruption
from titration.services.kidney import record_kidney_reading
from titration.services.medicines import record_medicine
from titration.services.plans import draft_plan, sign_plan
from titration.services.reports import record_scores, record_sedation, record_symptoms
from titration.services.reviews import complete_review, plan_review


@singledispatch
def perform(act: Act, _bed: Bed, _actor: Membership, _now: datetime) -> None:
    """One act through its service."""
    raise NotImplementedError(type(act).__name__)


@perform.register
def _dose(act: Dose, bed: Bed, actor: Membership, now: datetime) -> None:
    record_dose_change(
        actor=actor, patient=bed.patient, starts_on=day_of(bed.today, act.day), regimen=regimen_of(act.mg),
        reason=act.reason, note=act.note, answer=_answer(act.answer, act.answer_comment), now=now,
    )  # fmt: skip


def _answer(reason: str, comment: str = "") -> CriticalAnswer | None:
    return CriticalAnswer(reason=reason, comment=comment) if reason else None


@perform.register
def _taken(act: Taken, bed: Bed, actor: Membership, now: datetime) -> None:
    is_total = act.kind is IntakeKind.DAILY_TOTAL
    report = IntakeDraft(
        kind=act.kind,
        starts_on=day_of(bed.today, act.first),
        ends_on=None if act.last is None else day_of(bed.today, act.last),
        goes_on=act.goes_on,
        regimen=regimen_of(act.mg) if act.mg and not is_total else None,
        daily_mcg=regimen_of(act.mg).daily_mcg if is_total else None,
        missed=act.missed,
        due=act.due,
        last_dose_at=bed.instant(*act.last_dose) if act.last_dose else None,
        note=act.note,
    )
    record_intake(actor=actor, patient=bed.patient, report=report, now=now)


@perform.register
def _sedation(act: Sedation, bed: Bed, actor: Membership, now: datetime) -> None:
    report = SedationDraft(
        at=now,
        grade=act.grade,
        source=act.source,
        falls=act.falls,
        driving_affected=act.driving_affected,
        note=act.note,
    )
    record_sedation(actor=actor, patient=bed.patient, report=report, now=now)


@perform.register
def _symptoms(act: Symptoms, bed: Bed, actor: Membership, now: datetime) -> None:
    report = SymptomsDraft(
        symptom_list=act.listed,
        codes=tuple(act.severities),
        severities=act.severities,
        onset_on=day_of(bed.today, act.onset),
        ended_on=None if act.ended is None else day_of(bed.today, act.ended),
        note=act.note,
    )
    record_symptoms(actor=actor, patient=bed.patient, report=report, now=now)


@perform.register
def _scores(act: Scores, bed: Bed, actor: Membership, now: datetime) -> None:
    report = ScoresDraft(at=now, values=act.values, note=act.note)
    for row in record_scores(actor=actor, patient=bed.patient, report=report, now=now):
        if act.wrong:
            mark_entered_in_error(actor=actor, entry=row, reason=act.wrong, now=now)


@perform.register
def _medicine(act: Medicine, bed: Bed, actor: Membership, now: datetime) -> None:
    since = None if act.since is None else day_of(bed.today, act.since)
    record_medicine(actor=actor, patient=bed.patient, code=act.code, since=since, note=act.note, now=now)


@perform.register
def _kidney(act: Kidney, bed: Bed, actor: Membership, now: datetime) -> None:
    on = day_of(bed.today, act.day)
    record_kidney_reading(actor=actor, patient=bed.patient, egfr=Fraction(act.egfr), on=on, note=act.note, now=now)


@perform.register
def _dispensed(act: Dispensed, bed: Bed, actor: Membership, now: datetime) -> None:
    record_dispensing(
        actor=actor, patient=bed.patient, product=act.product, quantity=Fraction(act.tablets),
        on=day_of(bed.today, act.day), note=act.note, now=now,
    )  # fmt: skip


@perform.register
def _interruption(act: Interruption, bed: Bed, actor: Membership, now: datetime) -> None:
    last_on = None if act.last is None else day_of(bed.today, act.last)
    record_interruption(
        actor=actor, patient=bed.patient, code=act.code, first_on=day_of(bed.today, act.first), last_on=last_on,
        note=act.note, now=now,
    )  # fmt: skip


@perform.register
def _plan(act: DrawnPlan, bed: Bed, actor: Membership, now: datetime) -> None:
    draft = drawn(act, patient_record(bed.patient, now), bed.today)
    earlier = Plan.objects.filter(patient=bed.patient).order_by("-pk").first() if act.redraws else None
    plan = draft_plan(actor=actor, patient=bed.patient, draft=draft, replaces=earlier, now=now)
    if act.signs:
        signed_at = bed.instant(act.day, act.signs)
        sign_plan(actor=actor, plan=plan, state_version=plan.state_version, answer=_answer(act.answer), now=signed_at)


@perform.register
def _planned_review(act: PlannedReview, bed: Bed, actor: Membership, now: datetime) -> None:
    due_on = day_of(bed.today, act.due)
    plan_review(actor=actor, patient=bed.patient, due_on=due_on, how=act.how, purpose=act.purpose, now=now)


@perform.register
def _done_review(_act: DoneReview, bed: Bed, actor: Membership, now: datetime) -> None:
    review = Review.objects.filter(patient=bed.patient, done_on=None).order_by("due_on", "pk")[0]
    complete_review(actor=actor, review=review, now=now)


@perform.register
def _accepted_flag(act: AcceptedFlag, bed: Bed, actor: Membership, now: datetime) -> None:
    flag = _open_flag(bed, act.code)
    accept_flag(
        actor=actor, flag=flag, reason=act.reason, comment=act.note, expires_on=day_of(bed.today, act.day + act.days),
        state_version=flag.state_version, now=now,
    )  # fmt: skip


@perform.register
def _contact(act: Contact, bed: Bed, actor: Membership, now: datetime) -> None:
    log_contact(actor=actor, flag=_open_flag(bed, act.code), text=act.note, now=now)


def _open_flag(bed: Bed, code: str) -> Flag:
    return Flag.objects.select_related("patient").get(patient=bed.patient, code=code, state__in=WAITING)
