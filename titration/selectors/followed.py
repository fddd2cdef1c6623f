"""Who is judged, visited and listed."""

from django.db.models import Q

from titration.models import TreatmentStatus


def followed(path: str = "") -> Q:
    """Patients who are judged: under treatment, or over since a day on file. path: to the patient, with its end."""
    dated = [TreatmentStatus.ENDED, TreatmentStatus.MOVED]
    going_on = Q(**{f"{path}treatment_status": TreatmentStatus.UNDER_TREATMENT})
    return going_on | Q(**{f"{path}treatment_status__in": dated, f"{path}treatment_version__gt": 0})
