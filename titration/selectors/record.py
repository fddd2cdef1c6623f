"""The only bridge, with `follow_up`, from rows to domain values: nine queries for a whole file, however long it is,
and one more where the treatment ended, moved or goes on again.

Rows come as tuples in the order of the columns named here, because a long history is read on every page. Instants are
put into the clinic's zone.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet

from titration.domain.products import Product
from titration.domain.record import (
    CoMedicationEntry,
    ConditionEntry,
    DispensingEntry,
    Entry,
    EntryStatus,
    FactKind,
    IntakeEntry,
    IntakeKind,
    InterruptionEntry,
    KidneyReadingEntry,
    PatientRecord,
    RegimenEntry,
    ScoreEntry,
    SedationEntry,
    SymptomEntry,
    SymptomList,
    TreatmentEntry,
    TreatmentState,
)
from titration.models import (
    IntakeReport,
    Patient,
    PatientFact,
    RegimenChange,
    ResponseScore,
    SedationReport,
    SymptomReport,
    TreatmentChange,
    TreatmentStatus,
)
from titration.selectors.follow_up import DOSES, flags_of, local, plans_of, regimen_of, reviews_of
from titration.selectors.prepared import Prepared

_ENTRY = ("public_id", "recorded_at", "recorded_by__full_name", "status", "status_reason", "note")
_ANSWER = ("answer_reason", "answer_comment")
_STATUS = {status.value: status for status in EntryStatus}
_INTAKE_KIND = {kind.value: kind for kind in IntakeKind}


def patient_record(patient: Patient, now: datetime) -> PatientRecord:  # noqa: ARG001 - every selector of a patient takes it
    """Everything on file.

    Patient.clinic is expected to be at hand. Entries of the same day are in the order of recording. Of who died no
    review is waited for.
    """
    zone = patient.clinic.zone
    has_died = patient.treatment_status == TreatmentStatus.DIED
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
        treatment=tuple(_treatment(patient, zone)),
        closed_as=TreatmentState(patient.treatment_status) if patient.is_closed_without_day else None,
        plans=tuple(plans_of(patient, zone)),
        reviews=tuple(review for review in reviews_of(patient) if review.done_on or not has_died),
        flags=tuple(flags_of(patient, zone)),
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


_REGIMENS = _entries(RegimenChange, "starts_on", "starts_on", "reason", "as_told", "backdate_reason", *_ANSWER, *DOSES)


def _regimens(patient: Patient, zone: ZoneInfo) -> Iterator[RegimenEntry]:
    for row in _REGIMENS(patient.pk):
        starts_on, reason, as_told, late_reason, answer, comment, *doses = row[6:]
        yield RegimenEntry(
            **_shared(row, zone),
            starts_on=starts_on,
            reason=reason,
            as_told=as_told,
            late_reason=late_reason,
            answered=_answered(patient, answer, comment),
            regimen=regimen_of(doses),
        )


_INTAKES = _entries(
    IntakeReport, "starts_on", "kind", "starts_on", "ends_on", "daily_mcg", "missed", "due", "last_dose_at", *DOSES
)


def _intakes(patient: Patient, zone: ZoneInfo) -> Iterator[IntakeEntry]:
    for row in _INTAKES(patient.pk):
        kind, starts_on, ends_on, daily_mcg, missed, due, last_dose_at, *doses = row[6:]
        yield IntakeEntry(
            **_shared(row, zone),
            kind=_INTAKE_KIND[kind],
            starts_on=starts_on,
            ends_on=ends_on,
            regimen=None if None in doses else regimen_of(doses),
            daily_mcg=daily_mcg,
            missed=missed,
            due=due,
            last_dose_at=local(last_dose_at, zone),
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


_TREATMENT = _entries(TreatmentChange, "recorded_at", "kind", "starts_on", "last_mcg", "handed_to", *_ANSWER)


def _treatment(patient: Patient, zone: ZoneInfo) -> Iterator[TreatmentEntry]:
    """Nothing is asked for where the treatment never changed, which is nearly always."""
    for row in _TREATMENT(patient.pk) if patient.treatment_version else ():
        kind, starts_on, last_mcg, handed_to, answer, comment = row[6:]
        yield TreatmentEntry(
            **_shared(row, zone),
            kind=TreatmentState(kind),
            starts_on=starts_on,
            last_mcg=last_mcg,
            handed_to=handed_to,
            answered=_answered(patient, answer, comment),
        )


def _answered(patient: Patient, reason: str, comment: str) -> str:
    """On specialist advice: seen on the ward"""
    if not reason:
        return ""
    words = patient.clinic.known_reasons.get(reason, reason)
    return f"{words}: {comment}" if comment else words


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
    own = patient.clinic.own_known_products
    for row in _FACT_ROWS(patient.pk):
        kind = FactKind(row[6])
        found[_FACTS[kind]].append(_fact(kind, row[7:], _shared(row, zone), own))
    return {name: tuple(entries) for name, entries in found.items()}


def _fact(kind: FactKind, row: tuple[Any, ...], shared: dict[str, Any], own: Mapping[str, Product]) -> Entry:
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
    return DispensingEntry(**shared, on=since, product=code, quantity=amount, own=own.get(code))
