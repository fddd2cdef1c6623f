"""What is kept only for a while: an uploaded file that nobody imported holds a patient's history beside the record; a
form that an ended session had sent waits for its person; a session names a person and an address; the steps of a week
wait to be fetched.
"""

from collections import Counter
from datetime import datetime, timedelta

from titration.models import Clinic, HistoryImport, ImportState, Session, SharedValue, WeekPaper
from titration.services.audit import audited, record_event
from titration.services.week_papers import KEPT_HOURS

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


def erase_what_ended(now: datetime) -> int:
    """Deletes sessions, shared values and unfetched papers that are over: by themselves they would stay, and go into
    every backup. How many.
    """
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    values, _ = SharedValue.objects.filter(expires__lt=now).delete()
    papers, _ = WeekPaper.objects.filter(asked_at__lt=now - timedelta(hours=KEPT_HOURS)).delete()
    return sessions + values + papers
