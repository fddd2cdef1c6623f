"""Daily totals as a step function of days, and how a record becomes one.

Days are proleptic ordinals (`date.toordinal()`); a value holds from its day until the next one. Unknown is None,
never zero. Prescribed, taken and planned are three things: what was prescribed counts as taken unless an intake
report says otherwise.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from operator import itemgetter
from typing import Protocol, cast

from titration.domain.record import (
    EntryStatus,
    IntakeEntry,
    IntakeKind,
    PatientRecord,
    PlanEntry,
    PlanState,
    RegimenEntry,
)
from titration.domain.regimen import Regimen
from titration.domain.treatment import as_reports, closed

type Day = int
type Change = tuple[Day, int | None]

_day_of = itemgetter(0)
_COUNTING_PLANS = frozenset(PlanState) - {PlanState.DRAFT}


@dataclass(frozen=True, slots=True)
class DoseHistory:
    """mcg a day from each of `days` until the next. Before the first day nothing is known; the last value goes on."""

    days: tuple[Day, ...] = ()
    values: tuple[int | None, ...] = ()

    @classmethod
    def of(cls, changes: Iterable[Change]) -> "DoseHistory":
        """From changes in any order; for one day the last given wins; repeats of the same value are dropped."""
        by_day = dict(changes)
        days: list[Day] = []
        values: list[int | None] = []
        for day, value in sorted(by_day.items(), key=_day_of):
            if not values or values[-1] != value:
                days.append(day)
                values.append(value)
        return cls(tuple(days), tuple(values))

    @classmethod
    def from_daily(cls, daily: Iterable[tuple[Day, int]]) -> "DoseHistory":
        """From one known total a day; a day without one is unknown. Raises ValueError on a day given twice."""
        changes: dict[Day, int | None] = {}
        for day, mcg in sorted(daily):
            if changes.get(day) is not None:
                raise ValueError("a day is given twice")
            changes[day] = mcg
            changes[day + 1] = None
        return cls.of(changes.items())

    def on(self, day: Day) -> int | None:
        """The daily total in mcg, None when not known."""
        position = bisect_right(self.days, day)
        return self.values[position - 1] if position else None

    def span(self, first: Day, last: Day) -> list[int | None]:
        """The totals of every day from first to last, both included."""
        position = bisect_right(self.days, first)
        totals: list[int | None] = []
        day = first
        while day <= last:
            value = self.values[position - 1] if position else None
            next_day = min(self.days[position], last + 1) if position < len(self.days) else last + 1
            totals += [value] * (next_day - day)
            day, position = next_day, position + 1
        return totals

    @property
    def first_day(self) -> Day | None:
        return self.days[0] if self.days else None

    def rises_on(self, day: Day) -> bool:
        """Whether the known total of the day is above the known one of the day before."""
        before, after = self.on(day - 1), self.on(day)
        return before is not None and after is not None and after > before

    def changed_between(self, first: Day, last: Day) -> bool:
        """Whether the total changes on any day from first to last, both included."""
        return bisect_right(self.days, last) > bisect_right(self.days, first - 1)

    def next_change_after(self, day: Day) -> Day | None:
        position = bisect_right(self.days, day)
        return self.days[position] if position < len(self.days) else None

    def until(self, day: Day) -> "DoseHistory":
        """The same history as it could be known on the evening of `day`: nothing is known after it."""
        position = bisect_right(self.days, day)
        kept = [*zip(self.days[:position], self.values[:position], strict=True), (day + 1, None)]
        return DoseHistory.of(kept)

    def going_on_from(self, day: Day) -> "DoseHistory":
        """The same history; later days that nothing is known of keep what held before them, known or not."""
        changes = zip(self.days, self.values, strict=True)
        return DoseHistory.of((on, mcg) for on, mcg in changes if on <= day or mcg is not None)

    def known_by(self, other: "DoseHistory") -> "DoseHistory":
        """The same history; days that nothing is known of hold the other's."""
        days = sorted({*self.days, *other.days})
        return DoseHistory.of((day, other.on(day) if (mcg := self.on(day)) is None else mcg) for day in days)

    def followed_by(self, later: "DoseHistory") -> "DoseHistory":
        """This history up to the day before the later one begins, then the later one."""
        if later.first_day is None:
            return self
        position = bisect_right(self.days, later.first_day - 1)
        earlier = zip(self.days[:position], self.values[:position], strict=True)
        return DoseHistory.of([*earlier, *zip(later.days, later.values, strict=True)])


def _once[Told](work_out: Callable[[PatientRecord], Told]) -> Callable[[PatientRecord], Told]:
    """A record never changes, and a page asks it the same from a dozen places: what was told is kept with it."""

    @wraps(work_out)
    def told(record: PatientRecord) -> Told:
        name = work_out.__name__
        if name not in record.worked_out:
            record.worked_out[name] = work_out(record)
        return cast(Told, record.worked_out[name])

    return told


def prescribed_regimens(record: PatientRecord) -> list[tuple[date, Regimen]]:
    """What was prescribed from which date, in date order: regimen changes, the steps of signed plans, and the end of a
    treatment as 0.

    A regimen change beats a planned step of the same date; a step counts when its plan was not yet held or ended on
    its date.
    """
    return [(day, regimen) for day, regimen in prescribed_changes(record) if regimen is not None]


def prescribed_before(record: PatientRecord, day: date) -> Regimen | None:
    """What is prescribed on the day before; None where nothing is on file, or nobody here prescribes any more."""
    begun = [regimen for starts_on, regimen in prescribed_changes(record) if starts_on < day]
    return begun[-1] if begun else None


@_once
def prescribed_changes(record: PatientRecord) -> list[tuple[date, Regimen | None]]:
    """The same, with None from the day on which the treatment went elsewhere or ended by death."""
    by_date: dict[date, Regimen] = {}
    for plan in record.plans:
        if plan.state in _COUNTING_PLANS and not _was_discarded(plan):
            by_date |= {step.starts_on: step.regimen for step in plan.steps if step_counts(plan, step.starts_on)}
    by_date |= {entry.starts_on: entry.regimen for entry in record.regimens if entry.counts}
    by_date = _nothing_before(record, by_date) | by_date
    return sorted(closed(by_date, record.treatment, Regimen()).items(), key=_day_of)


def _nothing_before(record: PatientRecord, by_date: dict[date, Regimen]) -> dict[date, Regimen]:
    """Who was registered with 0 mg and begins on that very day took nothing the day before."""
    told = next((entry for entry in record.regimens if is_told_nothing(entry)), None)
    if told is None or not by_date or min(by_date) != told.starts_on or not by_date[told.starts_on].daily_mcg:
        return {}
    return {told.starts_on - timedelta(days=1): told.regimen}


def is_told_nothing(entry: RegimenEntry) -> bool:
    """Told at registration, and not in error, that no baclofen is taken; a dose of that day supersedes it."""
    return entry.as_told and not entry.regimen.daily_mcg and entry.status is not EntryStatus.ENTERED_IN_ERROR


def _was_discarded(plan: PlanEntry) -> bool:
    """A draft that was stopped or drawn again was never prescribed."""
    return plan.state is PlanState.STOPPED and plan.signed_at is None


class Bounded(Protocol):
    """A plan as far as it says which of its steps count."""

    @property
    def held_on(self) -> date | None: ...
    @property
    def ended_on(self) -> date | None: ...


def step_counts(plan: Bounded, starts_on: date) -> bool:
    """A step on or after the first day of a hold, or of the end, never begins."""
    cut_offs = [day for day in (plan.held_on, plan.ended_on) if day is not None]
    return all(starts_on < day for day in cut_offs)


@_once
def prescribed_history(record: PatientRecord) -> DoseHistory:
    """Daily totals prescribed, a running plan's steps included."""
    changes = prescribed_changes(record)
    return DoseHistory.of((day.toordinal(), None if regimen is None else regimen.daily_mcg) for day, regimen in changes)


@_once
def taken_history(record: PatientRecord) -> DoseHistory:
    """Daily totals taken: the prescription, overridden date by date by the latest intake report."""
    return taken_over(prescribed_history(record), (*record.intakes, *as_reports(record.treatment)))


def taken_over(prescribed: DoseHistory, intakes: Iterable[IntakeEntry]) -> DoseHistory:
    """Daily totals taken, where this was prescribed and these reports tell of it."""
    reports = sorted((entry for entry in intakes if entry.counts), key=lambda entry: entry.recorded_at)
    edges = set(prescribed.days)
    for report in reports:
        edges.add(report.starts_on.toordinal())
        if report.ends_on is not None:
            edges.add(report.ends_on.toordinal() + 1)
    covers = _latest_cover(sorted(edges), reports)
    return DoseHistory.of((day, _taken_on(day, covers.get(day), prescribed)) for day in sorted(edges))


def _latest_cover(edges: list[Day], reports: list[IntakeEntry]) -> dict[Day, IntakeEntry]:
    covers: dict[Day, IntakeEntry] = {}
    for report in reports:
        first = report.starts_on.toordinal()
        last = report.ends_on.toordinal() if report.ends_on else edges[-1]
        for day in edges[bisect_right(edges, first - 1) : bisect_right(edges, last)]:
            covers[day] = report
    return covers


def _taken_on(day: Day, report: IntakeEntry | None, prescribed: DoseHistory) -> int | None:
    if report is None or report.kind is IntakeKind.AS_PRESCRIBED:
        return prescribed.on(day)
    if report.kind is IntakeKind.UNKNOWN:
        return None
    if report.kind in (IntakeKind.RAN_OUT, IntakeKind.STOPPED):
        return 0
    if report.regimen is not None:
        return report.regimen.daily_mcg
    return report.daily_mcg
