"""The steps of plans that somebody should speak of: the last one that began before today, and what reports say of it.

Two queries for a whole clinic. A dose change since then has answered the question; a completed plan is asked about as
long as nobody has spoken of its last step.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from titration.domain.confirming import StepHeard, difference_among, heard_of
from titration.domain.plan_transitions import LIVE_STATES, StepState
from titration.domain.record import EntryStatus, IntakeEntry, IntakeKind, PlannedStep, PlanState
from titration.models import IntakeReport, Membership, Plan, PlanStep, RegimenChange, TreatmentStatus
from titration.selectors.follow_up import DOSES, regimen_of
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


def read_asked_steps(membership: Membership, today: date, *, mine: bool = False) -> dict[int, AskedStep]:
    """By the patients' primary keys: whose last step nobody spoke of, or whose difference still stands."""
    whose = (membership.clinic_id, *((membership.pk,) if mine else ()))
    by_patient: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in _STEPS(today, *whose):
        by_patient[row[0]].append(row)
    reports = _reports(by_patient, membership.clinic.zone)
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


def _begun_steps(today: date, clinic: int, *responsible: int) -> QuerySet[Any, Any]:
    """The last begun steps of each patient whose plan is under way, or complete with its end unspoken of."""
    same = {"patient": OuterRef("plan__patient")}
    live = Plan.objects.filter(**same, number=OuterRef("plan__number"), state__in=LIVE_STATES)
    changed = RegimenChange.objects.filter(
        **same, status=EntryStatus.CURRENT, starts_on__gt=OuterRef("starts_on"), starts_on__lte=today
    )
    rows = PlanStep.objects.filter(
        Q(plan__held_on=None) | Q(starts_on__lt=F("plan__held_on")),
        Q(plan__ended_on=None) | Q(starts_on__lt=F("plan__ended_on")),
        Exists(live) | Q(plan__state=PlanState.REPLACED, plan__ended_on__gt=today) | _unspoken_end(),
        ~Exists(changed),
        plan__signed_at__isnull=False,
        starts_on__lte=today,
        **_of_clinic(clinic, *responsible),
    )
    newest_first = Window(RowNumber(), partition_by="plan__patient", order_by=[F("starts_on").desc()])
    rows = rows.annotate(place=newest_first, next_on=Subquery(_next_on(today))).filter(place__lte=_LAST_STEPS)
    return rows.order_by("plan__patient__pk", "-starts_on").values_list(*_COLUMNS)


def _of_clinic(clinic: int, *responsible: int) -> dict[str, Any]:
    treated = {"plan__patient__clinic": clinic, "plan__patient__treatment_status": TreatmentStatus.UNDER_TREATMENT}
    return treated | ({"plan__patient__responsible__in": responsible} if responsible else {})


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


_STEPS = Prepared(_begun_steps)


def _reports(by_patient: dict[int, list[tuple[Any, ...]]], zone: ZoneInfo) -> dict[int, list[IntakeEntry]]:
    """What was reported of the patients since the first of the steps."""
    found: dict[int, list[IntakeEntry]] = defaultdict(list)
    if not by_patient:
        return found
    first = min(_step(row).starts_on for rows in by_patient.values() for row in rows)
    rows = IntakeReport.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first), patient__in=list(by_patient), status=EntryStatus.CURRENT
    )
    for patient, entry in _entries(rows, zone):
        found[patient].append(entry)
    return found


def _entries(rows: QuerySet[IntakeReport], zone: ZoneInfo) -> Iterator[tuple[int, IntakeEntry]]:
    columns: Iterable[tuple[Any, ...]] = rows.order_by("recorded_at", "pk").values_list(
        "patient", "recorded_at", "kind", "starts_on", "ends_on", "daily_mcg", *DOSES
    )
    for patient, recorded_at, kind, starts_on, ends_on, daily_mcg, *doses in columns:
        yield patient, IntakeEntry(
            id="", recorded_at=recorded_at.astimezone(zone), recorded_by="", kind=IntakeKind(kind),
            starts_on=starts_on, ends_on=ends_on, daily_mcg=daily_mcg,
            regimen=None if None in doses else regimen_of(list(doses)),
        )  # fmt: skip
