"""The divided dose beside how sleepy it made, time of day by time of day; and what moving a dose between them changes.

A grade without a time of day stands apart: the clock of a report is when it was said, not which dose it follows.
Nothing here judges; the rule on sedation does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from titration.domain.days import show_near_day
from titration.domain.guidance import load_guidance
from titration.domain.record import PatientRecord, SedationEntry
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import show_mg, show_mg_per_day

WINDOW = "sedation_by_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One report: its grade and its day in words."""

    grade: int
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeColumn:
    """One time of day: its dose, and the grades reported for it, the newest first."""

    time: TimeOfDay
    dose_mcg: int | None
    grades: tuple[Grade, ...]

    @property
    def worst(self) -> int | None:
        return max((each.grade for each in self.grades), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SedationByTime:
    """The four columns, the grades without a time of day, and since when reports are shown."""

    columns: tuple[TimeColumn, ...]
    untimed: tuple[Grade, ...]
    since: date

    @property
    def has_grades(self) -> bool:
        return bool(self.untimed) or any(column.grades for column in self.columns)

    @property
    def worst_times(self) -> tuple[TimeOfDay, ...]:
        """The times of day of the highest grade above 0, where the times differ."""
        worst = {column.time: column.worst for column in self.columns if column.worst is not None}
        highest = max(worst.values(), default=0)
        times = tuple(time for time, grade in worst.items() if grade == highest)
        return times if highest and len(times) < len(TimeOfDay) else ()


def sedation_by_time(record: PatientRecord, regimen: Regimen | None, today: date) -> SedationByTime:
    """regimen: as prescribed today, None where nothing is on file. The window is the guidance's."""
    since = today - timedelta(days=load_guidance().count(WINDOW) - 1)
    recent = [entry for entry in record.sedations if entry.counts and since <= entry.at.date() <= today]
    recent.sort(key=lambda entry: entry.at, reverse=True)
    doses = regimen.doses_mcg if regimen else (None,) * len(TimeOfDay)
    return SedationByTime(
        columns=tuple(
            TimeColumn(time=time, dose_mcg=dose, grades=_grades(recent, time.value, today))
            for time, dose in zip(TimeOfDay, doses, strict=True)
        ),
        untimed=_grades(recent, "", today),
        since=since,
    )


def _grades(entries: Iterable[SedationEntry], time: str, today: date) -> tuple[Grade, ...]:
    return tuple(
        Grade(grade=entry.grade, day=show_near_day(entry.at.date(), beside=today))
        for entry in entries
        if entry.time_of_day == time
    )


def divided_anew(before: Regimen, after: Regimen) -> str:
    """Same 60 mg/day, 10 mg moved from midday to evening; "" where the total differs or nothing moved."""
    if before.daily_mcg != after.daily_mcg or before == after:
        return ""
    return f"Same {show_mg_per_day(after.daily_mcg)}, {_moves(before, after)}."


def _moves(before: Regimen, after: Regimen) -> str:
    changes = [(time, new - old) for time, old, new in zip(TimeOfDay, before.doses_mcg, after.doses_mcg, strict=True)]
    less = [(time, -change) for time, change in changes if change < 0]
    more = [(time, change) for time, change in changes if change > 0]
    if len(less) == len(more) == 1:
        return f"{show_mg(more[0][1])} moved from {less[0][0]} to {more[0][0]}"
    return f"{_list(less, 'less')}, {_list(more, 'more')}"


def _list(changes: Sequence[tuple[TimeOfDay, int]], word: str) -> str:
    return (
        ", ".join(f"{show_mg(mcg)} {word} at {time}" for time, mcg in changes)
        .replace("at morning", "in the morning")
        .replace("at evening", "in the evening")
    )
