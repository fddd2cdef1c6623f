"""Entered in error.

The entry stays visible with who, when and why, and no longer counts. Nothing that was entered is changed.
"""

from datetime import datetime

from titration.domain.errors import DomainError
from titration.domain.record import EntryStatus
from titration.models import Entry, Membership, RegimenChange
from titration.permissions import check_can_log, check_can_prescribe
from titration.services.audit import record_event
from titration.services.flags import refresh_flags
from titration.services.writing import journey, locked, moved


@journey("entry.entered_in_error")
def mark_entered_in_error[Row: Entry](*, actor: Membership, entry: Row, reason: str, now: datetime) -> Row:
    """A prescribed regimen is corrected by a clinician, every other entry by whoever may record it."""
    _check_may_correct(actor, entry)
    patient = locked(entry.patient, actor)
    if not reason.strip():
        raise DomainError("Say what is wrong with this entry.")
    entries = type(entry)._default_manager
    moved(
        entries.filter(pk=entry.pk, status=EntryStatus.CURRENT),
        status=EntryStatus.ENTERED_IN_ERROR,
        status_reason=reason,
        status_by=actor.user,
        status_at=now,
    )
    record_event(
        clinic=actor.clinic,
        actor=actor,
        action="entry.entered_in_error",
        subject=entry,
        patient=patient,
        detail={"recorded_at": entry.recorded_at},
        now=now,
    )
    refresh_flags(patient=patient, now=now, actor=actor, corrected=True)
    return entries.get(pk=entry.pk)


def _check_may_correct(actor: Membership, entry: Entry) -> None:
    if isinstance(entry, RegimenChange) and not entry.as_told:
        check_can_prescribe(actor)
    check_can_log(actor)
