"""A plan as a picture of its own: the dose band alone, from two weeks before today to a week after the last step.

Lines and words are those of the stacked chart; each step that a rule names carries the outline of its severity.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from titration.charts.dose import Limits, dose_band
from titration.charts.model import ChartModel, DoseBand, DoseLine, ResponseBand, Run
from titration.charts.pen import Pen, mark_path, short
from titration.charts.plans import GHOST, LAST_STEP_DAYS, PLAN
from titration.charts.scale import (
    DOSE_BOTTOM,
    DOSE_TOP,
    LEFT,
    Box,
    Frame,
    Labels,
    Place,
    day_ticks,
    dose_ticks_mg,
    text_width,
)
from titration.charts.svg_dose import draw_dose_labels, draw_dose_lines
from titration.domain.days import bare_day
from titration.domain.findings import Assessment
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen
from titration.domain.units import MCG_PER_MG, format_mg

DAYS_BEFORE = 14
HEIGHT = DOSE_BOTTOM + 36
WIDE, NARROW = 592, 358

type Steps = Sequence[tuple[date, Regimen]]


def plan_svg(
    record: PatientRecord,
    steps: Steps,
    *,
    assessment: Assessment,
    severities: Mapping[date, str],
    today: date,
    guidance: Limits,
    other: tuple[str, Steps] | None = None,
    width: int = WIDE,
    name: str = "plan, draft",
    for_paper: bool = False,
) -> str:
    """One `<svg>`. severities: by step date, what a rule says. other: a plan to compare with, and its name.

    name: what the plan's line is called; an earlier version of the same course is left out. for_paper: with its looks
    in itself, since paper has no style sheet.
    """
    band = dose_band(record, assessment, marks=(), today=today.toordinal(), guidance=guidance, draft_steps=steps)
    compared = tuple(_compared(other))
    band = replace(band, falls=(), notes=(), lines=(*compared, *_named(band.lines, name, compared)))
    frame = _frame(band, steps, other, today, width)
    pen, labels = Pen(for_paper=for_paper), Labels(right=float(width))
    _draw_axes(pen, frame)
    draw_dose_lines(pen, frame, labels)
    _draw_marks(pen, frame, labels, steps, severities)
    draw_dose_labels(pen, frame, labels)
    _draw_maximum(pen, frame, labels)
    _draw_days(pen, frame)
    return _wrap(pen, frame)


def _named(lines: Iterable[DoseLine], name: str, compared: Sequence[DoseLine]) -> Iterable[DoseLine]:
    """The plan by its own name; neither it nor what it is compared with stands among the earlier versions again."""
    own = [replace(line, label=name) for line in lines if line.kind == PLAN]
    drawn = [line.runs for line in (*own, *compared)]
    others = [line for line in lines if line.kind != PLAN]
    return [*(line for line in others if line.kind != GHOST or line.runs not in drawn), *own]


def _compared(other: tuple[str, Steps] | None) -> Iterable[DoseLine]:
    if other is None:
        return
    label, steps = other
    days = [(starts_on.toordinal(), regimen.daily_mcg) for starts_on, regimen in steps]
    days.append((days[-1][0] + LAST_STEP_DAYS, 0))
    runs = tuple(Run(day, until, mcg) for (day, mcg), (until, _) in pairwise(days))
    yield DoseLine(kind="lengthened", label=label, runs=runs)


def _frame(band: DoseBand, steps: Steps, other: tuple[str, Steps] | None, today: date, width: int) -> Frame:
    now = today.toordinal()
    last = max(each[-1][0].toordinal() for each in (steps, other[1] if other else ()) if each) + LAST_STEP_DAYS
    model = ChartModel(
        today=now, first=now - DAYS_BEFORE, last=last, default_range="all", dose=band,
        response=ResponseBand(series=(), gaps=()), lanes=(), key=(), thinned=(),
    )  # fmt: skip
    return Frame(model=model, width=width, first=now - DAYS_BEFORE, last=max(last, now + DAYS_BEFORE))


def _draw_axes(pen: Pen, frame: Frame) -> None:
    for day, _ in day_ticks(frame):
        pen.line("grid", x1=frame.x(day), x2=frame.x(day), y1=DOSE_TOP, y2=DOSE_BOTTOM)
    for mg in dose_ticks_mg(frame.model.dose.top_mcg):
        y = frame.y_dose(mg * MCG_PER_MG)
        pen.line("grid" if mg else "axis", x1=LEFT, x2=frame.right, y1=y, y2=y)
        pen.text(str(mg), "", x=LEFT - 8, y=y + 4, anchor="end")
    pen.text("mg/day", "t-strong", x=0, y=16)
    y = frame.y_dose(frame.model.dose.maximum_mcg)
    pen.line("maximum", x1=LEFT, x2=frame.right, y1=y, y2=y)


def _draw_marks(pen: Pen, frame: Frame, labels: Labels, steps: Steps, severities: Mapping[date, str]) -> None:
    for starts_on, regimen in steps:
        if severity := severities.get(starts_on):
            x, y = frame.x(starts_on.toordinal()), frame.y_dose(regimen.daily_mcg)
            pen.shape("path", f"mark mark-{severity}", d=mark_path(severity, x, y))
            labels.block(Box(x - 9, y - 9, x + 9, y + 9))


def _draw_maximum(pen: Pen, frame: Frame, labels: Labels) -> None:
    words = f"labelled maximum {format_mg(frame.model.dose.maximum_mcg)}"
    y = frame.y_dose(frame.model.dose.maximum_mcg) - 6
    if place := labels.place(
        words, [Place(frame.right, y, "end"), Place(LEFT + 8, y), Place(frame.right, y + 20, "end")]
    ):
        pen.text(words, "t-halo", x=place.x, y=place.y, anchor=place.anchor)


def _draw_days(pen: Pen, frame: Frame) -> None:
    x, labels = frame.today_x, Labels(right=float(frame.width))
    pen.line("today", x1=x, x2=x, y1=DOSE_TOP, y2=DOSE_BOTTOM + 6)
    today = _day_words(frame.model.today)
    labels.block(Place(x, DOSE_BOTTOM + 24, "middle").box(text_width(today, strong=True) + 6))
    for day, words in day_ticks(frame):
        if place := labels.place(words, [Place(frame.x(day), DOSE_BOTTOM + 24, "middle")]):
            pen.text(words, "", x=place.x, y=place.y, anchor="middle")
    pen.text(today, "t-strong", x=x, y=DOSE_BOTTOM + 24, anchor="middle")


def _day_words(day: int) -> str:
    on = date.fromordinal(day)
    return bare_day(on)


def _wrap(pen: Pen, frame: Frame) -> str:
    label = "Planned dose in mg/day; the table below holds the same data"
    size = f'viewBox="0 0 {frame.width} {short(HEIGHT)}" width="{frame.width}" height="{short(HEIGHT)}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">'
    return "".join([opening, *pen.parts, "</svg>"])
