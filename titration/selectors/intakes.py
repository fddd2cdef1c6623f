"""What was reported as taken, for some patients of a clinic since a day, and where their treatment stands: what the
worklist draws and asks about, in one query.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, tzinfo
from typing import Any

from django.db.models import DateField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from titration.domain.record import EntryStatus, IntakeEntry, IntakeKind, TreatmentEntry, TreatmentState
from titration.models import IntakeReport, TreatmentChange
from titration.selectors.follow_up import DOSES, regimen_of
from titration.selectors.prepared import Prepared

_COLUMNS = ("of", "recorded_at", "row", "what", "starts_on", "last_day", "total", *(f"at_{name}" for name in DOSES))


def _rows(first: date, *patients: int) -> QuerySet[Any, Any]:
    reports = IntakeReport.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first), patient__in=patients, status=EntryStatus.CURRENT
    )
    changes = TreatmentChange.objects.filter(patient__in=patients, status=EntryStatus.CURRENT)
    doses = {f"at_{name}": F(name) for name in DOSES}
    told = _named(reports, last_day=F("ends_on"), total=F("daily_mcg"), **doses)
    no_dose = {f"at_{name}": Cast(Value(None), IntegerField()) for name in DOSES}
    stands = _named(changes, last_day=Cast(Value(None), DateField()), total=F("last_mcg"), **no_dose)
    return told.union(stands, all=True).order_by("recorded_at", "row")


def _named(rows: QuerySet[Any], **columns: Any) -> QuerySet[Any, Any]:
    named: QuerySet[Any, Any] = (
        rows.order_by().annotate(of=F("patient_id"), row=F("pk"), what=F("kind"), **columns).values_list(*_COLUMNS)
    )
    return named


_ROWS = Prepared(_rows)

type Reported = tuple[dict[int, list[IntakeEntry]], dict[int, list[TreatmentEntry]]]


def read_reported(patients: Collection[int], first: date, zone: tzinfo) -> Reported:
    """By the patients' primary keys, in the order of recording: reports that speak of the first day or a later one, and
    every change of where a treatment stands.
    """
    intakes: dict[int, list[IntakeEntry]] = defaultdict(list)
    changes: dict[int, list[TreatmentEntry]] = defaultdict(list)
    for patient, recorded_at, _, kind, starts_on, ends_on, total, *doses in _ROWS.of(patients, first):
        shared = {"id": "", "recorded_at": recorded_at.astimezone(zone), "recorded_by": "", "starts_on": starts_on}
        if kind in TreatmentState:
            changes[patient].append(TreatmentEntry(**shared, kind=TreatmentState(kind), last_mcg=total))
        else:
            regimen = None if None in doses else regimen_of(doses)
            intakes[patient].append(
                IntakeEntry(**shared, kind=IntakeKind(kind), ends_on=ends_on, daily_mcg=total, regimen=regimen)
            )
    return intakes, changes


def read_intakes(patients: Collection[int], first: date, zone: tzinfo) -> dict[int, list[IntakeEntry]]:
    """The reports alone."""
    return read_reported(patients, first, zone)[0]
