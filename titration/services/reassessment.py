"""What time alone changes.

Visits the patients whose day has come, each in a transaction of its own that says that the visit is done. Whatever
ends the work in between, whoever does it at the same time, and however often: no patient is left half assessed, and
nothing is said twice.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from titration.models import Clinic, Patient, TreatmentStatus
from titration.services.flags import refresh_flags
from titration.services.plans.following import complete_finished_plan
from titration.services.writing import today_in


def patients_due(now: datetime) -> list[int]:
    """Primary keys of the patients whose next assessment is today or was missed, by each clinic's own today."""
    return list(_due(now).order_by("next_assessment_on", "pk").values_list("pk", flat=True))


def _due(now: datetime) -> QuerySet[Patient]:
    come = Q(pk__in=[])
    for clinic in Clinic.objects.all():
        come |= Q(clinic=clinic, next_assessment_on__lte=today_in(clinic, now))
    return Patient.objects.filter(come, treatment_status=TreatmentStatus.UNDER_TREATMENT)


@transaction.atomic
def reassess_patient(pk: int, now: datetime) -> bool:
    """Whether there was anything to do: not for a patient whom another run has done, or is doing, meanwhile."""
    due = _due(now).select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    patient = due.select_related("clinic").filter(pk=pk).first()
    if patient is None:
        return False
    complete_finished_plan(patient=patient, now=now)
    refresh_flags(patient=patient, now=now)
    return True


def reassess_due(now: datetime) -> Iterator[tuple[int, int]]:
    """Visit them one after the other.

    Yields how many are done, of how many, after each. May be left off at any time.
    """
    due = patients_due(now)
    for done, pk in enumerate(due, start=1):
        reassess_patient(pk, now)
        yield done, len(due)
