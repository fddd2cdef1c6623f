"""What was observed.

Sedation, adverse effects and withdrawal signs, response scores. Never dated in the future, never before birth.
"""

from datetime import date, datetime

from titration.domain.days import show_full_day
from titration.domain.errors import DomainError
from titration.domain.record import EntryStatus, SymptomList
from titration.domain.vocabulary import (
    ADVERSE_EFFECTS,
    SCORE_VALUES,
    SYMPTOM_SEVERITIES,
    WITHDRAWAL_SEVERITY,
    WITHDRAWAL_SIGNS,
)
from titration.models import (
    Membership,
    Patient,
    ResponseScore,
    SedationReport,
    SymptomReport,
    TreatmentChange,
    TreatmentStatus,
)
from titration.permissions import check_can_log
from titration.services.drafts import Key, ScoresDraft, SedationDraft, SymptomsDraft
from titration.services.entries import supersede, tell_and_judge
from titration.services.writing import check_codes, journey, locked, store, today_in

_CODES = {SymptomList.ADVERSE_EFFECT: ADVERSE_EFFECTS, SymptomList.WITHDRAWAL_SIGN: WITHDRAWAL_SIGNS}


@journey("sedation.recorded")
def record_sedation(
    *, actor: Membership, patient: Patient, report: SedationDraft, now: datetime, key: Key | None = None
) -> SedationReport:
    check_can_log(actor)
    patient = locked(patient, actor)
    check_instant(report.at, patient, now)
    row = store(SedationReport(patient=patient, recorded_by=actor.user, recorded_at=now, **_sedation_columns(report)))
    detail = {"grade": row.grade, "at": row.at}
    tell_and_judge(row, "sedation.recorded", detail, patient=patient, actor=actor, now=now)
    return row


def _sedation_columns(report: SedationDraft) -> dict[str, object]:
    return {
        "at": report.at,
        "grade": report.grade,
        "source": report.source,
        "time_of_day": report.time_of_day,
        "falls": report.falls,
        "driving_affected": report.driving_affected,
        "note": report.note,
    }


@journey("symptoms.recorded")
def record_symptoms(
    *, actor: Membership, patient: Patient, report: SymptomsDraft, now: datetime, key: Key | None = None
) -> list[SymptomReport]:
    """One row for each code, so that each can end or be corrected on its own."""
    check_can_log(actor)
    patient = locked(patient, actor)
    _check_symptoms(report, patient, now)
    rows = [store(_symptom(report, code, patient, actor, now)) for code in dict.fromkeys(report.codes)]
    detail = {"list": report.symptom_list, "codes": sorted(report.codes), "onset_on": report.onset_on}
    tell_and_judge(rows[0], "symptoms.recorded", detail, patient=patient, actor=actor, now=now)
    return rows


def _check_symptoms(report: SymptomsDraft, patient: Patient, now: datetime) -> None:
    if not report.codes:
        raise DomainError("Choose at least one from the list.")
    check_codes(
        report.codes, _CODES[report.symptom_list], "sign" if report.symptom_list == "withdrawal_sign" else "effect"
    )
    check_codes([report.severity, *report.severities.values()], SYMPTOM_SEVERITIES, "severity")
    if "other" in report.codes and not report.other_text.strip():
        raise DomainError("Say in a few words what the other effect is.")
    for name in ("onset_on", "ended_on"):
        check_day(getattr(report, name), patient, now, about=name)
    if report.ended_on is not None and report.ended_on < report.onset_on:
        raise DomainError("Check the dates: the end is before the beginning.", about="ended_on")


def _symptom(report: SymptomsDraft, code: str, patient: Patient, actor: Membership, now: datetime) -> SymptomReport:
    usual = WITHDRAWAL_SEVERITY[code] if report.symptom_list is SymptomList.WITHDRAWAL_SIGN else report.severity
    return SymptomReport(
        patient=patient,
        recorded_by=actor.user,
        recorded_at=now,
        symptom_list=report.symptom_list,
        code=code,
        other_text=report.other_text if code == "other" else "",
        severity=report.severities.get(code, usual),
        onset_on=report.onset_on,
        ended_on=report.ended_on,
        note=report.note,
    )


@journey("symptom.ended")
def end_symptom(
    *, actor: Membership, entry: SymptomReport, ended_on: date, now: datetime, key: Key | None = None
) -> SymptomReport:
    """The effect or sign with its last day, as a new entry; the open one stays, superseded by it."""
    check_can_log(actor)
    patient = locked(entry.patient, actor)
    check_day(ended_on, patient, now, about="ended_on")
    if ended_on < entry.onset_on:
        raise DomainError("Check the date: the end is before the beginning.", about="ended_on")
    same = {name: getattr(entry, name) for name in _SYMPTOM_COLUMNS}
    row = SymptomReport(**same, patient=patient, ended_on=ended_on, recorded_by=actor.user, recorded_at=now)
    still_open = SymptomReport.objects.filter(pk=entry.pk, ended_on__isnull=True)
    supersede(still_open, row, reason="Ended by a later entry.")
    detail = {"list": row.symptom_list, "code": row.code, "ended_on": ended_on}
    tell_and_judge(row, "symptom.ended", detail, patient=patient, actor=actor, now=now)
    return row


_SYMPTOM_COLUMNS = ("symptom_list", "code", "other_text", "severity", "onset_on", "note")


@journey("scores.recorded")
def record_scores(
    *, actor: Membership, patient: Patient, report: ScoresDraft, now: datetime, key: Key | None = None
) -> list[ResponseScore]:
    check_can_log(actor)
    patient = locked(patient, actor)
    _check_scores(report, patient, now)
    same = {"patient": patient, "recorded_by": actor.user, "recorded_at": now, "at": report.at, "note": report.note}
    rows = [store(ResponseScore(**same, scale=scale, value=value)) for scale, value in report.values.items()]
    detail = {"scales": sorted(report.values), "at": report.at}
    tell_and_judge(rows[0], "scores.recorded", detail, patient=patient, actor=actor, now=now)
    return rows


def _check_scores(report: ScoresDraft, patient: Patient, now: datetime) -> None:
    if not report.values:
        raise DomainError("Write at least one score.")
    check_codes(tuple(report.values), SCORE_VALUES, "scale")
    for scale, value in report.values.items():
        check_codes([value], SCORE_VALUES[scale], f"{scale} score")
    check_instant(report.at, patient, now)


def check_instant(at: datetime, patient: Patient, now: datetime, *, about: str = "at") -> None:
    if at > now:
        raise DomainError("A report is about the past: choose a time that is not in the future.", about=about)
    check_day(today_in(patient.clinic, at), patient, now, about=about)


def check_day(day: date | None, patient: Patient, now: datetime, *, about: str = "") -> None:
    """A day that was lived: not in the future in the clinic's zone, not before birth, not after a death."""
    check_past_day(day, patient, now, about=about)
    if day is None or patient.treatment_status != TreatmentStatus.DIED:
        return
    died = TreatmentChange.objects.filter(patient=patient, kind=TreatmentStatus.DIED, status=EntryStatus.CURRENT)
    if (change := died.order_by("-pk").first()) is not None and day > change.starts_on:
        words = f"The patient died on {show_full_day(change.starts_on)}: choose a day up to then."
        raise DomainError(words, about=about)


def check_past_day(day: date | None, patient: Patient, now: datetime, *, about: str = "") -> None:
    if day is None:
        return
    if day > today_in(patient.clinic, now):
        raise DomainError("A report is about the past: choose a date that is not in the future.", about=about)
    if day < patient.birth_date:
        raise DomainError("Check the date: it is before the patient was born.", about=about)
