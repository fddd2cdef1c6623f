"""What was reported as taken, for some patients of a clinic since a day: what the worklist draws and asks about."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, tzinfo
from typing import Any

from django.db.models import Q, QuerySet

from titration.domain.record import EntryStatus, IntakeEntry, IntakeKind, TreatmentEntry, TreatmentState
from titration.models import IntakeReport, TreatmentChange
from titration.selectors.follow_up import DOSES, regimen_of
from titration.selectors.prepared import Prepared


def _rows(first: date, *patients: int) -> QuerySet[Any, Any]:
    rows = IntakeReport.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first), patient__in=patients, status=EntryStatus.CURRENT
    )
    columns = ("patient", "recorded_at", "kind", "starts_on", "ends_on", "daily_mcg", *DOSES)
    return rows.order_by("recorded_at", "pk").values_list(*columns)


_ROWS = Prepared(_rows)


def read_intakes(patients: Collection[int], first: date, zone: tzinfo) -> dict[int, list[IntakeEntry]]:
    """By the patients' primary keys, in the order of recording: what speaks of the first day or a later one."""
    found: dict[int, list[IntakeEntry]] = defaultdict(list)
    for patient, recorded_at, kind, starts_on, ends_on, daily_mcg, *doses in _ROWS.of(patients, first):
        found[patient].append(
            IntakeEntry(
                id="", recorded_at=recorded_at.astimezone(zone), recorded_by="", kind=IntakeKind(kind),
                starts_on=starts_on, ends_on=ends_on, daily_mcg=daily_mcg,
                regimen=None if None in doses else regimen_of(doses),
            )
        )  # fmt: skip
    return found


def _changes(*patients: int) -> QuerySet[Any, Any]:
    rows = TreatmentChange.objects.filter(patient__in=patients, status=EntryStatus.CURRENT)
    return rows.order_by("recorded_at", "pk").values_list("patient", "recorded_at", "kind", "starts_on", "last_mcg")


_CHANGES = Prepared(_changes)


def read_changes(patients: Collection[int]) -> dict[int, list[TreatmentEntry]]:
    """Where the treatment of each stands, by primary key, in the order of recording."""
    found: dict[int, list[TreatmentEntry]] = defaultdict(list)
    for patient, recorded_at, kind, starts_on, last_mcg in _CHANGES.of(patients):
        found[patient].append(
            TreatmentEntry(
                id="", recorded_at=recorded_at, recorded_by="", kind=TreatmentState(kind), starts_on=starts_on,
                last_mcg=last_mcg,
            )
        )  # fmt: skip
    return found
