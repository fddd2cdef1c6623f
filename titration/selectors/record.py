"""The only bridge from rows to domain values: nine queries for a patient's whole file, however long it is.

Rows come as tuples in the order of the columns named here, because a long history is read on every page. Instants are
put into the clinic's zone.
"""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from titration.domain.record import (
    CoMedicationEntry,
    ConditionEntry,
    DispensingEntry,
    Entry,
    EntryStatus,
    FactKind,
    FlagEntry,
    IntakeEntry,
    IntakeKind,
    InterruptionEntry,
    KidneyReadingEntry,
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    RegimenEntry,
    ReviewEntry,
    ScoreEntry,
    SedationEntry,
    SymptomEntry,
    SymptomList,
)
from titration.domain.regimen import Regimen
from titration.models import (
    Flag,
    IntakeReport,
    Patient,
    PatientFact,
    PlanStep,
    RegimenChange,
    ResponseScore,
    Review,
    SedationReport,
    SymptomReport,
)

_ENTRY = ("public_id", "recorded_at", "recorded_by__full_name", "status", "status_reason", "note")
_DOSES = ("morning_mcg", "midday_mcg", "evening_mcg", "bedtime_mcg")
_STATUS = {status.value: status for status in EntryStatus}
_INTAKE_KIND = {kind.value: kind for kind in IntakeKind}


def patient_record(patient: Patient, now: datetime) -> PatientRecord:  # noqa: ARG001 - every selector of a patient takes it
    """Everything on file.

    Patient.clinic is expected to be at hand. Entries of the same day are in the order of recording.
    """
    zone = patient.clinic.zone
    return PatientRecord(
        id=str(patient.public_id),
        name=patient.name,
        birth_date=patient.birth_date,
        identifier=patient.identifier,
        sex=patient.sex,
        indication=patient.indication,
        label_set=patient.clinic.label_set,
        time_zone=patient.clinic.time_zone,
        exposure_months=None if patient.exposure_months is None else Fraction(patient.exposure_months),
        regimens=tuple(_regimens(patient, zone)),
        intakes=tuple(_intakes(patient, zone)),
        sedations=tuple(_sedations(patient, zone)),
        symptoms=tuple(_symptoms(patient, zone)),
        scores=tuple(_scores(patient, zone)),
        **_facts(patient, zone),
        plans=tuple(_plans(patient, zone)),
        reviews=tuple(_reviews(patient)),
        flags=tuple(_flags(patient, zone)),
    )


def _read(rows: QuerySet[Any], order: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    return rows.order_by(order, "pk").values_list(*_ENTRY, *columns).iterator(chunk_size=5000)


def _shared(row: tuple[Any, ...], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": str(row[0]),
        "recorded_at": row[1].astimezone(zone),
        "recorded_by": row[2],
        "status": _STATUS[row[3]],
        "status_reason": row[4],
        "note": row[5],
    }


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else at.astimezone(zone)


def _regimens(patient: Patient, zone: ZoneInfo) -> Iterator[RegimenEntry]:
    rows = RegimenChange.objects.filter(patient=patient)
    for row in _read(rows, "starts_on", "starts_on", "reason", "as_told", *_DOSES):
        starts_on, reason, as_told, *doses = row[6:]
        yield RegimenEntry(
            **_shared(row, zone), starts_on=starts_on, reason=reason, as_told=as_told, regimen=_regimen(doses)
        )


def _regimen(doses: list[int]) -> Regimen:
    morning, midday, evening, bedtime = doses
    return Regimen(morning_mcg=morning, midday_mcg=midday, evening_mcg=evening, bedtime_mcg=bedtime)


def _intakes(patient: Patient, zone: ZoneInfo) -> Iterator[IntakeEntry]:
    rows = IntakeReport.objects.filter(patient=patient)
    columns = ("kind", "starts_on", "ends_on", "daily_mcg", "missed", "due", "last_dose_at", *_DOSES)
    for row in _read(rows, "starts_on", *columns):
        kind, starts_on, ends_on, daily_mcg, missed, due, last_dose_at, *doses = row[6:]
        yield IntakeEntry(
            **_shared(row, zone),
            kind=_INTAKE_KIND[kind],
            starts_on=starts_on,
            ends_on=ends_on,
            regimen=None if None in doses else _regimen(doses),
            daily_mcg=daily_mcg,
            missed=missed,
            due=due,
            last_dose_at=_local(last_dose_at, zone),
        )


def _sedations(patient: Patient, zone: ZoneInfo) -> Iterator[SedationEntry]:
    rows = SedationReport.objects.filter(patient=patient)
    for row in _read(rows, "at", "at", "grade", "source", "time_of_day", "falls", "driving_affected"):
        at, grade, source, time_of_day, falls, driving_affected = row[6:]
        yield SedationEntry(
            **_shared(row, zone),
            at=at.astimezone(zone),
            grade=grade,
            source=source,
            time_of_day=time_of_day,
            falls=falls,
            driving_affected=driving_affected,
        )


def _symptoms(patient: Patient, zone: ZoneInfo) -> Iterator[SymptomEntry]:
    rows = SymptomReport.objects.filter(patient=patient)
    columns = ("symptom_list", "code", "severity", "onset_on", "ended_on", "other_text")
    for row in _read(rows, "onset_on", *columns):
        symptom_list, code, severity, onset_on, ended_on, other_text = row[6:]
        yield SymptomEntry(
            **_shared(row, zone),
            symptom_list=SymptomList(symptom_list),
            code=code,
            severity=severity,
            onset_on=onset_on,
            ended_on=ended_on,
            other_text=other_text,
        )


def _scores(patient: Patient, zone: ZoneInfo) -> Iterator[ScoreEntry]:
    for row in _read(ResponseScore.objects.filter(patient=patient), "at", "at", "scale", "value"):
        yield ScoreEntry(**_shared(row, zone), at=row[6].astimezone(zone), scale=row[7], value=row[8])


_FACTS = {
    FactKind.CONDITION: "conditions",
    FactKind.MEDICINE: "comedications",
    FactKind.KIDNEY: "kidney",
    FactKind.INTERRUPTION: "interruptions",
    FactKind.SUPPLY: "dispensings",
}


def _facts(patient: Patient, zone: ZoneInfo) -> dict[str, Any]:
    """All five kinds in one query, by the record's name of each."""
    found: dict[str, list[Entry]] = {name: [] for name in _FACTS.values()}
    rows = PatientFact.objects.filter(patient=patient)
    for row in _read(rows, "recorded_at", "kind", "code", "tenths", "since", "until"):
        kind = FactKind(row[6])
        found[_FACTS[kind]].append(_fact(kind, row[7:], _shared(row, zone)))
    return {name: tuple(entries) for name, entries in found.items()}


def _fact(kind: FactKind, row: tuple[Any, ...], shared: dict[str, Any]) -> Entry:
    code, tenths, since, until = row
    if kind is FactKind.CONDITION:
        return ConditionEntry(**shared, code=code, since=since, until=until)
    if kind is FactKind.MEDICINE:
        return CoMedicationEntry(**shared, code=code, since=since, until=until)
    if kind is FactKind.INTERRUPTION:
        return InterruptionEntry(**shared, code=code, first_on=since, last_on=until)
    amount = Fraction(tenths, 10)
    if kind is FactKind.KIDNEY:
        return KidneyReadingEntry(**shared, on=since, egfr=amount)
    return DispensingEntry(**shared, on=since, product=code, quantity=amount)


_PLAN = (
    "public_id", "number", "version", "kind", "state", "drafted_at", "drafted_by__full_name", "signed_at",
    "signed_by__full_name", "held_on", "ended_on", "content_hash",
)  # fmt: skip


def _plans(patient: Patient, zone: ZoneInfo) -> Iterator[PlanEntry]:
    """Plans and their steps in one query, by number and version."""
    rows = PlanStep.objects.filter(plan__patient=patient).order_by("plan__number", "plan__version", "number")
    columns = ("public_id", "number", "starts_on", "state", *_DOSES, *(f"plan__{name}" for name in _PLAN))
    steps: dict[tuple[Any, ...], list[PlannedStep]] = {}
    for row in rows.values_list(*columns):
        step = PlannedStep(
            id=str(row[0]), number=row[1], starts_on=row[2], state=row[3], regimen=_regimen(list(row[4:8]))
        )
        steps.setdefault(row[8:], []).append(step)
    for plan, planned in steps.items():
        yield _plan(plan, tuple(planned), zone)


def _plan(row: tuple[Any, ...], steps: tuple[PlannedStep, ...], zone: ZoneInfo) -> PlanEntry:
    (
        public_id,
        number,
        version,
        kind,
        state,
        drafted_at,
        drafted_by,
        signed_at,
        signed_by,
        held_on,
        ended_on,
        content,
    ) = row
    return PlanEntry(
        id=str(public_id),
        number=number,
        version=version,
        kind=PlanKind(kind),
        state=PlanState(state),
        steps=steps,
        drafted_at=drafted_at.astimezone(zone),
        drafted_by=drafted_by,
        signed_at=_local(signed_at, zone),
        signed_by=signed_by or "",
        held_on=held_on,
        ended_on=ended_on,
        content_hash=content,
    )


def _reviews(patient: Patient) -> Iterator[ReviewEntry]:
    rows = Review.objects.filter(patient=patient).order_by("due_on", "pk")
    for public_id, due_on, how, purpose, done_on in rows.values_list(
        "public_id", "due_on", "how", "purpose", "done_on"
    ):
        yield ReviewEntry(id=str(public_id), due_on=due_on, how=how, purpose=purpose, done_on=done_on)


def _flags(patient: Patient, zone: ZoneInfo) -> Iterator[FlagEntry]:
    for flag in (
        Flag.objects.filter(patient=patient).select_related("accepted_by").order_by("-urgency", "opened_at", "pk")
    ):
        yield FlagEntry(
            id=str(flag.public_id),
            code=flag.code,
            severity=flag.severity,
            state=flag.state,
            episode_on=flag.episode_on,
            opened_at=flag.opened_at.astimezone(zone),
            fingerprint=flag.fingerprint,
            title=flag.title,
            why=tuple(flag.shown.get("why", ())),
            consider=tuple(flag.shown.get("consider", ())),
            guidance_version=flag.guidance_version,
            accepted_reason=flag.accepted_reason,
            accepted_comment=flag.accepted_comment,
            accepted_by=flag.accepted_by.full_name if flag.accepted_by else "",
            accepted_at=_local(flag.accepted_at, zone),
            expires_at=_local(flag.expires_at, zone),
            resolved_at=_local(flag.resolved_at, zone),
        )
