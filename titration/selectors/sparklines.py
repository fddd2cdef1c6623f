"""Taken totals of the last eight weeks for some patients.

Two queries, each reading only what the weeks and the day before them need.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from titration.domain.history import DoseHistory, taken_over
from titration.domain.plan_transitions import TOLD_STATES
from titration.domain.record import EntryStatus, IntakeEntry, TreatmentEntry
from titration.domain.reported import is_told
from titration.domain.treatment import as_reports, closed, closings
from titration.models import PlanStep, RegimenChange
from titration.selectors.follow_up import DOSES
from titration.selectors.intakes import read_reported
from titration.selectors.prepared import Prepared

SPARK_DAYS = 56


@dataclass(frozen=True, slots=True)
class Sparkline:
    """taken: mcg of each of the last 56 days, oldest first. prescribed: the history behind it, from the first of these
    days. is_unconfirmed: of today's dose only a plan says that it is taken.
    """

    taken: tuple[int | None, ...]
    prescribed: DoseHistory
    today: date
    is_unconfirmed: bool = False

    @property
    def prescribed_today(self) -> int | None:
        return self.prescribed.on(self.today.toordinal())

    def prescribed_before(self, day: date) -> int | None:
        return self.prescribed.on(day.toordinal() - 1)


def read_sparklines(patients: Collection[int], today: date) -> dict[int, Sparkline]:
    """By the patients' primary keys."""
    first = today - timedelta(days=SPARK_DAYS - 1)
    prescribed: dict[int, list[tuple[int, int]]] = defaultdict(list)
    settled: dict[int, set[int]] = defaultdict(set)
    told_nothing: dict[int, int] = {}
    for patient, starts_on, *columns in _PRESCRIBED.of(patients, first):
        if columns[len(DOSES)] == _TOLD_NOTHING:
            told_nothing[patient] = starts_on.toordinal()
        else:
            if columns[-1]:
                settled[patient].add(starts_on.toordinal())
            prescribed[patient].append((starts_on.toordinal(), sum(columns[: len(DOSES)])))
    for patient, day in told_nothing.items():
        prescribed[patient] = _with_nothing_before(prescribed[patient], day)
    intakes, changes = read_reported(patients, first, UTC)
    return {
        patient: replace(
            _sparkline(prescribed[patient], intakes[patient], changes[patient], first, today),
            is_unconfirmed=_is_unconfirmed(
                prescribed[patient], settled[patient], intakes[patient], changes[patient], today
            ),
        )
        for patient in patients
    }


def _is_unconfirmed(
    prescribed: Iterable[tuple[int, int]],
    settled: Collection[int],
    intakes: Collection[IntakeEntry],
    changes: Collection[TreatmentEntry],
    today: date,
) -> bool:
    """As `domain.reported` says it of a whole record."""
    begun = max((day for day, _ in prescribed if day <= today.toordinal()), default=None)
    if begun is None or begun in settled or is_told(intakes, today):
        return False
    return not any(begun <= closing.first_on.toordinal() <= today.toordinal() for closing in closings(changes))


def _with_nothing_before(prescribed: list[tuple[int, int]], told_on: int) -> list[tuple[int, int]]:
    """Who was registered with 0 mg and begins on that very day took nothing the day before, as the record says too."""
    totals = dict(prescribed)
    begins_then = bool(totals) and min(totals) == told_on and totals[told_on] > 0
    return [(told_on - 1, 0), *prescribed] if begins_then else prescribed


def _sparkline(
    prescribed: Iterable[tuple[int, int]],
    intakes: Collection[IntakeEntry],
    changes: Collection[TreatmentEntry],
    first: date,
    today: date,
) -> Sparkline:
    doses = closed({date.fromordinal(day): mcg for day, mcg in prescribed}, changes, 0)
    history = DoseHistory.of((day.toordinal(), mcg) for day, mcg in doses.items())
    intakes = (*intakes, *as_reports(changes))
    return Sparkline(tuple(taken_over(history, intakes).span(first.toordinal(), today.toordinal())), history, today)


_ORDER = ("source", "plan_number", "plan_version", "place")
_TOLD = [state.value for state in TOLD_STATES]
_STEP, _REGIMEN, _TOLD_NOTHING = range(3)


def _prescribed(first: date, *patients: int) -> QuerySet[Any, Any]:
    """Steps that count, then regimen changes: of one date the later row is the one that holds. Which plan a step
    belonged to does not matter to a total.
    """
    rows = _steps(first, patients).union(_regimens(first, patients), _told_nothing(first, patients), all=True)
    return rows.order_by(*_ORDER)


_PRESCRIBED = Prepared(_prescribed)


def _steps(first: date, patients: tuple[int, ...]) -> QuerySet[Any, Any]:
    counting = PlanStep.objects.filter(
        Q(plan__held_on=None) | Q(starts_on__lt=F("plan__held_on")),
        Q(plan__ended_on=None) | Q(starts_on__lt=F("plan__ended_on")),
        plan__signed_at__isnull=False,
    )
    same_patient = counting.filter(plan__patient=OuterRef("plan__patient"))
    rows = _from_last_before(counting.filter(plan__patient__in=patients), same_patient, first)
    order = {"plan_number": F("plan__number"), "plan_version": F("plan__version"), "place": F("number")}
    is_settled = Case(When(state__in=_TOLD, then=Value(1)), default=Value(0), output_field=IntegerField())
    return _rows(rows, of=F("plan__patient_id"), source=Value(_STEP), is_settled=is_settled, **order)


def _regimens(first: date, patients: tuple[int, ...]) -> QuerySet[Any, Any]:
    current = RegimenChange.objects.filter(status=EntryStatus.CURRENT)
    same_patient = current.filter(patient=OuterRef("patient"))
    rows = _from_last_before(current.filter(patient__in=patients), same_patient, first)
    return _regimen_rows(rows, _REGIMEN)


def _told_nothing(first: date, patients: tuple[int, ...]) -> QuerySet[Any, Any]:
    """Told at registration that none is taken, and superseded by a dose of that day."""
    told = RegimenChange.objects.filter(status=EntryStatus.SUPERSEDED, as_told=True, **dict.fromkeys(DOSES, 0))
    return _regimen_rows(told.filter(patient__in=patients, starts_on__gte=first).order_by(), _TOLD_NOTHING)


def _regimen_rows(rows: QuerySet[Any, Any], source: int) -> QuerySet[Any, Any]:
    order = {"plan_number": Value(0), "plan_version": Value(0), "place": Value(0)}
    is_settled = Value(1, output_field=IntegerField())
    return _rows(rows, of=F("patient_id"), source=Value(source), is_settled=is_settled, **order)


def _rows(rows: QuerySet[Any, Any], **columns: Any) -> QuerySet[Any, Any]:
    named: QuerySet[Any, Any] = rows.annotate(**columns).values_list("of", "starts_on", *DOSES, *_ORDER, "is_settled")
    return named


def _from_last_before(rows: QuerySet[Any], earlier: QuerySet[Any], first: date) -> QuerySet[Any]:
    """From the last row that began on or before the first day: what came earlier cannot be seen."""
    last = earlier.filter(starts_on__lte=first).order_by("-starts_on").values("starts_on")[:1]
    return rows.order_by().filter(starts_on__gte=Coalesce(Subquery(last), first))
