"""What a clinic set for itself, newest first, with who did it."""

from titration.models import Clinic, ClinicChange


def clinic_changes(clinic: Clinic) -> list[ClinicChange]:
    return list(ClinicChange.objects.filter(clinic=clinic).select_related("changed_by").order_by("-number"))
