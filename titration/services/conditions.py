"""Conditions that the rules ask for, from a day on and until a day, unknown allowed."""

from datetime import date, datetime
from uuid import UUID

from titration.domain.errors import DomainError
from titration.domain.record import EntryStatus
from titration.domain.vocabulary import CONDITIONS
from titration.models import Membership, Patient, PatientCondition
from titration.permissions import check_can_log
from titration.services.audit import record_event
from titration.services.flags import refresh_flags
from titration.services.reports import check_day
from titration.services.writing import check_codes, journey, locked, moved, open_submission, store, today_in


@journey("condition.recorded")
def record_condition(
    *,
    actor: Membership,
    patient: Patient,
    code: str,
    now: datetime,
    since: date | None = None,
    note: str = "",
    key: UUID | None = None,
) -> PatientCondition:
    check_can_log(actor)
    submission = open_submission(key, actor=actor, now=now)
    if earlier := submission.earlier(PatientCondition):
        return earlier[0]
    patient = locked(patient, actor)
    check_codes([code], CONDITIONS, "condition")
    check_day(since, patient, now)
    row = store(_row(patient, code, since=since, note=note, actor=actor, now=now))
    submission.close(row)
    _audit(row, "condition.recorded", actor, now)
    refresh_flags(patient=patient, now=now, actor=actor)
    return row


def _row(
    patient: Patient,
    code: str,
    *,
    since: date | None,
    note: str,
    actor: Membership,
    now: datetime,
    until: date | None = None,
) -> PatientCondition:
    return PatientCondition(
        patient=patient, code=code, since=since, until=until, note=note, recorded_by=actor.user, recorded_at=now
    )


@journey("condition.ended")
def end_condition(*, actor: Membership, entry: PatientCondition, until: date, now: datetime) -> PatientCondition:
    """The condition with its end, as a new entry that supersedes the open one."""
    check_can_log(actor)
    patient = locked(entry.patient, actor)
    if until > today_in(patient.clinic, now) or (entry.since is not None and until < entry.since):
        raise DomainError("Choose an end that is not in the future and not before the beginning.")
    moved(
        PatientCondition.objects.filter(pk=entry.pk, status=EntryStatus.CURRENT),
        status=EntryStatus.SUPERSEDED,
        status_reason="Ended by a later entry.",
        status_by=actor.user,
        status_at=now,
    )
    row = store(_row(patient, entry.code, since=entry.since, until=until, note=entry.note, actor=actor, now=now))
    PatientCondition.objects.filter(pk=entry.pk).update(superseded_by=row)
    _audit(row, "condition.ended", actor, now)
    refresh_flags(patient=patient, now=now, actor=actor)
    return row


def _audit(row: PatientCondition, action: str, actor: Membership, now: datetime) -> None:
    record_event(
        clinic=actor.clinic,
        actor=actor,
        action=action,
        subject=row,
        patient=row.patient,
        detail={"code": row.code, "since": row.since, "until": row.until},
        now=now,
    )
