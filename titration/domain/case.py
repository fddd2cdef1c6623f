"""The one immutable input of every rule: only what rules need, made from a record on file.

`case_from` turns a PatientRecord into a Case as of a day; the `with_` functions put a proposal into the record, so
that a preview takes the same road as what is saved. Instants are aware and in the clinic's
zone; a case file's are naive, all on one clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from titration.domain.history import Day, DoseHistory, prescribed_history, taken_history
from titration.domain.plan_holds import held_from
from titration.domain.plan_versions import held_by_change
from titration.domain.planned_doses import planned_history
from titration.domain.record import (
    EntryStatus,
    IntakeKind,
    LastingEntry,
    PatientRecord,
    PlanEntry,
    PlanState,
    RegimenEntry,
    SymptomList,
)
from titration.domain.regimen import Regimen
from titration.domain.supply import supply_of
from titration.domain.treatment import closed_without_day, died_on, is_over

DEFAULT_LABEL_SET = "US"
_OVER = frozenset({PlanState.REPLACED, PlanState.STOPPED, PlanState.COMPLETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sedation:
    at: datetime
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A withdrawal sign by its code, from a day on until a day (None: goes on)."""

    on: date
    code: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedDoses:
    on: date
    missed: int
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KidneyReading:
    """An estimated glomerular filtration rate in mL/min per 1.73 m2."""

    on: date
    egfr: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A spasticity or pain score from 0 to 10."""

    on: date
    scale: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedIntake:
    """A report that says how it is known what was taken, from a day to a day (None: open end)."""

    first_on: date
    last_on: date | None
    kind: IntakeKind

    def covers(self, on: date) -> bool:
        return self.first_on <= on and (self.last_on is None or on <= self.last_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A planned time in which doses may be left out; has_continuity: a note says how baclofen goes on."""

    on: date
    kind: str
    has_continuity: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the rules know about one patient as of one day.

    taken: daily totals, unknown where no entry says. prescribed: None when only intake is known. planned: what signed
    plans prescribe, not known on days without one. is_over: nothing is prescribed here any more. plan: the totals of a
    plan being judged, None when none is; plan_began_on: the first step of its first version, where it goes on with an
    earlier one. exposure_months: before the first day, None when unknown. birth_date: None when unknown. as_of: the
    last day that counts; at: the instant, when the hour matters (None: the end of that day). reports: in the order of
    recording; the last one that covers a day is the one that counts. known_since: the day from which a condition or
    another drug is known. runs_out_on: the first day without tablets, where dispensing is on file. died_on: from that
    day on nothing is judged. is_closed: over since a day that is not on file; nothing is judged either.
    """

    as_of: date
    at: datetime | None = None
    taken: DoseHistory
    prescribed: DoseHistory | None = None
    planned: DoseHistory | None = None
    is_over: bool = False
    plan: DoseHistory | None = None
    plan_began_on: date | None = None
    exposure_months: Fraction | None = None
    birth_date: date | None = None
    label_set: str = DEFAULT_LABEL_SET
    reports: tuple[ReportedIntake, ...] = ()
    missed: tuple[MissedDoses, ...] = ()
    sedation: tuple[Sedation, ...] = ()
    signs: tuple[Sign, ...] = ()
    conditions: frozenset[str] = frozenset()
    comedications: frozenset[str] = frozenset()
    known_since: Mapping[str, date] = field(default_factory=dict)
    egfr: tuple[KidneyReading, ...] = ()
    last_dose_at: datetime | None = None
    scores: tuple[Score, ...] = ()
    interruptions: tuple[Interruption, ...] = ()
    runs_out_on: date | None = None
    next_review_on: date | None = None
    died_on: date | None = None
    is_closed: bool = False

    @property
    def day(self) -> Day:
        return self.as_of.toordinal()


def case_from(
    record: PatientRecord,
    as_of: date,
    *,
    at: datetime | None = None,
    plan: Iterable[tuple[date, Regimen]] | None = None,
    plan_began_on: date | None = None,
) -> Case:
    """The case of a record as of a day. `plan` puts the steps of a plan before the rules; the last step goes on
    without end.
    """
    return Case(
        as_of=as_of,
        at=at,
        taken=taken_history(record),
        prescribed=prescribed_history(record),
        planned=planned_history(record),
        is_over=is_over(record.treatment, as_of),
        plan=DoseHistory.of((day.toordinal(), regimen.daily_mcg) for day, regimen in plan) if plan else None,
        plan_began_on=plan_began_on,
        exposure_months=record.exposure_months,
        birth_date=record.birth_date,
        label_set=record.label_set,
        reports=tuple(_reports(record)),
        missed=tuple(_missed_days(record, as_of)),
        sedation=tuple(Sedation(at=entry.at, grade=entry.grade) for entry in record.sedations if entry.counts),
        signs=tuple(_signs(record)),
        conditions=frozenset(entry.code for entry in record.conditions if entry.is_active(as_of)),
        comedications=frozenset(entry.code for entry in record.comedications if entry.is_active(as_of)),
        known_since=_known_since(record, as_of),
        egfr=_readings(record, as_of),
        last_dose_at=_last_dose(record, as_of),
        scores=tuple(_scores(record)),
        interruptions=tuple(_interruptions(record)),
        runs_out_on=supply_of(record, as_of).empty_on,
        next_review_on=_next_review(record, as_of),
        died_on=died_on(record.treatment),
        is_closed=closed_without_day(record) is not None,
    )


def case_at(
    record: PatientRecord,
    on: date,
    *,
    now: datetime,
    plan: Iterable[tuple[date, Regimen]] | None = None,
    plan_began_on: date | None = None,
) -> Case:
    """The case of a record as of a day, at the instant that counts for it: now on today, the end of a day that is
    past, the beginning of one to come, whose first dose is still to be taken.
    """
    local_now = now.astimezone(ZoneInfo(record.time_zone))
    today = local_now.date()
    at = local_now if on == today else datetime.combine(on, time.min, local_now.tzinfo) if on > today else None
    return case_from(record, on, at=at, plan=plan, plan_began_on=plan_began_on)


def _last_dose(record: PatientRecord, as_of: date) -> datetime | None:
    """When the last dose was, as the latest report that covers the day says."""
    covering = [
        entry
        for entry in record.intakes
        if entry.counts and entry.starts_on <= as_of and (entry.ends_on is None or entry.ends_on >= as_of)
    ]
    latest = max(covering, key=lambda entry: entry.recorded_at, default=None)
    return None if latest is None else latest.last_dose_at


def _scores(record: PatientRecord) -> Iterable[Score]:
    for entry in record.scores:
        if entry.counts and entry.scale in ("spasticity", "pain"):
            yield Score(on=entry.at.date(), scale=entry.scale, value=int(entry.value))


def _reports(record: PatientRecord) -> Iterable[ReportedIntake]:
    for entry in sorted(record.intakes, key=lambda entry: entry.recorded_at):
        if entry.counts:
            yield ReportedIntake(first_on=entry.starts_on, last_on=entry.ends_on, kind=entry.kind)


def _missed_days(record: PatientRecord, as_of: date) -> Iterable[MissedDoses]:
    for entry in record.intakes:
        if entry.counts and entry.kind is IntakeKind.MISSED and entry.missed:
            last = min(entry.ends_on or as_of, as_of)
            for offset in range((last - entry.starts_on).days + 1):
                yield MissedDoses(on=entry.starts_on + timedelta(offset), missed=entry.missed, due=entry.due or 0)


def _signs(record: PatientRecord) -> Iterable[Sign]:
    for entry in record.symptoms:
        if entry.counts and entry.symptom_list is SymptomList.WITHDRAWAL_SIGN:
            yield Sign(on=entry.onset_on, code=entry.code, until=entry.ended_on)


def _known_since(record: PatientRecord, as_of: date) -> dict[str, date]:
    """From when each is known: its beginning, else the day it was first recorded; what stood at registration without
    a beginning has no day.
    """
    registered_on = min((entry.recorded_at.date() for entry in record.regimens), default=as_of)
    found: dict[str, date] = {}
    entries = (*record.conditions, *record.comedications)
    for entry in entries:
        if entry.is_active(as_of):
            first_on = entry.since or _first_recorded(entries, entry.code)
            if entry.since or first_on > registered_on:
                found[entry.code] = min(first_on, found.get(entry.code, first_on))
    return found


def _first_recorded(entries: Iterable[LastingEntry], code: str) -> date:
    """An end is a new entry, so what was superseded tells when it was first heard of."""
    same = [entry for entry in entries if entry.code == code and entry.status is not EntryStatus.ENTERED_IN_ERROR]
    return min(entry.recorded_at.date() for entry in same)


def _readings(record: PatientRecord, as_of: date) -> tuple[KidneyReading, ...]:
    """One a day: the one recorded last."""
    by_day = {entry.on: entry.egfr for entry in record.kidney if entry.counts and entry.on <= as_of}
    return tuple(KidneyReading(on=on, egfr=egfr) for on, egfr in sorted(by_day.items()))


def _interruptions(record: PatientRecord) -> Iterable[Interruption]:
    for entry in record.interruptions:
        if entry.counts:
            yield Interruption(on=entry.first_on, kind=entry.code, has_continuity=entry.has_continuity)


def _next_review(record: PatientRecord, as_of: date) -> date | None:
    """The next one that was not yet held on that day; an overdue one is the worklist's."""
    waiting = (review.due_on for review in record.reviews if review.done_on is None or review.done_on > as_of)
    return min((due_on for due_on in waiting if due_on >= as_of), default=None)


def _changed_by(plan: PlanEntry, starts_on: date) -> PlanEntry:
    """A plan beside a dose change, from a day on: a live one is held, one that is over counts no further step."""
    if plan.state in _OVER:
        return replace(plan, ended_on=min(plan.ended_on or starts_on, starts_on))
    return replace(plan, held_on=held_by_change(plan.state, plan.held_on, starts_on) or plan.held_on)


def with_dose_change(record: PatientRecord, starts_on: date, regimen: Regimen, *, at: datetime) -> PatientRecord:
    """The record as it would be if this regimen change were saved; a live plan is held by it, as saving would do.
    at: now, aware.
    """
    proposal = RegimenEntry(
        id="proposed", recorded_at=at, recorded_by="", starts_on=starts_on, regimen=regimen, reason=""
    )
    today = at.astimezone(ZoneInfo(record.time_zone)).date()
    from_on = held_from(record, starts_on, today)
    plans = tuple(_changed_by(plan, from_on[plan.number]) for plan in record.plans)
    return replace(record, regimens=(*record.regimens, proposal), plans=plans)
