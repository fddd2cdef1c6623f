"""The dose band: what was taken until today, what was prescribed and planned where that differs, drops and notes.

A day's level comes from the histories of the domain alone, so that a new dose never redraws an earlier day.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import Protocol

from titration.charts.model import DoseBand, DoseLine, FallWindow, Note, Run, Step
from titration.charts.plans import LAST_STEP_DAYS, PLAN, plan_lines
from titration.charts.words import FALL_WORDS, INTAKE_WORDS, lowered_words
from titration.domain.days import show_near_day
from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.history import Day, DoseHistory, prescribed_history, prescribed_regimens, taken_history
from titration.domain.record import IntakeKind, PatientRecord, RegimenEntry
from titration.domain.regimen import Regimen
from titration.domain.reported import reported
from titration.domain.units import format_mg

LONGEST_WINDOW_DAYS = 14
W3_DAYS = 7
_NAMED_INTAKES = (IntakeKind.RAN_OUT, IntakeKind.STOPPED)


class Limits(Protocol):
    """What the chart asks of the guidance."""

    @property
    def ceiling_mcg(self) -> int: ...

    def labelled_maximum_mcg(self, label_set: str) -> int: ...


def dose_band(
    record: PatientRecord,
    assessment: Assessment,
    *,
    marks: Iterable[Finding],
    today: Day,
    guidance: Limits,
    draft_steps: Sequence[tuple[date, Regimen]] | None = None,
) -> DoseBand:
    taken = taken_history(record).until(today)
    prescribed = prescribed_history(record)
    plans = plan_lines(record, draft_steps, taken=taken, prescribed=prescribed, today=today)
    shown = _prescribed_line(taken, prescribed, plans=plans, today=today, ordered_from=_ordered_from(record, today))
    lines = (*plans, *shown)
    maximum = guidance.labelled_maximum_mcg(record.label_set)
    highest = _highest([*taken.values, *prescribed.values], lines)
    ceiling = guidance.ceiling_mcg if 4 * highest > 3 * guidance.ceiling_mcg else None
    return DoseBand(
        taken=_taken_steps(record, taken),
        prescribed=tuple(Step(day, mcg) for day, mcg in zip(prescribed.days, prescribed.values, strict=True)),
        lines=lines,
        falls=_fall_windows(record, [*assessment.findings, *marks], taken=taken, today=today),
        notes=tuple(_notes(record, taken)),
        maximum_mcg=maximum,
        ceiling_mcg=ceiling,
        top_mcg=max(highest, maximum, ceiling or 0),
    )


def _highest(values: Iterable[int | None], lines: Iterable[DoseLine]) -> int:
    known = [mcg for mcg in values if mcg is not None]
    return max([*known, *(run.mcg for line in lines for run in line.runs)], default=0)


def _taken_steps(record: PatientRecord, taken: DoseHistory) -> tuple[Step, ...]:
    """Taken changes, split also where "unconfirmed" begins or ends."""
    told = reported(record)
    last = taken.days[-1] if taken.days else 0
    steps: list[Step] = []
    for day in sorted({*taken.days, *told.edges}):
        mcg = taken.on(day)
        step = Step(day, mcg, mcg is not None and told.is_unconfirmed(day))
        if day <= last and (not steps or steps[-1][1:] != step[1:]):
            steps.append(step)
    return tuple(steps)


def _prescribed_line(
    taken: DoseHistory, prescribed: DoseHistory, *, plans: Sequence[DoseLine], today: Day, ordered_from: Day | None
) -> list[DoseLine]:
    """Where prescribed is neither taken nor drawn as the plan; a last change ahead is drawn for a week.

    Ahead, a plan that is drawn hides what is prescribed without it, but never a change that was ordered.
    """
    planned = DoseHistory.of(_changes(run for line in plans if line.kind == PLAN for run in line.runs))
    ahead = [day + LAST_STEP_DAYS for day in prescribed.days[-1:] if day > today]
    end = max([today + 1, *ahead, *planned.days])
    edges = sorted({*taken.days, *prescribed.days, *planned.days, today + 1, end})
    runs = [
        Run(first, until, mcg)
        for first, until in pairwise(edges)
        if (mcg := prescribed.on(first)) is not None
        and mcg not in (taken.on(first), planned.on(first))
        and not (first > today and planned.on(first) is not None and (ordered_from is None or first < ordered_from))
    ]
    changed_on = prescribed.next_change_after(today)
    return list(_named_runs(_joined(runs), today, changed_on))


def _ordered_from(record: PatientRecord, today: Day) -> Day | None:
    """The first day ahead on which a regimen change begins."""
    days = (entry.starts_on.toordinal() for entry in record.regimens if entry.counts)
    return min((day for day in days if day > today), default=None)


def _named_runs(runs: Sequence[Run], today: Day, changed_on: Day | None) -> Iterable[DoseLine]:
    """What is prescribed now by that word; each change ahead by its day, drawn beside its dose: "35 from 23 Nov"."""
    now = [run for run in runs if changed_on is None or run.first < changed_on]
    if now:
        yield DoseLine(kind="prescribed", label="prescribed", runs=tuple(now))
    for _, level in groupby(runs[len(now) :], key=lambda run: run.mcg):
        drawn = tuple(level)
        first_on = show_near_day(date.fromordinal(drawn[0].first), beside=date.fromordinal(today))
        yield DoseLine(kind="prescribed", label=f"from {first_on}", runs=drawn)


def _changes(runs: Iterable[Run]) -> Iterable[tuple[Day, int | None]]:
    """Levels with unknown between them; a run that follows at once wins over the end of the one before it."""
    for run in runs:
        yield run.first, run.mcg
        yield run.until, None


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].until == run.first and joined[-1].mcg == run.mcg:
            joined[-1] = joined[-1]._replace(until=run.until)
        else:
            joined.append(run)
    return tuple(joined)


def _fall_windows(
    record: PatientRecord, findings: Iterable[Finding], *, taken: DoseHistory, today: Day
) -> tuple[FallWindow, ...]:
    """W1 to W3 from caution up, each episode once with its highest severity, by day."""
    highest: dict[tuple[str, date], Finding] = {}
    for finding in findings:
        key = (finding.code, finding.episode)
        if finding.code in FALL_WORDS and finding.severity >= Severity.CAUTION:
            highest[key] = max(highest.get(key, finding), finding, key=lambda each: each.severity)
    windows = [_fall_window(record, finding, taken=taken, today=today) for finding in highest.values()]
    stops = [window for window in windows if window.code == "W1"]
    others = [window for window in windows if window.code != "W1" and not _is_under_a_stop(window, stops)]
    return tuple(sorted([*stops, *others], key=lambda window: (window.first, window.code)))


def _is_under_a_stop(window: FallWindow, stops: Iterable[FallWindow]) -> bool:
    """While a stop stands the rules list no other drop, so the picture shows none."""
    return any(stop.first <= window.since < stop.until for stop in stops)


def _fall_window(record: PatientRecord, finding: Finding, *, taken: DoseHistory, today: Day) -> FallWindow:
    since = finding.since.toordinal()
    first, before = (since - W3_DAYS, since - W3_DAYS) if finding.code == "W3" else (since, since - 1)
    until = _end_of_stop(taken, since, today) if finding.code == "W1" else since + 1
    return FallWindow(
        code=finding.code,
        severity=finding.severity.label,
        since=since,
        episode=finding.episode.toordinal(),
        first=first,
        until=until,
        words=FALL_WORDS[finding.code] + _from_to(taken, before, since),
        cause=_cause(record, finding.since),
    )


def _end_of_stop(taken: DoseHistory, since: Day, today: Day) -> Day:
    """The first day with a dose again, at most two weeks on and not after today."""
    limit = min(since + LONGEST_WINDOW_DAYS, today + 1)
    return next((day for day in range(since + 1, limit) if taken.on(day)), max(limit, since + 1))


def _from_to(taken: DoseHistory, before: Day, since: Day) -> str:
    earlier = next((mcg for day in range(before, before - 3, -1) if (mcg := taken.on(day)) is not None), None)
    now = taken.on(since)
    return "" if earlier is None or now is None else f", {format_mg(earlier)} → {format_mg(now)}"


def _cause(record: PatientRecord, on: date) -> str:
    covering = [
        entry for entry in record.intakes if entry.counts and entry.kind in _NAMED_INTAKES and entry.starts_on <= on
    ]
    covering = [entry for entry in covering if entry.ends_on is None or on <= entry.ends_on]
    return INTAKE_WORDS[max(covering, key=lambda entry: entry.recorded_at).kind] if covering else ""


def _notes(record: PatientRecord, taken: DoseHistory) -> Iterable[Note]:
    """Why a dose went down by prescription, and days of missed doses."""
    for before, entry in lowered(record):
        first = entry.starts_on.toordinal()
        until = taken.next_change_after(first) or first + 1
        is_drawn = entry.regimen.daily_mcg == taken.on(first) != before
        if is_drawn and (words := lowered_words(entry.reason)):
            yield Note(first, until, words)
    for report in record.intakes:
        if report.counts and report.kind is IntakeKind.MISSED and report.ends_on is not None:
            yield Note(report.starts_on.toordinal(), report.ends_on.toordinal() + 1, INTAKE_WORDS[report.kind])


def lowered(record: PatientRecord) -> Iterable[tuple[int, RegimenEntry]]:
    """Regimen changes below the total that was prescribed before them, with that total."""
    entries = {entry.starts_on: entry for entry in record.regimens if entry.counts}
    totals = [(day, regimen.daily_mcg) for day, regimen in prescribed_regimens(record)]
    for (_, before), (day, now) in pairwise(totals):
        if day in entries and now < before:
            yield before, entries[day]
