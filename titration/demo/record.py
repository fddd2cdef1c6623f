"""A story read into the record that the rules see, without a database. `case_files.py` writes it as a case file.

The record holds what counts for the rules and the chart. Flags, reviews and audit come only from performing the acts
(`planting.py`).
"""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from functools import singledispatch
from typing import Any
from zoneinfo import ZoneInfo

from titration.demo.acts import (
    Act,
    Dispensed,
    Dose,
    DrawnPlan,
    Interruption,
    Kidney,
    Medicine,
    Person,
    Scores,
    Sedation,
    Story,
    Symptoms,
    Taken,
    day_of,
    instant_of,
    regimen_of,
)
from titration.domain.guidance import load_guidance
from titration.domain.history import prescribed_regimens
from titration.domain.intake_span import last_day
from titration.domain.planning import PlanDraft, PlanRequest, draw_plan
from titration.domain.products import PRODUCTS
from titration.domain.record import (
    CoMedicationEntry,
    ConditionEntry,
    DispensingEntry,
    EntryStatus,
    IntakeEntry,
    IntakeKind,
    InterruptionEntry,
    KidneyReadingEntry,
    PatientRecord,
    PlanEntry,
    PlannedStep,
    PlanState,
    RegimenEntry,
    ScoreEntry,
    SedationEntry,
    SymptomEntry,
)
from titration.domain.regimen import Regimen
from titration.domain.units import parse_mg

ZONE = ZoneInfo("Europe/London")
LABEL_SET = "US"
TABLETS = ("tablet-10-halves",)


def record_of(story: Story, today: date) -> PatientRecord:
    """The patient's record on `today`, entries in the order of their recording."""
    record = _registered(story.person, today)
    for act in in_order(story):
        record = entered(act, record, today)
    return record


def in_order(story: Story) -> list[Act]:
    return sorted(story.acts, key=lambda act: (act.day, act.at))


def _registered(person: Person, today: date) -> PatientRecord:
    at = instant_of(today, person.registered, person.registered_at, ZONE)
    since = person.registered if person.since is None else person.since
    told = RegimenEntry(
        **_shared("told", at, person.registered_by), reason="transfer", as_told=True,
        starts_on=day_of(today, since), regimen=regimen_of(person.mg),
    )  # fmt: skip
    return PatientRecord(
        id=person.identifier,
        name=f"{person.family_name}, {person.given_name}",
        birth_date=person.born,
        identifier=person.identifier,
        sex=person.sex,
        indication=person.indication,
        label_set=LABEL_SET,
        time_zone=ZONE.key,
        exposure_months=None if person.exposure_months is None else Fraction(person.exposure_months),
        regimens=(told,),
        conditions=tuple(
            ConditionEntry(**_shared(code, at, person.registered_by), code=code) for code in person.conditions
        ),
    )


def _shared(id_: str, at: datetime, by: str, note: str = "") -> dict[str, Any]:
    return {"id": id_, "recorded_at": at, "recorded_by": by, "note": note}


def _of(act: Act, today: date, name: str = "") -> dict[str, Any]:
    """Id, when, who and note of the entry that an act makes."""
    at = instant_of(today, act.day, act.at, ZONE)
    return _shared(f"{type(act).__name__}{act.day}-{act.at}{name}", at, act.by, act.note)


@singledispatch
def entered(_act: Act, record: PatientRecord, _today: date) -> PatientRecord:
    """The record with the act's entry; acts that the rules do not see leave it as it is."""
    return record


@entered.register
def _dose(act: Dose, record: PatientRecord, today: date) -> PatientRecord:
    entry = RegimenEntry(
        **_of(act, today), starts_on=day_of(today, act.day), regimen=regimen_of(act.mg), reason=act.reason
    )
    superseded = tuple(
        replace(earlier, status=EntryStatus.SUPERSEDED) if earlier.starts_on == entry.starts_on else earlier
        for earlier in record.regimens
    )
    return replace(record, regimens=(*superseded, entry))


@entered.register
def _taken(act: Taken, record: PatientRecord, today: date) -> PatientRecord:
    is_total = act.kind is IntakeKind.DAILY_TOTAL
    entry = IntakeEntry(
        **_of(act, today),
        kind=act.kind,
        starts_on=day_of(today, act.first),
        ends_on=_last_day(act, today),
        regimen=regimen_of(act.mg) if act.mg and not is_total else None,
        daily_mcg=regimen_of(act.mg).daily_mcg if is_total else None,
        missed=act.missed,
        due=act.due,
        last_dose_at=instant_of(today, *act.last_dose, ZONE) if act.last_dose else None,
    )
    return replace(record, intakes=(*record.intakes, entry))


def _last_day(act: Taken, today: date) -> date | None:
    ends_on = None if act.last is None else day_of(today, act.last)
    return last_day(act.kind, starts_on=day_of(today, act.first), ends_on=ends_on, goes_on=act.goes_on)


@entered.register
def _sedation(act: Sedation, record: PatientRecord, today: date) -> PatientRecord:
    shared = _of(act, today)
    entry = SedationEntry(
        **shared, at=shared["recorded_at"], grade=act.grade, source=act.source, falls=act.falls,
        driving_affected=act.driving_affected,
    )  # fmt: skip
    return replace(record, sedations=(*record.sedations, entry))


@entered.register
def _symptoms(act: Symptoms, record: PatientRecord, today: date) -> PatientRecord:
    entries = (
        SymptomEntry(
            **_of(act, today, code), symptom_list=act.listed, code=code, severity=severity,
            onset_on=day_of(today, act.onset),
            ended_on=None if act.ended is None else day_of(today, act.ended),
        )
        for code, severity in act.severities.items()
    )  # fmt: skip
    return replace(record, symptoms=(*record.symptoms, *entries))


@entered.register
def _scores(act: Scores, record: PatientRecord, today: date) -> PatientRecord:
    status = EntryStatus.ENTERED_IN_ERROR if act.wrong else EntryStatus.CURRENT
    entries = []
    for scale, value in act.values.items():
        shared = _of(act, today, scale)
        entries.append(
            ScoreEntry(
                **shared, status=status, status_reason=act.wrong, at=shared["recorded_at"], scale=scale, value=value
            )
        )
    return replace(record, scores=(*record.scores, *entries))


@entered.register
def _medicine(act: Medicine, record: PatientRecord, today: date) -> PatientRecord:
    since = None if act.since is None else day_of(today, act.since)
    entry = CoMedicationEntry(**_of(act, today, act.code), code=act.code, since=since)
    return replace(record, comedications=(*record.comedications, entry))


@entered.register
def _kidney(act: Kidney, record: PatientRecord, today: date) -> PatientRecord:
    entry = KidneyReadingEntry(**_of(act, today), on=day_of(today, act.day), egfr=Fraction(act.egfr))
    return replace(record, kidney=(*record.kidney, entry))


@entered.register
def _dispensed(act: Dispensed, record: PatientRecord, today: date) -> PatientRecord:
    entry = DispensingEntry(
        **_of(act, today), on=day_of(today, act.day), product=act.product, quantity=Fraction(act.tablets)
    )
    return replace(record, dispensings=(*record.dispensings, entry))


@entered.register
def _interruption(act: Interruption, record: PatientRecord, today: date) -> PatientRecord:
    last_on = None if act.last is None else day_of(today, act.last)
    entry = InterruptionEntry(**_of(act, today), code=act.code, first_on=day_of(today, act.first), last_on=last_on)
    return replace(record, interruptions=(*record.interruptions, entry))


@entered.register
def _plan(act: DrawnPlan, record: PatientRecord, today: date) -> PatientRecord:
    draft = drawn(act, record, today)
    version = record.plans[-1].version + 1 if act.redraws else 1
    signed_at = instant_of(today, act.day, act.signs, ZONE) if act.signs else None
    entry = PlanEntry(
        id=f"plan-{act.day}",
        number=record.plans[-1].number if act.redraws else len(record.plans) + 1,
        version=version,
        kind=act.kind,
        state=_state(signed_at, draft, today),
        steps=tuple(
            PlannedStep(id=f"{act.day}-{number}", number=number, starts_on=starts_on, regimen=regimen, state="planned")
            for number, (starts_on, regimen) in enumerate(draft.planned, start=1)
        ),
        drafted_at=instant_of(today, act.day, act.at, ZONE),
        drafted_by=act.by,
        signed_at=signed_at,
        signed_by=act.by if signed_at else "",
    )
    earlier = record.plans
    if act.redraws:
        earlier = (*earlier[:-1], replace(earlier[-1], state=PlanState.STOPPED))
    return replace(record, plans=(*earlier, entry))


def _state(signed_at: datetime | None, draft: PlanDraft, today: date) -> PlanState:
    if signed_at is None:
        return PlanState.DRAFT
    return PlanState.COMPLETED if draft.ends_on < today else PlanState.RUNNING


def drawn(act: DrawnPlan, record: PatientRecord, today: date) -> PlanDraft:
    """The plan that the planner draws for this record, from the regimen that stands when it is drawn."""
    request = PlanRequest(
        kind=act.kind,
        start=_prescribed_on(record, day_of(today, act.day)),
        first_step_on=day_of(today, act.first),
        target_mcg=parse_mg(act.target_mg),
        products=tuple(PRODUCTS[code] for code in TABLETS),
        way=act.way,
        step_mcg=parse_mg(act.step_mg) if act.step_mg else None,
        step_days=act.step_days,
        by_hand=tuple((day_of(today, day), regimen_of(mg)) for day, mg in act.by_hand),
    )
    return draw_plan(request, load_guidance())


def _prescribed_on(record: PatientRecord, day: date) -> Regimen:
    standing = [regimen for starts_on, regimen in prescribed_regimens(record) if starts_on <= day]
    return standing[-1] if standing else Regimen()


def drafted_steps(record: PatientRecord) -> list[tuple[date, Regimen]]:
    """The steps of the plan that is drawn up and not signed; empty when there is none."""
    drafts = [plan for plan in record.plans if plan.state is PlanState.DRAFT]
    return [(step.starts_on, step.regimen) for step in drafts[-1].steps] if drafts else []
