"""What the patient's file says to each row of a history: its date, the ceiling, and what is on file already.

An import adds to the past and changes nothing in it: where an entry of the same kind stands, the row is refused.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from enum import StrEnum
from zoneinfo import ZoneInfo

from titration.domain.history import step_counts
from titration.domain.plan_transitions import LIVE_STATES
from titration.domain.record import IntakeEntry, PatientRecord, PlanEntry
from titration.domain.treatment import is_over
from titration.domain.units import show_mg_per_day
from titration.imports.rows import HistoryRow, Problem, RowVerdict

NOON = clock(12)
_ONE_DAY = timedelta(days=1)


class DosesAre(StrEnum):
    """What the doses of a file mean."""

    PRESCRIBED = "prescribed"
    TAKEN_FROM = "taken_from"
    TAKEN_ON = "taken_on"


DOSES_ARE = {
    DosesAre.PRESCRIBED: "What was prescribed, from its date on",
    DosesAre.TAKEN_FROM: "What was taken, from its date until the next row",
    DosesAre.TAKEN_ON: "What was taken on its date alone (a diary)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What rows are held against. record: the patient's file; now in the clinic's zone."""

    record: PatientRecord
    now: datetime
    ceiling_mcg: int
    doses_are: DosesAre

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.record.time_zone)


def checked(verdicts: Sequence[RowVerdict], against: Against) -> tuple[RowVerdict, ...]:
    """The verdicts with what the file says to them; two rows with doses for one date are a problem of the later."""
    seen: dict[date, int] = {}
    regimens = {entry.starts_on for entry in against.record.regimens if entry.counts}
    intakes = [entry for entry in against.record.intakes if entry.counts]
    planned = _days_of_plans(against.record)
    found: list[RowVerdict] = []
    for verdict in verdicts:
        if verdict.row is None:
            found.append(verdict)
            continue
        sentences = [*_of_date(verdict.row, against)]
        if verdict.row.has_dose:
            sentences += _of_dose(verdict.row, against, regimens, intakes, planned)
            if verdict.row.on in seen:
                sentences.append(f"row {seen[verdict.row.on]} has doses for this date too. Keep one of them.")
            seen.setdefault(verdict.row.on, verdict.number)
        problems = tuple(Problem(row=verdict.number, column="", sentence=sentence) for sentence in sentences)
        found.append(replace(verdict, problems=problems, to_check=tuple(_to_check(verdict.row, against))))
    return tuple(found)


def _days_of_plans(record: PatientRecord) -> list[tuple[date, date]]:
    """The first and the last day of each signed version: under way without end, else until its last step that began."""
    return [(plan.steps[0].starts_on, last) for plan in record.plans if (last := _last_day(plan)) is not None]


def _last_day(plan: PlanEntry) -> date | None:
    if plan.state in LIVE_STATES:
        return date.max
    counting = [step.starts_on for step in plan.steps if plan.signed_at and step_counts(plan, step.starts_on)]
    return counting[-1] if counting else None


def _of_date(row: HistoryRow, against: Against) -> Iterable[str]:
    if row.on > against.today or (row.at and reported_at(row, against.zone, against.now) > against.now):
        yield "it is in the future. A history is about the past."
    if row.on < against.record.birth_date:
        yield "it is before the patient was born. Check the date."
    if row.at and _skipped(row.on, row.at, against.zone):
        yield "the clock skipped this hour. Write the hour before or after."


def _of_dose(
    row: HistoryRow, against: Against, regimens: set[date], intakes: list[IntakeEntry], planned: list[tuple[date, date]]
) -> Iterable[str]:
    if against.doses_are is DosesAre.PRESCRIBED:
        yield from _of_prescription(row, against, regimens, planned)
    elif any(_covers(entry, row.on) for entry in intakes):
        yield "a report of what was taken is on file for this date. Leave out the row, or correct that report first."


def _of_prescription(
    row: HistoryRow, against: Against, regimens: set[date], planned: list[tuple[date, date]]
) -> Iterable[str]:
    if row.regimen is None:
        yield "a daily total alone is no prescription. Add the times of day, or import it as what was taken."
    elif row.regimen.daily_mcg > against.ceiling_mcg:
        yield f"{show_mg_per_day(row.regimen.daily_mcg)} is above the ceiling and is never recorded as prescribed."
    if row.on in regimens:
        yield "a prescribed dose is on file for this date. Leave out the row, or correct that entry first."
    if is_over(against.record.treatment, row.on):
        yield "the treatment had ended, or was somebody else's, on this date. Import the row as what was taken."
    if any(first <= row.on <= last for first, last in planned):
        yield "a plan runs on this date. Record changes of its time by hand."


def _to_check(row: HistoryRow, against: Against) -> Iterable[str]:
    """What somebody may really have taken, and may as well be a slip."""
    taken_mcg = None if against.doses_are is DosesAre.PRESCRIBED else row.total_mcg
    if taken_mcg is not None and taken_mcg > against.ceiling_mcg:
        ceiling = show_mg_per_day(against.ceiling_mcg)
        yield f"{show_mg_per_day(taken_mcg)} is above the ceiling of {ceiling}. Check the row."


def _covers(entry: IntakeEntry, on: date) -> bool:
    return entry.starts_on <= on and (entry.ends_on is None or on <= entry.ends_on)


def _skipped(on: date, at: clock, zone: ZoneInfo) -> bool:
    local = datetime.combine(on, at, tzinfo=zone)
    return datetime.fromtimestamp(local.timestamp(), zone).replace(tzinfo=None) != local.replace(tzinfo=None)


def reported_at(row: HistoryRow, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant of a row's reports: its time, else noon, else now where noon of today is still to come."""
    if row.at is not None:
        return datetime.combine(row.on, row.at, tzinfo=zone)
    return min(datetime.combine(row.on, NOON, tzinfo=zone), now)


def taken_until(rows: Sequence[HistoryRow], against: Against) -> dict[int, date]:
    """Until when each row with doses counts as taken, by its number: its own day, or the day before the next row or
    the next entry on file, at most today.
    """
    with_dose = sorted((row for row in rows if row.has_dose), key=lambda row: row.on)
    if against.doses_are is DosesAre.TAKEN_ON:
        return {row.number: row.on for row in with_dose}
    record = against.record
    starts = {entry.starts_on for entry in record.intakes if entry.counts}
    starts |= {entry.starts_on for entry in record.regimens if entry.counts}
    starts |= {row.on for row in with_dose} | {against.today + _ONE_DAY}
    ordered = sorted(starts)
    return {row.number: ordered[bisect_right(ordered, row.on)] - _ONE_DAY for row in with_dose}
