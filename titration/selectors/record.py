"""The only bridge from rows to domain values: nine queries for a patient's whole file, however long it is.

Rows come as tuples in the order of the columns named here, because a long history is read on every page. Instants are
put into the clinic's zone.
"""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet

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
from titration.selectors.prepared import Prepared

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


def _entries(model: type[Model], order: str, *columns: str) -> Prepared:
    """One patient's rows, in the order of a column: what all entries share, then the columns named."""

    def query(patient: int) -> QuerySet[Any, Any]:
        return model._default_manager.filter(patient=patient).order_by(order, "pk").values_list(*_ENTRY, *columns)

    return Prepared(query)


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


_REGIMENS = _entries(RegimenChange, "starts_on", "starts_on", "reason", "as_told", *_DOSES)


def _regimens(patient: Patient, zone: ZoneInfo) -> Iterator[RegimenEntry]:
    for row in _REGIMENS(patient.pk):
        starts_on, reason, as_told, *doses = row[6:]
        yield RegimenEntry(
            **_shared(row, zone), starts_on=starts_on, reason=reason, as_told=as_told, regimen=_regimen(doses)
        )


def _regimen(doses: list[int]) -> Regimen:
    morning, midday, evening, bedtime = doses
    return Regimen(morning_mcg=morning, midday_mcg=midday, evening_mcg=evening, bedtime_mcg=bedtime)


_INTAKES = _entries(
    IntakeReport, "starts_on", "kind", "starts_on", "ends_on", "daily_mcg", "missed", "due", "last_dose_at", *_DOSES
)


def _intakes(patient: Patient, zone: ZoneInfo) -> Iterator[IntakeEntry]:
    for row in _INTAKES(patient.pk):
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


_SEDATIONS = _entries(SedationReport, "at", "at", "grade", "source", "time_of_day", "falls", "driving_affected")


def _sedations(patient: Patient, zone: ZoneInfo) -> Iterator[SedationEntry]:
    for row in _SEDATIONS(patient.pk):
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


_SYMPTOMS = _entries(
    SymptomReport, "onset_on", "symptom_list", "code", "severity", "onset_on", "ended_on", "other_text"
)


def _symptoms(patient: Patient, zone: ZoneInfo) -> Iterator[SymptomEntry]:
    for row in _SYMPTOMS(patient.pk):
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


_SCORES = _entries(ResponseScore, "at", "at", "scale", "value")


def _scores(patient: Patient, zone: ZoneInfo) -> Iterator[ScoreEntry]:
    for row in _SCORES(patient.pk):
        yield ScoreEntry(**_shared(row, zone), at=row[6].astimezone(zone), scale=row[7], value=row[8])


_FACTS = {
    FactKind.CONDITION: "conditions",
    FactKind.MEDICINE: "comedications",
    FactKind.KIDNEY: "kidney",
    FactKind.INTERRUPTION: "interruptions",
    FactKind.SUPPLY: "dispensings",
}
_FACT_ROWS = _entries(PatientFact, "recorded_at", "kind", "code", "tenths", "since", "until")


def _facts(patient: Patient, zone: ZoneInfo) -> dict[str, Any]:
    """All five kinds in one query, by the record's name of each."""
    found: dict[str, list[Entry]] = {name: [] for name in _FACTS.values()}
    for row in _FACT_ROWS(patient.pk):
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
_PLANS = Prepared(
    lambda patient: (
        PlanStep.objects.filter(plan__patient=patient)
        .order_by("plan__number", "plan__version", "number")
        .values_list("public_id", "number", "starts_on", "state", *_DOSES, *(f"plan__{name}" for name in _PLAN))
    )
)


def _plans(patient: Patient, zone: ZoneInfo) -> Iterator[PlanEntry]:
    """Plans and their steps in one query, by number and version."""
    steps: dict[tuple[Any, ...], list[PlannedStep]] = {}
    for row in _PLANS(patient.pk):
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


_REVIEWS = Prepared(
    lambda patient: (
        Review.objects.filter(patient=patient)
        .order_by("due_on", "pk")
        .values_list("public_id", "due_on", "how", "purpose", "done_on")
    )
)


def _reviews(patient: Patient) -> Iterator[ReviewEntry]:
    for public_id, due_on, how, purpose, done_on in _REVIEWS(patient.pk):
        yield ReviewEntry(id=str(public_id), due_on=due_on, how=how, purpose=purpose, done_on=done_on)


_FLAG = (
    "public_id", "code", "severity", "state", "episode_on", "opened_at", "fingerprint", "guidance_version",
    "accepted_reason", "accepted_comment", "accepted_by__full_name", "accepted_at", "expires_at", "resolved_at",
    "shown",
)  # fmt: skip
_FLAGS = Prepared(
    lambda patient: Flag.objects.filter(patient=patient).order_by("-urgency", "opened_at", "pk").values_list(*_FLAG)
)


def _flags(patient: Patient, zone: ZoneInfo) -> Iterator[FlagEntry]:
    reasons = patient.clinic.known_reasons
    for row in _FLAGS(patient.pk):
        flag = dict(zip(_FLAG, row, strict=True))
        shown = flag["shown"]
        yield FlagEntry(
            id=str(flag["public_id"]),
            code=flag["code"],
            severity=flag["severity"],
            state=flag["state"],
            episode_on=flag["episode_on"],
            opened_at=flag["opened_at"].astimezone(zone),
            fingerprint=flag["fingerprint"],
            title=str(shown.get("title", "")),
            why=tuple(shown.get("why", ())),
            consider=tuple(shown.get("consider", ())),
            guidance_version=flag["guidance_version"],
            accepted_reason=reasons.get(flag["accepted_reason"], flag["accepted_reason"]),
            accepted_comment=flag["accepted_comment"],
            accepted_by=flag["accepted_by__full_name"] or "",
            accepted_at=_local(flag["accepted_at"], zone),
            expires_at=_local(flag["expires_at"], zone),
            resolved_at=_local(flag["resolved_at"], zone),
        )
