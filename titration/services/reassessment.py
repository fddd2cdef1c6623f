"""What time alone changes.

Visits the patients whose day has come, each in a transaction of its own. Doing it twice changes nothing more.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from titration.models import Clinic, Patient, TreatmentStatus
from titration.services.flags import refresh_flags
from titration.services.plans.following import complete_finished_plan
from titration.services.writing import today_in


def patients_due(now: datetime) -> list[int]:
    """Primary keys of the patients whose next assessment is today or was missed, by each clinic's own today."""
    due: list[int] = []
    for clinic in Clinic.objects.all():
        rows = Patient.objects.filter(
            clinic=clinic,
            next_assessment_on__lte=today_in(clinic, now),
            treatment_status=TreatmentStatus.UNDER_TREATMENT,
        )
        due += rows.order_by("next_assessment_on", "pk").values_list("pk", flat=True)
    return due


@transaction.atomic
def reassess_patient(pk: int, now: datetime) -> None:
    patient = Patient.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=pk)
    complete_finished_plan(patient=patient, now=now)
    refresh_flags(patient=patient, now=now)


def reassess_due(now: datetime) -> Iterator[tuple[int, int]]:
    """Visit them one after the other.

    Yields how many are done, of how many, after each. May be left off at any time.
    """
    due = patients_due(now)
    for done, pk in enumerate(due, start=1):
        reassess_patient(pk, now)
        yield done, len(due)
