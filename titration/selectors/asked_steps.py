"""The steps of plans that somebody should speak of: the last one that began before today, and what reports say of it.

Two queries, for some patients or for those of a clinic whose plan has no step this week. A dose change since then has
answered the question; a completed plan is asked about as long as nobody has spoken of its last step.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from titration.domain.confirming import StepHeard, difference_among, heard_of
from titration.domain.plan_transitions import LIVE_STATES, StepState
from titration.domain.record import EntryStatus, IntakeEntry, PlannedStep, PlanState
from titration.models import Membership, Plan, PlanStep, RegimenChange, TreatmentStatus
from titration.selectors.follow_up import DOSES, regimen_of
from titration.selectors.intakes import read_intakes
from titration.selectors.prepared import Prepared

_LAST_STEPS = 3
_PATIENT = ("pk", "public_id", "family_name", "given_name", "birth_date", "identifier")
_COLUMNS = (
    *(f"plan__patient__{name}" for name in _PATIENT), "plan__public_id", "plan__kind", "public_id", "number",
    "starts_on", "state", *DOSES, "next_on",
)  # fmt: skip
_STEP_START = len(_PATIENT) + 2
_LAST_COLUMN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedStep:
    """patient: their columns as `_PATIENT` names them. heard: what is known of the step. difference: what must be
    settled first, None where nothing stands. next_on: when the plan goes on, None where no step is left.
    """

    patient: tuple[Any, ...]
    plan_id: UUID
    plan_kind: str
    step_id: UUID
    number: int
    heard: StepHeard
    difference: StepHeard | None
    next_on: date | None

    @property
    def patient_pk(self) -> int:
        return int(self.patient[0])


def read_asked_steps(membership: Membership, today: date, patients: Iterable[int]) -> dict[int, AskedStep]:
    """By the primary keys of some of the clinic's patients: whose last step nobody spoke of, or whose difference still
    stands.
    """
    return _read_asked(_STEPS_OF.of(patients, today, membership.clinic_id), membership.clinic.zone, today)


def read_asked_alone(
    membership: Membership, today: date, week_ends: date, *, mine: bool = False
) -> dict[int, AskedStep]:
    """Of patients with no step until the week ends: what differs, and the last step of all; others are asked about in
    their time.
    """
    whose = (membership.clinic_id, *((membership.pk,) if mine else ()))
    asked = _read_asked(_STEPS_ALONE(today, week_ends, *whose), membership.clinic.zone, today)
    return {pk: each for pk, each in asked.items() if each.difference is not None or each.next_on is None}


def _read_asked(rows: Iterable[tuple[Any, ...]], zone: ZoneInfo, today: date) -> dict[int, AskedStep]:
    by_patient: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        by_patient[row[0]].append(row)
    first = min((_step(row).starts_on for rows in by_patient.values() for row in rows), default=today)
    reports = read_intakes(by_patient, first, zone)
    asked = (_asked(rows[::-1], reports[patient], today) for patient, rows in by_patient.items())
    return {each.patient_pk: each for each in asked if each is not None}


def _asked(rows: list[tuple[Any, ...]], reports: list[IntakeEntry], today: date) -> AskedStep | None:
    """rows: of one patient, the latest last."""
    steps = [_step(row) for row in rows]
    ends = [*(step.starts_on - timedelta(days=1) for step in steps[1:]), today]
    course = list(zip(steps, ends, strict=True))
    difference = difference_among(course, reports)
    earlier = [place for place, step in enumerate(steps) if step.starts_on < today]
    if not earlier:
        return None
    place = earlier[-1]
    heard = heard_of(steps[place], reports, last_on=ends[place])
    if difference is None and not heard.is_asked:
        return None
    row = rows[place]
    return AskedStep(
        patient=row[: len(_PATIENT)], plan_id=row[len(_PATIENT)], plan_kind=row[len(_PATIENT) + 1],
        step_id=row[_STEP_START], number=steps[place].number, heard=heard, difference=difference,
        next_on=row[_LAST_COLUMN],
    )  # fmt: skip


def _step(row: tuple[Any, ...]) -> PlannedStep:
    step_id, number, starts_on, state, *doses = row[_STEP_START:_LAST_COLUMN]
    return PlannedStep(
        id=str(step_id), number=number, starts_on=starts_on, regimen=regimen_of(doses), state=StepState(state)
    )


def _begun_steps(today: date, clinic: int) -> QuerySet[PlanStep]:
    """The begun steps of the clinic's patients whose plan is under way, or complete with its end unspoken of."""
    same = {"patient": OuterRef("plan__patient")}
    live = Plan.objects.filter(**same, number=OuterRef("plan__number"), state__in=LIVE_STATES)
    changed = RegimenChange.objects.filter(
        **same, status=EntryStatus.CURRENT, starts_on__gt=OuterRef("starts_on"), starts_on__lte=today
    )
    return PlanStep.objects.filter(
        Q(plan__held_on=None) | Q(starts_on__lt=F("plan__held_on")),
        Q(plan__ended_on=None) | Q(starts_on__lt=F("plan__ended_on")),
        Exists(live) | Q(plan__state=PlanState.REPLACED, plan__ended_on__gt=today) | _unspoken_end(),
        ~Exists(changed),
        plan__signed_at__isnull=False,
        starts_on__lte=today,
        plan__patient__clinic=clinic,
        plan__patient__treatment_status=TreatmentStatus.UNDER_TREATMENT,
    )


def _last_of_each(rows: QuerySet[PlanStep], today: date) -> QuerySet[Any, Any]:
    newest_first = Window(RowNumber(), partition_by="plan__patient", order_by=[F("starts_on").desc()])
    rows = rows.annotate(place=newest_first, next_on=Subquery(_next_on(today))).filter(place__lte=_LAST_STEPS)
    return rows.order_by("plan__patient__pk", "-starts_on").values_list(*_COLUMNS)


def _steps_of(today: date, clinic: int, *patients: int) -> QuerySet[Any, Any]:
    return _last_of_each(_begun_steps(today, clinic).filter(plan__patient__in=patients), today)


def _steps_alone(today: date, week_ends: date, clinic: int, *responsible: int) -> QuerySet[Any, Any]:
    """Where no step begins this week."""
    this_week = PlanStep.objects.filter(
        steps_still_counting(), plan__patient=OuterRef("plan__patient"), starts_on__range=(today, week_ends)
    )
    rows = _begun_steps(today, clinic).filter(~Exists(this_week))
    return _last_of_each(rows.filter(plan__patient__responsible__in=responsible) if responsible else rows, today)


def _unspoken_end() -> Q:
    later_step = PlanStep.objects.filter(plan=OuterRef("plan"), number__gt=OuterRef("number"))
    newer_plan = Plan.objects.filter(
        patient=OuterRef("plan__patient"), number__gt=OuterRef("plan__number"), signed_at__isnull=False
    )
    is_end = Q(plan__state=PlanState.COMPLETED, state=StepState.PLANNED)
    return is_end & ~Q(Exists(later_step)) & ~Q(Exists(newer_plan))


def steps_still_counting() -> Q:
    """Of plans under way, and of replaced ones until their successor begins; none that a hold keeps back."""
    goes_on = Q(plan__state__in=LIVE_STATES) | Q(plan__state=PlanState.REPLACED, starts_on__lt=F("plan__ended_on"))
    return (Q(plan__held_on=None) | Q(starts_on__lt=F("plan__held_on"))) & goes_on


def _next_on(today: date) -> QuerySet[Any, Any]:
    coming = PlanStep.objects.filter(
        steps_still_counting(), plan__patient=OuterRef("plan__patient"), starts_on__gt=today
    )
    return coming.order_by().values("plan__patient").annotate(first=Min("starts_on")).values("first")


_STEPS_OF, _STEPS_ALONE = Prepared(_steps_of), Prepared(_steps_alone)
