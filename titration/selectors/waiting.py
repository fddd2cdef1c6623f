"""Who is on the worklist, as keys alone: patients with waiting flags, reviews due or overdue, steps of this week,
tablets that run out within seven days, steps that somebody should still speak of.

One query for a whole clinic with its head count, and one for the last of these. What is said of each is read for the
rows of a page only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from titration.domain.limits import TABLETS_AHEAD, span
from titration.models import Clinic, Flag, Membership, Patient, PlanStep, Review, TreatmentStatus
from titration.models.flags import WAITING
from titration.selectors.asked_steps import AskedStep, read_asked_alone, steps_still_counting
from titration.selectors.followed import followed
from titration.selectors.prepared import Prepared

THIS_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A patient with waiting flags, by the most urgent and the first."""

    patient_pk: int
    urgency: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A review, a patient's first step of this week, or tablets; row_pk: the review's, the step's, the patient's.
    asked: the step that somebody should speak of, where no step begins this week and the row is that step's own.
    """

    kind: str
    due_on: date
    patient_pk: int
    row_pk: int
    asked: AskedStep | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """flagged: the most urgent first. due: reviews by date, then steps, then tablets. patients: all under treatment."""

    flagged: list[Flagged]
    due: list[Due]
    patients: int


_KEYS = ("sort", "day", "first_at", "patient_pk", "row_pk", "figure")


def read_waiting(membership: Membership, today: date, *, mine: bool = False) -> Waiting:
    """mine: of the patients for whom the member is responsible."""
    flagged, due, patients = [], [], 0
    whose = (membership.clinic_id, *((membership.pk,) if mine else ()))
    for kind, day, at, patient_pk, row_pk, number in _ROWS(
        today, today + THIS_WEEK, today + span(TABLETS_AHEAD), *whose
    ):
        if kind == "flag":
            flagged.append(Flagged(patient_pk, number, at))
        elif kind == "patients":
            patients = number
        else:
            due.append(Due(kind, day, patient_pk, row_pk))
    asked = read_asked_alone(membership, today, today + THIS_WEEK, mine=mine).values()
    alone = (Due("step", each.heard.starts_on, each.patient_pk, 0, each) for each in asked)
    return Waiting(
        flagged=sorted(flagged, key=lambda row: (-row.urgency, row.opened_at, row.patient_pk)),
        due=sorted((*_once_a_patient(due), *alone), key=_by_date),
        patients=patients,
    )


def _by_date(due: Due) -> tuple[str, date, int, int]:
    return due.kind, due.due_on, due.patient_pk, due.row_pk


def _once_a_patient(due: Iterable[Due]) -> Iterator[Due]:
    """A patient's first step of the week stands for the others."""
    seen: set[int] = set()
    for each in sorted(due, key=_by_date):
        if each.kind != "step" or each.patient_pk not in seen:
            yield each
        if each.kind == "step":
            seen.add(each.patient_pk)


def _rows(today: date, week_ends: date, tablets_until: date, clinic: int, *responsible: int) -> QuerySet[Any, Any]:
    """Of the clinic's patients, or those for whom one member is responsible. What waits for an answer waits also after
    the treatment ended or moved, where a day says since when.
    """
    treated = {"clinic_id": clinic, "treatment_status": TreatmentStatus.UNDER_TREATMENT}
    treated |= {"responsible__in": responsible} if responsible else {}
    whose = {name: value for name, value in treated.items() if name != "treatment_status"}
    reviews = reviews_due(today).filter(_of_patient(treated, "patient"))
    steps = steps_between(today, week_ends).filter(_of_patient(treated, "plan__patient"))
    tablets = tablets_between(today, tablets_until).filter(**treated)
    return _keys(reviews, kind="review", day=F("due_on"), patient_pk=F("patient_id"), row_pk=F("pk")).union(
        _keys(steps, kind="step", day=F("starts_on"), patient_pk=F("plan__patient_id"), row_pk=F("pk")),
        _keys(tablets, kind="tablet", day=F("runs_out_on"), patient_pk=F("pk"), row_pk=F("pk")),
        _flags(_of_patient(whose, "patient") & followed("patient__")),
        _head_count(clinic),
        all=True,
    )


_ROWS = Prepared(_rows)


def reviews_due(today: date) -> QuerySet[Review]:
    return Review.objects.filter(done_on=None, error_at=None, due_on__lte=today).order_by()


def steps_between(first: date, last: date) -> QuerySet[PlanStep]:
    return PlanStep.objects.filter(steps_still_counting(), starts_on__range=(first, last)).order_by()


def tablets_between(first: date, last: date) -> QuerySet[Patient]:
    return Patient.objects.filter(runs_out_on__range=(first, last)).order_by()


def _of_patient(treated: dict[str, Any], path: str) -> Q:
    return Q(**{f"{path}__{name}": value for name, value in treated.items()})


def _keys(rows: QuerySet[Any, Any], *, kind: str, **columns: Any) -> QuerySet[Any, Any]:
    none = {
        "day": Cast(Value(None), DateField()), "first_at": Cast(Value(None), DateTimeField()), "patient_pk": Value(0),
        "row_pk": Value(0), "figure": Value(0),
    }  # fmt: skip
    named = {"sort": Value(kind, output_field=CharField()), **none, **columns}
    keys: QuerySet[Any, Any] = rows.annotate(**{name: named[name] for name in _KEYS}).values_list(*_KEYS)
    return keys


def _flags(followed_here: Q) -> QuerySet[Any, Any]:
    flags = Flag.objects.filter(followed_here, state__in=WAITING).order_by()
    urgent = Cast(Max("urgency"), IntegerField())
    by_patient = flags.values("patient_id").annotate(urgent=urgent, first=Min("opened_at"))
    return _keys(by_patient, kind="flag", first_at=F("first"), patient_pk=F("patient_id"), figure=F("urgent"))


def _head_count(clinic: int) -> QuerySet[Any, Any]:
    patients = Patient.objects.filter(clinic=OuterRef("pk"), treatment_status=TreatmentStatus.UNDER_TREATMENT)
    counted = patients.order_by().values("clinic").annotate(number=Count("pk")).values("number")
    return _keys(Clinic.objects.filter(pk=clinic), kind="patients", figure=Coalesce(Subquery(counted), 0))
