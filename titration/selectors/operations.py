"""What whoever runs the server asks: counts over all clinics, never a patient."""

from datetime import datetime, time

from django.db.models import Count, Min

from titration.models import Clinic, Flag, Patient, TreatmentStatus
from titration.models.flags import WAITING


def waiting_flags() -> dict[str, int]:
    """Flags that wait for an answer, by severity."""
    counted = Flag.objects.filter(state__in=WAITING).values_list("severity").annotate(count=Count("pk"))
    return dict(counted.order_by("severity"))


def reassess_lag_seconds(now: datetime) -> float:
    """How long ago the day began on which the longest waiting patient was due; 0 when nobody waits."""
    under_treatment = Patient.objects.filter(treatment_status=TreatmentStatus.UNDER_TREATMENT)
    earliest = dict(under_treatment.values_list("clinic_id").annotate(first=Min("next_assessment_on")))
    lags = [0.0]
    for clinic in Clinic.objects.filter(pk__in=[pk for pk, first in earliest.items() if first]):
        due_at = datetime.combine(earliest[clinic.pk], time(), tzinfo=clinic.zone)
        lags.append((now - due_at).total_seconds())
    return max(lags)
