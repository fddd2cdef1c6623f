"""What was really taken.

It overrides the prescription for its dates; a later report wins date by date. Taken totals may pass the ceiling.
"""

from datetime import date, datetime

from titration.domain.errors import DomainError
from titration.domain.intake_span import last_day
from titration.domain.record import IntakeKind
from titration.models import IntakeReport, Membership, Patient
from titration.permissions import check_can_log
from titration.services.drafts import IntakeDraft, Key
from titration.services.entries import tell_and_judge
from titration.services.prescribed import doses
from titration.services.reports import check_day, check_instant
from titration.services.writing import journey, locked, store

_BY_TIME = (IntakeKind.BY_TIME, IntakeKind.MISSED)


@journey("intake.recorded")
def record_intake(
    *, actor: Membership, patient: Patient, report: IntakeDraft, now: datetime, key: Key | None = None
) -> IntakeReport:
    check_can_log(actor)
    patient = locked(patient, actor)
    _check(report, patient, now)
    row = store(IntakeReport(patient=patient, recorded_by=actor.user, recorded_at=now, **_columns(report)))
    detail = {"kind": row.kind, "starts_on": row.starts_on, "ends_on": row.ends_on}
    tell_and_judge(row, "intake.recorded", detail, patient=patient, actor=actor, now=now)
    return row


def _last_day(report: IntakeDraft) -> date | None:
    return last_day(report.kind, starts_on=report.starts_on, ends_on=report.ends_on, goes_on=report.goes_on)


def _check(report: IntakeDraft, patient: Patient, now: datetime) -> None:
    check_day(report.starts_on, patient, now, about="starts_on")
    check_day(report.ends_on, patient, now, about="ends_on")
    if report.ends_on is not None and report.ends_on < report.starts_on:
        raise DomainError("Check the dates: the end is before the beginning.")
    if report.kind in _BY_TIME and report.regimen is None:
        raise DomainError("Write what was taken at each time of day; write 0 for none.")
    if report.kind is IntakeKind.DAILY_TOTAL and report.daily_mcg is None:
        raise DomainError("Write the total that was taken each day.")
    if report.kind is IntakeKind.MISSED and not (report.missed and report.due):
        raise DomainError("Write how many doses were missed a day, and how many were due.")
    if report.last_dose_at is not None:
        check_instant(report.last_dose_at, patient, now, about="last_dose_at")


def _columns(report: IntakeDraft) -> dict[str, object]:
    by_time = doses(report.regimen) if report.kind in _BY_TIME and report.regimen is not None else {}
    missed = report.kind is IntakeKind.MISSED
    return {
        **by_time,
        "kind": report.kind,
        "starts_on": report.starts_on,
        "ends_on": _last_day(report),
        "daily_mcg": report.daily_mcg if report.kind is IntakeKind.DAILY_TOTAL else None,
        "missed": report.missed if missed else None,
        "due": report.due if missed else None,
        "last_dose_at": report.last_dose_at,
        "note": report.note,
    }
