"""What is kept only for a while: an uploaded file that nobody imported holds a patient's history beside the record."""

from collections import Counter
from datetime import datetime, timedelta

from titration.models import Clinic, HistoryImport, ImportState
from titration.services.audit import audited, record_event

DRAFT_DAYS = 7


def expire_import_drafts(now: datetime) -> int:
    """Deletes drafts uploaded more than a week ago. How many; the audit keeps the number by clinic."""
    old = HistoryImport.objects.filter(state=ImportState.DRAFT, uploaded_at__lt=now - timedelta(days=DRAFT_DAYS))
    if not old.exists():
        return 0
    with audited():
        counted = Counter(old.select_for_update(of=("self",)).values_list("patient__clinic_id", flat=True))
        old.delete()
        for clinic in Clinic.objects.filter(pk__in=counted):
            detail = {"drafts": counted[clinic.pk]}
            record_event(clinic=clinic, actor=None, action="import.drafts_expired", detail=detail, now=now)
    return counted.total()
