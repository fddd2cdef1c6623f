"""Case files of published schedules and of the series that a clinician would judge at a glance, with the highest level
that any day of them may reach.

Each is a course as runs of (mg a day, days). `test_published.py` writes it out as a case file and puts it through the
reader and `--each-day`; each name says whose schedule it is.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.domain.courses import Run, even_steps

FIRST_DAY = date(2026, 1, 5)
INFO, CAUTION, HIGH, CRITICAL = "info", "caution", "high", "critical"
WITHDRAWAL = ("W1", "W2", "W3")
ANY_DOSE = (*WITHDRAWAL, "T1", "T2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """expected: the highest level of the rules named, over all days; None: silent on every day."""

    runs: tuple[Run, ...]
    expected: str | None
    codes: tuple[str, ...] = WITHDRAWAL
    months: float | None = 12
    conditions: tuple[str, ...] = ()

    def case_file(self) -> dict[str, Any]:
        """The file as `manage.py assess` reads it."""
        rows, day = [], FIRST_DAY
        for mg, days in self.runs:
            rows += [[(day + timedelta(offset)).isoformat(), f"{mg:g}"] for offset in range(days) if mg is not None]
            day += timedelta(days)
        return {
            "schema": "titration.case/1",
            "as_of": (day - timedelta(1)).isoformat(),
            "birth_date": "1980-06-01",
            "exposure_months": self.months,
            "taken": rows,
            "conditions": list(self.conditions),
        }


def steady_steps(start: float, step: float, days: int, *, before: int = 60) -> tuple[Run, ...]:
    """Down by one size every so many days, to 0."""
    count = round(start / step)
    totals = [round(start - step * number, 1) for number in range(1, count)]
    return ((start, before), *((mg, days) for mg in totals), (0, 21))


def shares(start: float, share: float, days: int, *, until: float = 5, before: int = 60) -> tuple[Run, ...]:
    """Down by a share of the dose every so many days, to the last dose above `until`."""
    runs: list[Run] = [(start, before)]
    while (start := round(start * (1 - share), 1)) > until:
        runs.append((start, days))
    return tuple(runs)


def even(start: int, days: int) -> tuple[Run, ...]:
    return tuple(even_steps(start, days))


SCHEDULES: dict[str, Published] = {
    "Canada, Singapore: over 1 week from 60": Published(runs=even(60, 7), expected=HIGH),
    "Canada, Singapore: over 2 weeks from 60": Published(runs=even(60, 14), expected=INFO),
    "CSM by NHS Highland: at least 2 weeks from 80": Published(runs=even(80, 14), expected=INFO),
    "Australia: over 2 weeks from 75": Published(runs=even(75, 14), expected=INFO),
    "Switzerland: about 3 weeks from 60": Published(runs=even(60, 21), expected=None),
    "Switzerland: about 3 weeks from 80": Published(runs=even(80, 21), expected=None),
    "ANSM 2017: 10 mg every 2 days from 140": Published(runs=steady_steps(140, 10, 2), expected=None),
    "ANSM 2017: 15 mg every 2 days from 180": Published(runs=steady_steps(180, 15, 2), expected=None),
    "Australian alcohol guideline: 10 mg a day from 60": Published(runs=steady_steps(60, 10, 1), expected=CRITICAL),
    "Australian alcohol guideline: 5 mg a week from 60": Published(runs=steady_steps(60, 5, 7), expected=INFO),
    "ALPADIR 2017: 180 to 0 over 2 weeks": Published(runs=even(180, 14), expected=INFO),
    "Ameisen 2005: 270 to 120 over 14 days": Published(
        runs=((270, 60), *((270 - 10 * number, 1) for number in range(1, 15)), (120, 21)), expected=None
    ),
    "Ottawa: halving each week from 60": Published(runs=((60, 60), (30, 7), (15, 7), (7.5, 7), (0, 20)), expected=HIGH),
    "CMSC 2015, only under a running pump: half at a time from 60": Published(
        runs=((60, 60), (30, 1), (15, 1), (0, 14)), expected=CRITICAL
    ),
    "10 mg every 4 weeks from 60": Published(runs=steady_steps(60, 10, 28), expected=CAUTION),
    "a tenth a week from 60": Published(runs=shares(60, 0.1, 7), expected=None),
    "a quarter a week from 60": Published(runs=shares(60, 0.25, 7), expected=CAUTION),
    "benzodiazepine pace: a tenth every 2 weeks": Published(runs=shares(60, 0.1, 14), expected=None),
    "O'Rourke 2001: 60 to 30 for 10 days, then 0": Published(runs=((60, 60), (30, 10), (0, 5)), expected=CRITICAL),
}

US_TITRATION: tuple[Run, ...] = ((15, 3), (30, 3), (45, 3), (60, 3), (75, 3), (80, 20))


def us_titration(last: int) -> Published:
    runs = tuple((min(mg or 0, last), days) for mg, days in US_TITRATION)
    return Published(runs=runs, expected=None, codes=ANY_DOSE, months=0)


SERIES: dict[str, Published] = {
    "stable 60": Published(runs=((60, 90),), expected=None, codes=ANY_DOSE),
    **{f"labelled US titration to {last}": us_titration(last) for last in (60, 75, 80)},
    "three weeks from 30": Published(runs=even(30, 21), expected=INFO),
    "60 to 80 in one step": Published(runs=((60, 30), (80, 20)), expected=CAUTION, codes=ANY_DOSE),
    **{
        f"one step back from {high} to {low}{words}": Published(
            runs=((low, 10), (high, 5), (low, 20)), expected=CAUTION, conditions=conditions
        )
        for high, low in ((60, 45), (30, 15))
        for words, conditions in (("", ()), (", vulnerable", ("psychosis",)))
    },
    "two weeks from 30": Published(runs=even(30, 14), expected=INFO),
    "20-10-0 in weekly steps": Published(runs=((20, 60), (10, 7), (0, 20)), expected=CAUTION),
    "10 mg a month": Published(runs=((60, 60), *((mg, 30) for mg in range(50, -1, -10))), expected=CAUTION),
    "60-45-30-15-0 at three-day steps": Published(runs=((60, 60), (45, 3), (30, 3), (15, 3), (0, 20)), expected=HIGH),
    "15 mg stopped after long use": Published(runs=((15, 60), (0, 5)), expected=CRITICAL),
    **{
        f"{name} every {days} days": Published(
            runs=((60, 60), *((mg, days) for mg in steps), (0, 5)), expected=CRITICAL
        )
        for name, steps in (("60-20-0", (20,)), ("60-10-0", (10,)), ("60-45-30-15-0", (45, 30, 15)))
        for days in (1, 2)
    },
    "a whole day missed at 60, then taken again": Published(
        runs=((60, 60), (0, 1), (60, 5)), expected=CRITICAL, codes=ANY_DOSE
    ),
    "one overdose day, then the usual dose": Published(runs=((60, 60), (300, 1), (60, 10)), expected=None),
    "alternate days": Published(runs=((60, 1), (None, 1)) * 14, expected=None),
    "a two-day record": Published(runs=((60, 2),), expected=None),
}
