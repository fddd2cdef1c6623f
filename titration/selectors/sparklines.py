"""Taken totals of the last eight weeks for some patients.

Three queries, each reading only what the weeks and the day before them need.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from titration.domain.history import DoseHistory, prescribed_history, taken_history
from titration.domain.record import (
    EntryStatus,
    IntakeEntry,
    IntakeKind,
    PatientRecord,
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
    RegimenEntry,
)
from titration.domain.regimen import Regimen
from titration.models import IntakeReport, PlanStep, RegimenChange
from titration.selectors.prepared import Prepared

SPARK_DAYS = 56
_DOSES = ("morning_mcg", "midday_mcg", "evening_mcg", "bedtime_mcg")


@dataclass(frozen=True, slots=True)
class Sparkline:
    """taken.

    Mcg of each of the last 56 days, oldest first. prescribed: the history behind it, from the first of these days.
    """

    taken: tuple[int | None, ...]
    prescribed: DoseHistory

    def prescribed_before(self, day: date) -> int | None:
        return self.prescribed.on(day.toordinal() - 1)


def read_sparklines(patients: Collection[int], today: date, now: datetime) -> dict[int, Sparkline]:
    """By the patients' primary keys."""
    if not patients:
        return {}
    first = today - timedelta(days=SPARK_DAYS - 1)
    regimens, plans = _regimens(patients, first, now), _plans(patients, first, now)
    intakes = _intakes(patients, first)
    return {
        patient: _sparkline(_bare_record(regimens[patient], plans[patient], intakes[patient]), first, today)
        for patient in patients
    }


def _sparkline(record: PatientRecord, first: date, today: date) -> Sparkline:
    taken = taken_history(record).span(first.toordinal(), today.toordinal())
    return Sparkline(tuple(taken), prescribed_history(record))


def _bare_record(regimens: list[RegimenEntry], plans: list[PlanEntry], intakes: list[IntakeEntry]) -> PatientRecord:
    return PatientRecord(
        id="", name="", birth_date=date.min, identifier="", sex="", indication="", label_set="", time_zone="UTC",
        exposure_months=Fraction(0), regimens=tuple(regimens), plans=tuple(plans), intakes=tuple(intakes),
    )  # fmt: skip


def _from_last_before(rows: QuerySet[Any], earlier: QuerySet[Any], first: date) -> QuerySet[Any]:
    """From the last row that began on or before the first day: what came earlier cannot be seen."""
    last = earlier.filter(starts_on__lte=first).order_by("-starts_on").values("starts_on")[:1]
    return rows.filter(starts_on__gte=Coalesce(Subquery(last), first))


def _regimen_rows(first: date, *patients: int) -> QuerySet[Any, Any]:
    current = RegimenChange.objects.filter(status=EntryStatus.CURRENT)
    same_patient = current.filter(patient=OuterRef("patient"))
    rows = _from_last_before(current.filter(patient__in=patients), same_patient, first)
    return rows.order_by("starts_on").values_list("patient", "starts_on", *_DOSES)


_REGIMENS = Prepared(_regimen_rows)


def _regimens(patients: Collection[int], first: date, now: datetime) -> dict[int, list[RegimenEntry]]:
    found: dict[int, list[RegimenEntry]] = defaultdict(list)
    for patient, starts_on, *doses in _REGIMENS(first, *patients):
        found[patient].append(
            RegimenEntry(
                id="", recorded_at=now, recorded_by="", starts_on=starts_on, reason="", regimen=_regimen(doses)
            )
        )
    return found


def _regimen(doses: list[int]) -> Regimen:
    return Regimen.of((doses[0], doses[1], doses[2], doses[3]))


def _step_rows(first: date, *patients: int) -> QuerySet[Any, Any]:
    counting = PlanStep.objects.filter(
        Q(plan__held_on=None) | Q(starts_on__lt=F("plan__held_on")),
        Q(plan__ended_on=None) | Q(starts_on__lt=F("plan__ended_on")),
        plan__signed_at__isnull=False,
    )
    same_patient = counting.filter(plan__patient=OuterRef("plan__patient"))
    rows = _from_last_before(counting.filter(plan__patient__in=patients), same_patient, first)
    columns = ("plan__patient", "starts_on", *_DOSES)
    return rows.order_by("plan__number", "plan__version", "number").values_list(*columns)


_STEPS = Prepared(_step_rows)


def _plans(patients: Collection[int], first: date, now: datetime) -> dict[int, list[PlanEntry]]:
    found: dict[int, list[PlanEntry]] = defaultdict(list)
    for patient, starts_on, *doses in _STEPS(first, *patients):
        found[patient].append(_one_step_plan(starts_on, _regimen(doses), now))
    return found


def _one_step_plan(starts_on: date, regimen: Regimen, now: datetime) -> PlanEntry:
    """A step that counts, as a plan of its own: which plan it belonged to does not matter to a total."""
    step = PlannedStep(id="", number=1, starts_on=starts_on, regimen=regimen, state="planned")
    return PlanEntry(
        id="",
        number=1,
        version=1,
        kind=PlanKind.TITRATION,
        state=PlanState.RUNNING,
        steps=(step,),
        drafted_at=now,
        drafted_by="",
    )


def _intake_rows(first: date, *patients: int) -> QuerySet[Any, Any]:
    rows = IntakeReport.objects.filter(Q(ends_on=None) | Q(ends_on__gte=first), patient__in=patients, status="current")
    columns = ("patient", "recorded_at", "kind", "starts_on", "ends_on", "daily_mcg", *_DOSES)
    return rows.order_by("recorded_at", "pk").values_list(*columns)


_INTAKES = Prepared(_intake_rows)


def _intakes(patients: Collection[int], first: date) -> dict[int, list[IntakeEntry]]:
    found: dict[int, list[IntakeEntry]] = defaultdict(list)
    for patient, recorded_at, kind, starts_on, ends_on, daily_mcg, *doses in _INTAKES(first, *patients):
        found[patient].append(
            IntakeEntry(
                id="",
                recorded_at=recorded_at.astimezone(UTC),
                recorded_by="",
                kind=IntakeKind(kind),
                starts_on=starts_on,
                ends_on=ends_on,
                daily_mcg=daily_mcg,
                regimen=None if None in doses else _regimen(doses),
            )
        )
    return found
