"""What whoever runs the server asks: counts over all clinics, never a patient."""

from collections.abc import Iterable
from datetime import datetime, time

from django.db.models import Count, Min

from titration.domain.findings import Severity
from titration.models import Clinic, Flag, Membership, Patient
from titration.models.flags import WAITING
from titration.permissions import Action, can
from titration.selectors.followed import followed

URGENT = (Severity.CRITICAL, Severity.HIGH)


def waiting_flags() -> dict[str, int]:
    """Flags that wait for an answer, by severity."""
    counted = Flag.objects.filter(state__in=WAITING).values_list("severity").annotate(count=Count("pk"))
    return dict(counted.order_by("severity"))


def reassess_lag_seconds(now: datetime) -> float:
    """How long ago the day began on which the longest waiting patient was due; 0 when nobody waits."""
    living = Patient.objects.filter(followed())
    earliest = dict(living.values_list("clinic_id").annotate(first=Min("next_assessment_on")))
    lags = [0.0]
    for clinic in Clinic.objects.filter(pk__in=[pk for pk, first in earliest.items() if first]):
        due_at = datetime.combine(earliest[clinic.pk], time(), tzinfo=clinic.zone)
        lags.append((now - due_at).total_seconds())
    return max(lags)


def urgent_flags_by_clinic() -> dict[int, dict[str, int]]:
    """Clinic's key -> severity -> how many high and critical flags wait on its worklist."""
    waiting = Flag.objects.filter(
        followed("patient__"),
        state__in=WAITING,
        severity__in=[each.label for each in URGENT],
    )
    found: dict[int, dict[str, int]] = {}
    for clinic, severity, count in waiting.values_list("patient__clinic_id", "severity").annotate(count=Count("pk")):
        found.setdefault(clinic, {})[severity] = count
    return found


def members_to_tell(clinic_ids: Iterable[int]) -> list[Membership]:
    """Members who may answer a flag and whose sign-in is not switched off."""
    active = Membership.objects.filter(clinic__in=clinic_ids, disabled_at=None, user__is_active=True)
    return [member for member in active.select_related("user", "clinic") if can(member, Action.ACCEPT_FLAG)]
