"""Before the end of a treatment is recorded: the record as it would be, what is on file of the last dose, and reports
that would contradict it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from titration.domain.days import show_full_day
from titration.domain.entries import TreatmentEntry, TreatmentState
from titration.domain.errors import DomainError
from titration.domain.history import prescribed_before, prescribed_changes, taken_history
from titration.domain.plan_transitions import LIVE_STATES
from titration.domain.record import IntakeEntry, PatientRecord, PlanState
from titration.domain.treatment import standing_changes
from titration.domain.units import show_mg_per_day

_ONE_DAY = timedelta(days=1)
_COMES_BACK = (
    "was ordered before and would count again by itself. Mark that dose change as entered in error first. "
    "If the treatment went on all the time, mark its end as entered in error instead."
)
_CORRECT = "Mark that report as entered in error first, or choose a later day."


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDose:
    """The last day on which something was taken, by what is on file, and how much."""

    on: date
    daily_mcg: int


def last_dose_on_file(record: PatientRecord, today: date) -> LastDose | None:
    """None where nothing that is on file says that a dose was ever taken."""
    taken = taken_history(record)
    held = zip(taken.days, taken.values, (*taken.days[1:], today.toordinal() + 1), strict=True)
    for first, mcg, until in reversed(list(held)):
        if mcg and first <= today.toordinal():
            return LastDose(on=date.fromordinal(min(until - 1, today.toordinal())), daily_mcg=mcg)
    return None


def is_prescribed_from(record: PatientRecord, on: date) -> bool:
    """Whether a dose is prescribed on a day, or on one that comes after it."""
    coming = [regimen for day, regimen in prescribed_changes(record) if day > on]
    return any(regimen and regimen.daily_mcg for regimen in (prescribed_before(record, on + _ONE_DAY), *coming))


def with_change(record: PatientRecord, entry: TreatmentEntry, today: date) -> PatientRecord:
    """The record as it would be with this change; plans under way stop with the treatment, as saving would do."""
    tomorrow = today + _ONE_DAY
    plans = record.plans
    if entry.kind is not TreatmentState.UNDER_TREATMENT:
        plans = tuple(
            replace(plan, state=PlanState.STOPPED, ended_on=tomorrow) if plan.state in LIVE_STATES else plan
            for plan in record.plans
        )
    return replace(record, treatment=(*record.treatment, entry), plans=plans)


def check_nothing_later(record: PatientRecord, kind: TreatmentState, last_on: date) -> None:
    """Raises DomainError where a report on file is about a later day than the last one of a treatment."""
    for entry in record.intakes:
        on = _told_after(entry, last_on)
        if on is not None and kind in (TreatmentState.ENDED, TreatmentState.DIED):
            raise DomainError(f"A report says that {_amount(entry)} was taken on {show_full_day(on)}. {_CORRECT}")
    if kind is TreatmentState.DIED and (seen := _seen_after(record, last_on)) is not None:
        raise DomainError(f"A report about {show_full_day(seen)} is on file. {_CORRECT}")


def check_nothing_comes_back(record: PatientRecord, again: TreatmentEntry) -> None:
    """Raises DomainError where what was ordered before a treatment was over would count again by itself."""
    changes = standing_changes(record.treatment)
    ends = [change.recorded_at for change in changes if change.kind is not TreatmentState.UNDER_TREATMENT]
    for day, regimen in prescribed_changes(_as_of(record, ends[-1], again)) if ends else ():
        if day >= again.starts_on and regimen is not None and regimen.daily_mcg:
            dose = show_mg_per_day(regimen.daily_mcg)
            raise DomainError(f"{dose} from {show_full_day(day)} {_COMES_BACK}", about="on")


def _as_of(record: PatientRecord, end_at: datetime, again: TreatmentEntry) -> PatientRecord:
    """What had been ordered when an end was recorded, and the return after it."""
    changes = [change for change in standing_changes(record.treatment) if change.recorded_at <= end_at]
    return replace(
        record,
        regimens=tuple(entry for entry in record.regimens if entry.recorded_at <= end_at),
        plans=tuple(plan for plan in record.plans if plan.signed_at and plan.signed_at <= end_at),
        treatment=(*changes, again),
    )


def _told_after(entry: IntakeEntry, last_on: date) -> date | None:
    """A day after the last one on which this report says that something was taken; what goes on tells of its first."""
    if not entry.counts:
        return None
    if entry.last_dose_at is not None and entry.last_dose_at.date() > last_on:
        return entry.last_dose_at.date()
    told = entry.ends_on or entry.starts_on
    took = entry.regimen.daily_mcg if entry.regimen else entry.daily_mcg
    return told if took and told > last_on else None


def _amount(entry: IntakeEntry) -> str:
    took = entry.regimen.daily_mcg if entry.regimen else entry.daily_mcg
    return show_mg_per_day(took) if took else "a dose"


def _seen_after(record: PatientRecord, last_on: date) -> date | None:
    days = [sedation.at.date() for sedation in record.sedations if sedation.counts]
    days += [score.at.date() for score in record.scores if score.counts]
    days += [entry.onset_on for entry in record.symptoms if entry.counts]
    return max((day for day in days if day > last_on), default=None)
