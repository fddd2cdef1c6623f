"""A patient's imports, and one of them by its public id. A draft belongs to who uploaded it."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404

from titration.models import HistoryImport, ImportState, Membership, Patient
from titration.selectors.objects import NOT_FOUND, visible_patients


def imports_of(patient: Patient) -> list[HistoryImport]:
    """What was imported, newest first, without the cells."""
    done = HistoryImport.objects.filter(patient=patient).exclude(state=ImportState.DRAFT).defer("cells", "entry_ids")
    return list(done.select_related("imported_by", "undone_by").order_by("-pk"))


def get_import(membership: Membership, patient: Patient, public_id: UUID) -> HistoryImport:
    """Raises Http404."""
    mine = ~Q(state=ImportState.DRAFT) | Q(uploaded_by=membership.user_id)
    rows = HistoryImport.objects.filter(mine, patient=patient, patient__in=visible_patients(membership))
    row = rows.select_related("imported_by", "undone_by").filter(public_id=public_id).first()
    if row is None:
        raise Http404(NOT_FOUND)
    row.patient = patient
    return row
