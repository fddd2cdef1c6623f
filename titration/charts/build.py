"""One patient's chart from the record and what the rules say, as of one day.

Nothing here judges and nothing reads a clock. Long histories are thinned for drawing, and the model says by how much.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from titration.charts.dose import Limits, dose_band
from titration.charts.events import event_lanes, response_band, symbol_key
from titration.charts.model import ChartModel, DoseBand, Lane, ResponseBand, Run, Step, Thinned
from titration.charts.thin import MOST_SYMBOLS, thinned
from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.history import Day
from titration.domain.record import PatientRecord

UNKNOWN_VALUE = -1


def chart_model(
    record: PatientRecord,
    assessment: Assessment,
    *,
    marks: Iterable[Finding] = (),
    today: date,
    guidance: Limits,
) -> ChartModel:
    """Bands, axis and letters of one patient as of the evening of `today`, a day in the clinic's zone.

    marks: what W1 to W3 said in the past.
    """
    now, past = today.toordinal(), tuple(marks)
    whole = dose_band(record, assessment, marks=past, today=now, guidance=guidance)
    dose, counts = _thin(whole, now)
    response = response_band(record, now)
    lanes = event_lanes(record, falls=dose.falls, today=now)
    days = _days_of(dose, response, lanes)
    return ChartModel(
        today=now,
        first=min([now, *days]),
        last=max([now, *days]),
        default_range=_default_range(record, assessment),
        dose=dose,
        response=response,
        lanes=lanes,
        key=symbol_key(record),
        thinned=counts,
    )


def _default_range(record: PatientRecord, assessment: Assessment) -> str:
    """Three months while something critical stands: at All a stop is a few pixels wide."""
    critical = Severity.CRITICAL.label
    is_flagged = any(flag.severity == critical and flag.state == "open" for flag in record.flags)
    return "3m" if is_flagged or any(each.severity is Severity.CRITICAL for each in assessment.findings) else "all"


def _thin(dose: DoseBand, today: Day) -> tuple[DoseBand, tuple[Thinned, ...]]:
    taken, prescribed = _thin_steps(dose.taken, today), _thin_steps(dose.prescribed, today)
    counts = (
        Thinned("taken", len(taken), len(dose.taken)),
        Thinned("prescribed", len(prescribed), len(dose.prescribed)),
    )
    lighter = replace(
        dose,
        taken=taken,
        prescribed=prescribed,
        lines=tuple(replace(line, runs=_thin_runs(line.runs, today)) for line in dose.lines),
        falls=dose.falls[-MOST_SYMBOLS:],
        notes=dose.notes[-MOST_SYMBOLS:],
    )
    return lighter, tuple(count for count in counts if count.shown < count.total)


def _thin_runs(runs: Sequence[Run], today: Day) -> tuple[Run, ...]:
    return thinned(runs, day=lambda run: run.first, value=lambda run: run.mcg, today=today)


def _thin_steps(steps: Sequence[Step], today: Day) -> tuple[Step, ...]:
    return thinned(
        steps,
        day=lambda step: step.day,
        value=lambda step: UNKNOWN_VALUE if step.mcg is None else step.mcg,
        today=today,
    )


def _days_of(dose: DoseBand, response: ResponseBand, lanes: Iterable[Lane]) -> list[Day]:
    """Every day on which something begins, and where plans end: the extent of the axis."""
    days = [step.day for step in (*dose.taken[:1], *dose.prescribed[:1], *dose.prescribed[-1:])]
    days += [run.until for line in dose.lines for run in line.runs[-1:]]
    days += [score.day for series in response.series for run in series.runs for score in run]
    for lane in lanes:
        days += [symbol.day for symbol in lane.symbols]
        days += [bar.first for bar in lane.bars]
        days += [mark.day for mark in lane.marks]
    return days
