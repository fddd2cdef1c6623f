"""Courses of doses for the tests of the rules: runs of (mg, days) become a case as of their last day."""

from datetime import date, timedelta
from fractions import Fraction

from titration.domain.assess import assess
from titration.domain.case import Case, MissedDoses, Sedation
from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.guidance import load_guidance
from titration.domain.history import DoseHistory
from titration.domain.units import MCG_PER_MG

FIRST = date(2026, 1, 5)
LONG, BETWEEN, SHORT = Fraction(12), Fraction(1), Fraction(0)
GUIDANCE = load_guidance()

type Run = tuple[float | None, int]


def totals(*runs: Run) -> list[tuple[int, int]]:
    """Known daily totals from FIRST on; a run of None is not known."""
    day, known = FIRST.toordinal(), []
    for mg, days in runs:
        if mg is not None:
            known += [(day + offset, round(mg * MCG_PER_MG)) for offset in range(days)]
        day += days
    return known


def case_of(
    *runs: Run,
    months: Fraction | None = LONG,
    conditions: tuple[str, ...] = (),
    missed: tuple[MissedDoses, ...] = (),
    sedation: tuple[Sedation, ...] = (),
    birth_date: date | None = date(1980, 6, 1),
    label_set: str = "US",
    plan: DoseHistory | None = None,
) -> Case:
    """The case as of the last day of the runs."""
    return Case(
        as_of=FIRST + timedelta(sum(days for _, days in runs) - 1),
        taken=DoseHistory.from_daily(totals(*runs)),
        exposure_months=months,
        birth_date=birth_date,
        conditions=frozenset(conditions),
        missed=missed,
        sedation=sedation,
        label_set=label_set,
        plan=plan,
    )


def found(case: Case, code: str) -> Finding | None:
    return next((finding for finding in assess(case, GUIDANCE).findings if finding.code == code), None)


def level(case: Case, code: str) -> Severity | None:
    """The severity at which a rule fires, None where it does not."""
    finding = found(case, code)
    return finding.severity if finding else None


def missing(case: Case, code: str) -> str | None:
    """What a rule lacks, None where it decided."""
    return next((u.missing for u in assess(case, GUIDANCE).undecided if u.code == code), None)


def each_day(case: Case) -> list[Assessment]:
    """Assessments of every day from the first known to the case's own."""
    from dataclasses import replace

    first = case.taken.first_day or case.day
    return [assess(replace(case, as_of=date.fromordinal(day)), GUIDANCE) for day in range(first, case.day + 1)]


def highest_over_time(case: Case, *codes: str) -> Severity | None:
    """The highest severity that any of the rules reached on any day; None where all stayed silent."""
    severities = [f.severity for day in each_day(case) for f in day.findings if f.code in codes]
    return max(severities, default=None)


def even_steps(start_mg: int, days: int, *, step_mg: int = 5, before: int = 60) -> list[Run]:
    """A taper to 0 in steps spread evenly: first day at 0 minus last day at the start is `days`."""
    steps = start_mg // step_mg
    offsets = [1 + number * (days - 1) // (steps - 1) for number in range(steps)]
    lengths = [later - earlier for earlier, later in zip(offsets, [*offsets[1:], offsets[-1] + 21], strict=True)]
    way_down = [(start_mg - step_mg * number, length) for number, length in enumerate(lengths, 1)]
    return [(start_mg, before), *way_down]
