"""What every entry on a patient does besides being stored: it is told to the audit, then the flags are judged anew.

One that takes the place of an earlier entry supersedes it; the earlier one stays, with the reason. The caller is a
journey, which holds the transaction and the patient's row.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from titration.domain.record import EntryStatus
from titration.models import Entry, Membership, Patient, Review
from titration.services.audit import record_event
from titration.services.flags import refresh_flags
from titration.services.writing import moved, store


def tell_and_judge(
    row: Entry | Review, action: str, detail: dict[str, Any], *, patient: Patient, actor: Membership, now: datetime
) -> None:
    record_event(clinic=actor.clinic, actor=actor, action=action, subject=row, patient=patient, detail=detail, now=now)
    refresh_flags(patient=patient, now=now, actor=actor)


def supersede[Row: Entry](earlier: QuerySet[Row], row: Row, *, reason: str) -> Row:
    """Store the row in the place of the one earlier entry, if that is still current: one is current at every moment."""
    moved(
        earlier.filter(status=EntryStatus.CURRENT),
        status=EntryStatus.SUPERSEDED,
        status_reason=reason,
        status_by=row.recorded_by,
        status_at=row.recorded_at,
    )
    store(row)
    earlier.update(superseded_by=row)
    return row
