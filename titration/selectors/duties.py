"""What is to be done for patients on a day.

Reviews due or overdue, steps of plans this week with the step before that somebody should speak of, tablets that run
out within seven days. One query for all three and the head count, two for what is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from titration.domain.limits import TABLETS_AHEAD, span
from titration.models import Clinic, Membership, Patient, PlanStep, Review, TreatmentStatus
from titration.selectors.asked_steps import AskedStep, read_asked_steps, steps_still_counting
from titration.selectors.prepared import Prepared

THIS_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Duty:
    """A review (title is its purpose, how: clinic or telephone), a step (number, plan, the total it goes to), or a
    tablet: due_on is the first day without. more: later steps of this week; plan_ids: whose this step and those are.
    asked: of a step, the one before it that somebody should speak of; where no step follows this week, the row is
    that step's own.
    """

    kind: str
    due_on: date
    patient_pk: int
    patient_id: UUID
    family_name: str
    given_name: str
    birth_date: date
    identifier: str
    title: str
    how: str
    number: int
    to_mcg: int | None
    plan_id: UUID | None
    plan_kind: str
    more: int = 0
    plan_ids: tuple[UUID, ...] = ()
    asked: AskedStep | None = None

    @property
    def name(self) -> str:
        return f"{self.family_name}, {self.given_name}"


@dataclass(frozen=True, slots=True)
class Duties:
    due: list[Duty]
    patients: int


_COLUMNS = (
    "kind", "day", "patient_pk", "patient_uuid", "family", "given", "born", "number_on_file", "words", "way",
    "step_number", "total_mcg", "plan_uuid", "plan_sort",
)  # fmt: skip


def read_duties(membership: Membership, today: date, *, mine: bool = False) -> Duties:
    """Reviews by due date, then each patient's next step, then tablets by date; and how many are under treatment."""
    ahead = (today, today + THIS_WEEK, today + span(TABLETS_AHEAD))
    whose = membership.clinic_id, *((membership.pk,) if mine else ())
    duties, patients = [], 0
    for row in _DUTIES(*ahead, *whose):
        if row[0] == "patients":
            patients = row[10]
        else:
            duties.append(Duty(*row))
    asked = read_asked_steps(membership, today, mine=mine)
    due = [*_with_question(_once_a_patient(duties), asked), *_asked_alone(duties, asked)]
    return Duties(sorted(due, key=lambda duty: (duty.kind, duty.due_on, duty.patient_pk)), patients)


def _with_question(duties: Iterable[Duty], asked: Mapping[int, AskedStep]) -> Iterator[Duty]:
    for duty in duties:
        yield replace(duty, asked=asked.get(duty.patient_pk)) if duty.kind == "step" else duty


def _asked_alone(duties: Iterable[Duty], asked: Mapping[int, AskedStep]) -> Iterator[Duty]:
    """Where no step begins this week: what differs, and the last step of all; others are asked about in their time."""
    this_week = {duty.patient_pk for duty in duties if duty.kind == "step"}
    for pk, each in asked.items():
        if pk not in this_week and (each.difference is not None or each.next_on is None):
            step = ("step", each.heard.starts_on, *each.patient, "", "", each.number, each.heard.planned_mcg)
            row: tuple[Any, ...] = (*step, each.plan_id, each.plan_kind)
            yield replace(Duty(*row), asked=each)


def _once_a_patient(duties: list[Duty]) -> Iterator[Duty]:
    """A patient's first step, with how many follow and the plans of all of them; the duties come by date."""
    steps: dict[int, list[Duty]] = defaultdict(list)
    for duty in duties:
        if duty.kind == "step":
            steps[duty.patient_pk].append(duty)
    for duty in duties:
        if duty.kind != "step":
            yield duty
        elif of_patient := steps.pop(duty.patient_pk, []):
            plan_ids = dict.fromkeys(step.plan_id for step in of_patient if step.plan_id is not None)
            yield replace(duty, more=len(of_patient) - 1, plan_ids=tuple(plan_ids))


def _duties(today: date, week_ends: date, tablets_until: date, clinic: int, *responsible: int) -> QuerySet[Any, Any]:
    """Of the clinic's patients, or those for whom one member is responsible."""
    treated = {"clinic_id": clinic, "treatment_status": TreatmentStatus.UNDER_TREATMENT}
    treated |= {"responsible__in": responsible} if responsible else {}
    parts = (_steps(today, week_ends, treated), _tablets(today, tablets_until, treated), _head_count(clinic))
    return _reviews(today, treated).union(*parts, all=True).order_by("kind", "day", "patient_pk")


_DUTIES = Prepared(_duties)


def _of_patient(treated: dict[str, Any], path: str) -> Q:
    return Q(**{f"{path}__{name}": value for name, value in treated.items()})


def _patient_columns(path: str) -> dict[str, Any]:
    return {
        "patient_pk": F(f"{path}__pk"),
        "patient_uuid": F(f"{path}__public_id"),
        "family": F(f"{path}__family_name"),
        "given": F(f"{path}__given_name"),
        "born": F(f"{path}__birth_date"),
        "number_on_file": F(f"{path}__identifier"),
    }


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())


def _reviews(today: date, treated: dict[str, Any]) -> QuerySet[Any, Any]:
    rows = Review.objects.filter(_of_patient(treated, "patient"), done_on=None, error_at=None, due_on__lte=today)
    return rows.order_by().annotate(
        kind=_text("review"), day=F("due_on"), **_patient_columns("patient"), words=F("purpose"), way=F("how"),
        step_number=Value(0), total_mcg=Cast(Value(None), IntegerField()), plan_uuid=Cast(Value(None), UUIDField()),
        plan_sort=_text(""),
    ).values_list(*_COLUMNS)  # fmt: skip


def _steps(today: date, week_ends: date, treated: dict[str, Any]) -> QuerySet[Any, Any]:
    rows = PlanStep.objects.filter(
        _of_patient(treated, "plan__patient"),
        steps_still_counting(),
        starts_on__range=(today, week_ends),
    )
    total = F("morning_mcg") + F("midday_mcg") + F("evening_mcg") + F("bedtime_mcg")
    return rows.order_by().annotate(
        kind=_text("step"), day=F("starts_on"), **_patient_columns("plan__patient"), words=_text(""), way=_text(""),
        step_number=F("number"), total_mcg=Cast(total, IntegerField()), plan_uuid=F("plan__public_id"),
        plan_sort=F("plan__kind"),
    ).values_list(*_COLUMNS)  # fmt: skip


def _tablets(today: date, tablets_until: date, treated: dict[str, Any]) -> QuerySet[Any, Any]:
    rows = Patient.objects.filter(**treated, runs_out_on__range=(today, tablets_until))
    return rows.order_by().annotate(
        kind=_text("tablet"), day=F("runs_out_on"), patient_pk=F("pk"), patient_uuid=F("public_id"),
        family=F("family_name"), given=F("given_name"), born=F("birth_date"), number_on_file=F("identifier"),
        words=_text("Tablets run out"), way=_text(""), step_number=Value(0),
        total_mcg=Cast(Value(None), IntegerField()), plan_uuid=Cast(Value(None), UUIDField()), plan_sort=_text(""),
    ).values_list(*_COLUMNS)  # fmt: skip


def _head_count(clinic: int) -> QuerySet[Any, Any]:
    patients = Patient.objects.filter(clinic=OuterRef("pk"), treatment_status=TreatmentStatus.UNDER_TREATMENT)
    counted = patients.order_by().values("clinic").annotate(number=Count("pk")).values("number")
    treated = Coalesce(Subquery(counted), 0)
    return Clinic.objects.filter(pk=clinic).annotate(
        kind=_text("patients"), day=Cast(Value(None), DateField()), patient_pk=F("pk"), patient_uuid=F("public_id"),
        family=_text(""), given=_text(""), born=Cast(Value(None), DateField()), number_on_file=_text(""),
        words=_text(""),
        way=_text(""), step_number=treated, total_mcg=Cast(Value(None), IntegerField()),
        plan_uuid=Cast(Value(None), UUIDField()), plan_sort=_text(""),
    ).values_list(*_COLUMNS)  # fmt: skip
