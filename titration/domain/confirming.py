"""What has been heard of a step: that it was begun as planned, that something else was taken, or nothing yet.

A step that nobody speaks of is asked for; it is never counted as heard. A difference is settled first: as long as the
last report of the step under way, or of the one before it, says something else than was planned, no step is confirmed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from titration.domain.days import show_near_day
from titration.domain.errors import DomainError
from titration.domain.history import step_counts
from titration.domain.plan_transitions import TOLD_STATES
from titration.domain.record import IntakeEntry, IntakeKind, PatientRecord, PlanEntry, PlannedStep, PlanState
from titration.domain.units import show_mg_per_day

_ONE_DAY = timedelta(days=1)
_NOTHING_TAKEN = frozenset({IntakeKind.RAN_OUT, IntakeKind.STOPPED})


class Heard(StrEnum):
    """What is known of a step. as_planned: confirmed, or reported so."""

    NOTHING = "nothing"
    AS_PLANNED = "as_planned"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepHeard:
    """heard, with the last day that a report speaks of and what was taken on it (None: not known, or no report)."""

    heard: Heard
    planned_mcg: int
    starts_on: date
    on: date | None = None
    taken_mcg: int | None = None

    @property
    def is_asked(self) -> bool:
        return self.heard is Heard.NOTHING

    @property
    def differs(self) -> bool:
        return self.heard is Heard.DIFFERS

    def difference_words(self, beside: date) -> str:
        """60 mg/day was taken on 20 Nov, 50 mg/day was planned; "" where nothing differs."""
        if not self.differs or self.on is None:
            return ""
        on = show_near_day(self.on, beside=beside)
        planned = f"{show_mg_per_day(self.planned_mcg)} was planned"
        if self.taken_mcg is None:
            return f"What was taken on {on} is not known; {planned}."
        return f"{show_mg_per_day(self.taken_mcg)} was taken on {on}; {planned}."


class Unsettled(DomainError):
    """A difference between what was taken and what was planned still stands."""


def heard_of(step: PlannedStep, reports: Iterable[IntakeEntry], *, last_on: date) -> StepHeard:
    """What reports and confirmation say of a step on its days, up to last_on (included).

    The last day that a report speaks of decides, by the report recorded last for it. A report recorded before a
    confirmation never differs: where it does, the step cannot be confirmed.
    """
    told = [(_last_told(report, last_on), report) for report in reports if report.counts]
    told = [(day, report) for day, report in told if day >= max(step.starts_on, report.starts_on)]
    planned_mcg = step.regimen.daily_mcg
    if not told:
        confirmed = step.state in TOLD_STATES
        heard = Heard.AS_PLANNED if confirmed else Heard.NOTHING
        return StepHeard(heard=heard, planned_mcg=planned_mcg, starts_on=step.starts_on)
    last = max(day for day, _ in told)
    covering = [report for day, report in told if day == last and report.starts_on <= last]
    taken_mcg = taken_by(max(covering, key=lambda report: report.recorded_at), planned_mcg)
    return StepHeard(
        heard=Heard.AS_PLANNED if taken_mcg == planned_mcg else Heard.DIFFERS,
        planned_mcg=planned_mcg, starts_on=step.starts_on, on=last, taken_mcg=taken_mcg,
    )  # fmt: skip


def _last_told(report: IntakeEntry, last_on: date) -> date:
    """The last day up to last_on that a report speaks of; "as prescribed" tells no later day than its recording."""
    ends = min(report.ends_on or last_on, last_on)
    return min(ends, report.recorded_at.date()) if report.kind is IntakeKind.AS_PRESCRIBED else ends


def taken_by(report: IntakeEntry, prescribed_mcg: int) -> int | None:
    """The daily total that a report tells of, None where it says that it is not known."""
    if report.kind is IntakeKind.AS_PRESCRIBED:
        return prescribed_mcg
    if report.kind in _NOTHING_TAKEN:
        return 0
    return report.regimen.daily_mcg if report.regimen is not None else report.daily_mcg


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunStep:
    """A step that has begun, with its plan and the last day on which it stood or stands."""

    plan: PlanEntry
    step: PlannedStep
    last_on: date


def begun_course(plans: Sequence[PlanEntry], number: int, today: date) -> list[BegunStep]:
    """The steps of all signed versions of a plan that have begun, in the order of their days."""
    signed = [plan for plan in plans if plan.number == number and plan.signed_at and plan.state is not PlanState.DRAFT]
    found = sorted(
        ((step.starts_on, plan.version, plan, step) for plan in signed for step in plan.steps
         if step.starts_on <= today and step_counts(plan, step.starts_on)),
        key=lambda each: each[:2],
    )  # fmt: skip
    by_day = {starts_on: (plan, step) for starts_on, _, plan, step in found}
    days = sorted(by_day)
    if not days:
        return []
    ends = [*(day - _ONE_DAY for day in days[1:]), today]
    return [
        BegunStep(plan=by_day[day][0], step=by_day[day][1], last_on=last) for day, last in zip(days, ends, strict=True)
    ]


def unsettled(record: PatientRecord, number: int, today: date) -> StepHeard | None:
    """The difference that must be settled before a step of a plan is confirmed; None where none stands."""
    course = [(begun.step, begun.last_on) for begun in begun_course(record.plans, number, today)]
    return difference_among(course, record.intakes)


def difference_among(course: Sequence[tuple[PlannedStep, date]], reports: Sequence[IntakeEntry]) -> StepHeard | None:
    """Of begun steps in order, each with its last day: what is told of the one under way decides; where nothing is,
    what was told of the one before it.
    """
    for step, last_on in reversed(course[-2:]):
        heard = heard_of(step, reports, last_on=last_on)
        if not heard.is_asked:
            return heard if heard.differs else None
    return None


def check_settled(record: PatientRecord, number: int, today: date) -> None:
    """Raises Unsettled with what differs and what to do."""
    if standing := unsettled(record, number, today):
        raise Unsettled(
            f"{standing.difference_words(today)} Settle this first: say what is taken now, or hold, slow down, "
            "step back or stop the plan."
        )


def unconfirmed(record: PatientRecord, number: int, today: date) -> list[BegunStep]:
    """The steps of a plan that have begun and that nobody has spoken of."""
    return [
        begun
        for begun in begun_course(record.plans, number, today)
        if heard_of(begun.step, record.intakes, last_on=begun.last_on).is_asked
    ]
