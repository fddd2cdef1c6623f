"""The chart as a table: a row for each day on which something changed, and the values of one day for the readout.

The table holds the drawn data in words. A very long history keeps its newest rows; the time line of the page holds all.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from titration.charts.model import ChartModel, Score, Step
from titration.domain.days import bare_day, bare_full_day
from titration.domain.history import Day
from titration.domain.units import show_mg_per_day

MOST_ROWS = 400
SCORE_DAYS = 28
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartRow:
    """One day in words, "" where there is nothing to say."""

    on: date
    day: str
    taken: str
    prescribed: str
    planned: str
    scores: str
    events: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of the table's columns."""
        return self.day, self.taken, self.prescribed, self.planned, self.scores, self.events


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartRows:
    """Newest first. notes say what is left out."""

    rows: tuple[ChartRow, ...]
    notes: tuple[str, ...]

    @property
    def cells(self) -> list[tuple[str, ...]]:
        return [row.cells for row in self.rows]


def chart_rows(model: ChartModel) -> ChartRows:
    events, scores, planned = _events(model), _scores(model), _planned(model)
    changes = {step.day for step in (*model.dose.taken, *model.dose.prescribed)}
    days = sorted({*changes, *events, *scores, *planned, model.today} - _beyond(model), reverse=True)
    rows = tuple(
        ChartRow(
            on=date.fromordinal(day),
            day=_day_words(day),
            taken=_taken(model, day),
            prescribed=_dose_on(model.dose.prescribed, day),
            planned=planned.get(day, ""),
            scores=", ".join(scores.get(day, ())),
            events="; ".join(events.get(day, ())),
        )
        for day in days[:MOST_ROWS]
    )
    return ChartRows(rows=rows, notes=_notes(model, len(days)))


def _day_words(day: Day) -> str:
    on = date.fromordinal(day)
    return bare_full_day(on)


def _beyond(model: ChartModel) -> set[Day]:
    """The day after today on which the taken line merely ends."""
    last = model.dose.taken[-1:]
    ends = last[0].day if last and last[0].mcg is None and last[0].day > model.today else None
    return set() if ends is None or any(step.day == ends for step in model.dose.prescribed) else {ends}


def _notes(model: ChartModel, total: int) -> tuple[str, ...]:
    thinned = tuple(
        f"The {name} line is drawn from {shown:,} of {all_:,} changes." for name, shown, all_ in model.thinned
    )
    left_out = (f"The newest {MOST_ROWS} of {total:,} days; the time line holds all.",) if total > MOST_ROWS else ()
    return (*thinned, *left_out)


def chart_readout(model: ChartModel, on: date) -> tuple[tuple[str, str], ...]:
    """Label and value of all there is on one day: doses, plan, latest scores within four weeks, events of that day."""
    day = on.toordinal()
    pairs = [
        ("taken", _taken(model, day)),
        ("prescribed", _dose_on(model.dose.prescribed, day)),
        ("plan", _plan_on(model, day)),
    ]
    pairs += [
        (series.label, _score_on([score for run in series.runs for score in run], day))
        for series in model.response.series
    ]
    pairs += [("", words) for words in _events(model).get(day, ())]
    return tuple((label, value) for label, value in pairs if value)


def _at(steps: Sequence[Step], day: Day) -> Step | None:
    position = bisect_right(steps, day, key=lambda step: step.day)
    return steps[position - 1] if position else None


def _taken(model: ChartModel, day: Day) -> str:
    step = _at(model.dose.taken, day)
    if day > model.today or step is None:
        return ""
    if step.mcg is None:
        return NOT_KNOWN
    return show_mg_per_day(step.mcg) + (", unconfirmed" if step.unconfirmed else "")


def _dose_on(steps: Sequence[Step], day: Day) -> str:
    step = _at(steps, day)
    return "" if step is None or step.mcg is None else show_mg_per_day(step.mcg)


def _plan_on(model: ChartModel, day: Day) -> str:
    runs = [run for line in model.dose.lines if line.kind == "plan" for run in line.runs]
    return next((show_mg_per_day(run.mcg) for run in runs if run.first <= day < run.until), "")


def _planned(model: ChartModel) -> dict[Day, str]:
    runs = [run for line in model.dose.lines if line.kind == "plan" for run in line.runs]
    return {run.first: show_mg_per_day(run.mcg) for run in runs}


def _scores(model: ChartModel) -> dict[Day, list[str]]:
    by_day: dict[Day, list[str]] = defaultdict(list)
    for series in model.response.series:
        for score in (score for run in series.runs for score in run):
            by_day[score.day].append(f"{series.label} {score.value:g}")
    return by_day


def _score_on(scores: Sequence[Score], day: Day) -> str:
    position = bisect_right(scores, day, key=lambda score: score.day)
    if not position or day - scores[position - 1].day > SCORE_DAYS:
        return ""
    latest = scores[position - 1]
    when = date.fromordinal(latest.day)
    return f"{latest.value:g}" if latest.day == day else f"{latest.value:g} on {bare_day(when)}"


def _events(model: ChartModel) -> dict[Day, list[str]]:
    by_day: dict[Day, list[str]] = defaultdict(list)
    for window in model.dose.falls:
        by_day[window.first].append(", ".join(filter(None, (window.words, window.cause))))
    for note in model.dose.notes:
        by_day[note.first].append(note.text)
    for lane in model.lanes:
        for symbol in lane.symbols:
            by_day[symbol.day].append(symbol.words)
        for bar in lane.bars:
            by_day[bar.first].append(bar.words)
        for mark in lane.marks:
            by_day[mark.day].append(f"{mark.severity}: {mark.words}")
    return by_day
