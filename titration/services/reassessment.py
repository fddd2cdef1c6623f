"""What time alone changes.

Visits the patients whose day has come, each in a transaction of its own that says that the visit is done. Whatever
ends the work in between, whoever does it at the same time, and however often: no patient is left half assessed, and
nothing is said twice. A record that cannot be assessed is left as it was and keeps nobody else from their visit.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from traceback import walk_tb
from types import TracebackType

from django.db import connection
from django.db.models import Q, QuerySet

from titration.models import Clinic, Patient
from titration.selectors.followed import followed
from titration.services.audit import audited
from titration.services.flags import refresh_flags
from titration.services.plans import complete_finished_plan
from titration.services.writing import today_in


class NotAssessed(RuntimeError):
    """Some patients of a round could not be assessed and stay due. Says the class and place of each fault, and no
    text of it, which could hold a patient's value.
    """

    def __init__(self, faults: Counter[str]) -> None:
        told = (f"{count} patient{'' if count == 1 else 's'} not assessed: {fault}" for fault, count in faults.items())
        super().__init__("\n".join(told))


class _Faults(AbstractContextManager[None]):
    """Counts every fault of a visit, of whatever class, so that the round goes on; its end raises them."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(fault, Exception):
            return False
        self.counted[f"{type(fault).__name__} at {_place(trace)}"] += 1
        return True


def _place(trace: TracebackType | None) -> str:
    """The innermost line of our own code."""
    lines = ((frame.f_globals.get("__name__", ""), line) for frame, line in walk_tb(trace))
    ours = [f"{module}:{line}" for module, line in lines if module.startswith("titration.")]
    return ours[-1] if ours else "an unknown place"


def patients_due(now: datetime) -> list[int]:
    """Primary keys of the patients whose next assessment is today or was missed, by each clinic's own today."""
    return list(_due(now).order_by("next_assessment_on", "pk").values_list("pk", flat=True))


def _due(now: datetime) -> QuerySet[Patient]:
    come = Q(pk__in=[])
    for clinic in Clinic.objects.all():
        come |= Q(clinic=clinic, next_assessment_on__lte=today_in(clinic, now))
    return Patient.objects.filter(come, followed())


@audited()
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

    Yields how many are done, of how many, after each. May be left off at any time. Raises NotAssessed at its end when
    a patient's record could not be assessed.
    """
    due, faults = patients_due(now), _Faults()
    for visited, pk in enumerate(due, start=1):
        with faults:
            reassess_patient(pk, now)
        yield visited - faults.counted.total(), len(due)
    if faults.counted:
        raise NotAssessed(faults.counted)
