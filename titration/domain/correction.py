"""What a prescription falls back to when one of its entries no longer counts.

Only what is on file is read; nothing is judged.
"""

from dataclasses import replace
from datetime import date

from titration.domain.history import prescribed_regimens
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen


def prescribed_without(record: PatientRecord, entry_id: str, on: date) -> tuple[date, Regimen] | None:
    """Since when, and what, would be prescribed on a day without that regimen change; None when nothing is known."""
    rest = replace(record, regimens=tuple(entry for entry in record.regimens if entry.id != entry_id))
    earlier = [(since, regimen) for since, regimen in prescribed_regimens(rest) if since <= on]
    return earlier[-1] if earlier else None
