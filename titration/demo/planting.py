"""Performs the acts of stories through the services, in the order of time, so that audit rows and flags are real.

Between two acts of a patient, time alone may have changed an answer: such days are re-assessed on the way, as the
background command would have done. An act of today whose hour has not come yet happens now.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
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
    Story,
    Symptoms,
    Taken,
    day_of,
    instant_of,
    regimen_of,
)
from titration.demo.record import drawn
from titration.domain.record import IntakeKind, PlanState
from titration.models import Clinic, Flag, FlagState, Membership, Patient, Plan, Review
from titration.models.flags import WAITING
from titration.selectors import patient_record
from titration.services.acceptance import accept_flag, log_contact
from titration.services.corrections import mark_entered_in_error
from titration.services.dispensing import record_dispensing
from titration.services.doses import record_dose_change
from titration.services.drafts import (
    CriticalAnswer,
    IntakeDraft,
    PatientDetails,
    ScoresDraft,
    SedationDraft,
    SymptomsDraft,
)
from titration.services.intake import record_intake
from titration.services.interruptions import record_interruption
from titration.services.kidney import record_kidney_reading
from titration.services.medicines import record_medicine
from titration.services.patients import register_patient
from titration.services.plans import draft_plan, sign_plan
from titration.services.reassessment import reassess_patient
from titration.services.reports import record_scores, record_sedation, record_symptoms
from titration.services.reviews import complete_review, plan_review

_NIGHTLY = time(3)


@dataclass(slots=True, kw_only=True)
class Bed:
    """Where one story grows: the clinic's people, today, the instant that is now, and the patient once registered."""

    story: Story
    people: dict[str, Membership]
    started_at: datetime
    patient_row: Patient | None = field(default=None)

    @property
    def clinic(self) -> Clinic:
        return next(iter(self.people.values())).clinic

    @property
    def today(self) -> date:
        return self.started_at.astimezone(self.clinic.zone).date()

    @property
    def patient(self) -> Patient:
        if self.patient_row is None:
            raise ValueError(f"{self.story.slug}: an act before the registration")
        return self.patient_row

    def instant(self, day: int, at: str) -> datetime:
        return min(instant_of(self.today, day, at, self.clinic.zone), self.started_at)

    def now(self, act: Act) -> datetime:
        return self.instant(act.day, act.at)


def plant(stories: Iterable[Story], people: dict[str, Membership], *, started_at: datetime) -> Iterator[Story]:
    """Register everybody and perform every act, oldest first over all stories. Yields each story when it is whole."""
    beds = [Bed(story=story, people=people, started_at=started_at) for story in stories]
    deeds = sorted(_deeds(beds), key=lambda deed: deed[:3])
    last = {id(bed): at for at, _, _, bed, _ in deeds}
    for at, _, _, bed, act in deeds:
        _perform(bed, act, at)
        if last[id(bed)] is at:
            reassess_until(bed, started_at)
            yield bed.story


type Deed = tuple[datetime, int, int, Bed, Act | None]


def _deeds(beds: Sequence[Bed]) -> Iterator[Deed]:
    """(instant, bed's place, act's place, bed, act); the registration, None, comes first."""
    for place, bed in enumerate(beds):
        person = bed.story.person
        yield bed.instant(person.registered, person.registered_at), place, 0, bed, None
        for number, act in enumerate(sorted(bed.story.acts, key=lambda act: (act.day, act.at)), start=1):
            yield bed.now(act), place, number, bed, act


def _perform(bed: Bed, act: Act | None, at: datetime) -> None:
    if act is None:
        bed.patient_row = _register(bed, at)
        return
    reassess_until(bed, at)
    perform(act, bed, bed.people[act.by], at)
    bed.patient.refresh_from_db(fields=["next_assessment_on"])


def _register(bed: Bed, now: datetime) -> Patient:
    person = bed.story.person
    details = PatientDetails(
        family_name=person.family_name,
        given_name=person.given_name,
        birth_date=person.born,
        identifier=person.identifier,
        indication=person.indication,
        sex=person.sex,
        weight_g=person.weight_g,
        responsible=bed.people["okafor"],
        exposure_months=person.exposure_months,
        intrathecal_pump=False,
        conditions=person.conditions,
    )
    since = None if person.since is None else day_of(bed.today, person.since)
    actor = bed.people[person.registered_by]
    return register_patient(actor=actor, details=details, regimen=regimen_of(person.mg), since=since, now=now)


def reassess_until(bed: Bed, at: datetime) -> None:
    """What time alone changed before `at`, on the nights on which it did.

    Nothing moves without a flag that stands or a plan that runs.
    """
    patient, zone = bed.patient, bed.clinic.zone
    while patient.next_assessment_on is not None and _may_move(patient):
        night = datetime.combine(patient.next_assessment_on, _NIGHTLY, tzinfo=zone)
        if night >= at:
            return
        before = patient.next_assessment_on
        reassess_patient(patient.pk, night)
        patient.refresh_from_db(fields=["next_assessment_on"])
        if patient.next_assessment_on == before:
            patient.next_assessment_on = before + timedelta(days=1)


def _may_move(patient: Patient) -> bool:
    flags = Flag.objects.filter(patient=patient, state__in=[FlagState.OPEN, FlagState.ACCEPTED])
    return flags.exists() or Plan.objects.filter(patient=patient, state=PlanState.RUNNING).exists()


@singledispatch
def perform(act: Act, _bed: Bed, _actor: Membership, _now: datetime) -> None:
    """One act through its service."""
    raise NotImplementedError(type(act).__name__)


@perform.register
def _dose(act: Dose, bed: Bed, actor: Membership, now: datetime) -> None:
    record_dose_change(
        actor=actor, patient=bed.patient, starts_on=day_of(bed.today, act.day), regimen=regimen_of(act.mg),
        reason=act.reason, note=act.note, answer=_answer(act.answer), now=now,
    )  # fmt: skip


def _answer(reason: str) -> CriticalAnswer | None:
    return CriticalAnswer(reason=reason) if reason else None


@perform.register
def _taken(act: Taken, bed: Bed, actor: Membership, now: datetime) -> None:
    is_total = act.kind is IntakeKind.DAILY_TOTAL
    report = IntakeDraft(
        kind=act.kind,
        starts_on=day_of(bed.today, act.first),
        ends_on=None if act.last is None else day_of(bed.today, act.last),
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
