"""What is said of the duties on a page: the review with its purpose, the step with its plan, the day without tablets.

Read for the rows shown, whose keys `waiting` has found: one query, and two for the steps that somebody should speak of.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, IntegerField, QuerySet, UUIDField, Value
from django.db.models.functions import Cast

from titration.domain.limits import TABLETS_AHEAD, span
from titration.models import Membership
from titration.selectors.asked_steps import AskedStep, read_asked_steps
from titration.selectors.prepared import Prepared
from titration.selectors.waiting import THIS_WEEK, Due, reviews_due, steps_between, tablets_between


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


_COLUMNS = (
    "sort", "day", "patient_pk", "patient_uuid", "family", "given", "born", "number_on_file", "words", "way",
    "step_number", "total_mcg", "plan_uuid", "plan_sort",
)  # fmt: skip


def read_duties(membership: Membership, today: date, due: Collection[Due]) -> dict[Due, Duty]:
    """What is said of each; one that went away since its key was read is left out."""
    duties = {each: _alone(each.asked) for each in due if each.asked is not None}
    rest = [each for each in due if each.asked is None]
    if not rest:
        return duties
    rows = _rows(membership, today, rest)
    asked = read_asked_steps(membership, today, {each.patient_pk for each in rest if each.kind == "step"})
    return duties | {each: _duty(each, rows[key], asked) for each in rest if (key := _key(each)) in rows}


def _alone(asked: AskedStep) -> Duty:
    step = ("step", asked.heard.starts_on, *asked.patient, "", "", asked.number, asked.heard.planned_mcg)
    row: tuple[Any, ...] = (*step, asked.plan_id, asked.plan_kind)
    return replace(Duty(*row), asked=asked)


type _Rows = dict[tuple[str, int], list[Duty]]


def _rows(membership: Membership, today: date, due: Collection[Due]) -> _Rows:
    """By kind and row; the steps of a patient together, by date, since the first stands for all of them."""
    ahead = (today, today + THIS_WEEK, today + span(TABLETS_AHEAD))
    found: _Rows = {}
    for row_pk, *columns in _DUTIES.of({each.patient_pk for each in due}, *ahead, membership.clinic_id):
        duty = Duty(*columns)
        found.setdefault((duty.kind, duty.patient_pk if duty.kind == "step" else row_pk), []).append(duty)
    return {key: sorted(duties, key=lambda duty: duty.due_on) for key, duties in found.items()}


def _key(due: Due) -> tuple[str, int]:
    return due.kind, due.patient_pk if due.kind == "step" else due.row_pk


def _duty(due: Due, steps: list[Duty], asked: dict[int, AskedStep]) -> Duty:
    if due.kind != "step":
        return steps[0]
    plan_ids = tuple(dict.fromkeys(step.plan_id for step in steps if step.plan_id is not None))
    return replace(steps[0], more=len(steps) - 1, plan_ids=plan_ids, asked=asked.get(due.patient_pk))


def _duties(today: date, week_ends: date, tablets_until: date, clinic: int, *patients: int) -> QuerySet[Any, Any]:
    """Of some of the clinic's patients."""
    here, there = {"patient__clinic": clinic, "patient__in": patients}, {"clinic": clinic, "pk__in": patients}
    steps = steps_between(today, week_ends).filter(plan__patient__clinic=clinic, plan__patient__in=patients)
    tablets = tablets_between(today, tablets_until).filter(**there)
    return _reviews(reviews_due(today).filter(**here)).union(_steps(steps), _tablets(tablets), all=True)


_DUTIES = Prepared(_duties)


def _patient_columns(path: str) -> dict[str, Any]:
    return {
        "patient_pk": F(f"{path}pk"),
        "patient_uuid": F(f"{path}public_id"),
        "family": F(f"{path}family_name"),
        "given": F(f"{path}given_name"),
        "born": F(f"{path}birth_date"),
        "number_on_file": F(f"{path}identifier"),
    }


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())


def _no_step() -> dict[str, Any]:
    nothing = {"total_mcg": Cast(Value(None), IntegerField()), "plan_uuid": Cast(Value(None), UUIDField())}
    return {"step_number": Value(0), **nothing, "plan_sort": _text("")}


def _as_rows(named: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = named.values_list("pk", *_COLUMNS)
    return rows


def _reviews(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    named = rows.annotate(
        sort=_text("review"), day=F("due_on"), **_patient_columns("patient__"), words=F("purpose"), way=F("how"),
        **_no_step(),
    )  # fmt: skip
    return _as_rows(named)


def _steps(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    total = F("morning_mcg") + F("midday_mcg") + F("evening_mcg") + F("bedtime_mcg")
    named = rows.annotate(
        sort=_text("step"), day=F("starts_on"), **_patient_columns("plan__patient__"), words=_text(""), way=_text(""),
        step_number=F("number"), total_mcg=Cast(total, IntegerField()), plan_uuid=F("plan__public_id"),
        plan_sort=F("plan__kind"),
    )  # fmt: skip
    return _as_rows(named)


def _tablets(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    named = rows.annotate(
        sort=_text("tablet"), day=F("runs_out_on"), **_patient_columns(""), words=_text("Tablets run out"),
        way=_text(""), **_no_step(),
    )  # fmt: skip
    return _as_rows(named)
