"""The chart as one SVG picture, complete without JavaScript or colour: title, description, words at every line.

Drawn from back to front: grid, drop windows, lines, symbols, words. The numbers are in `scale`, the elements in `pen`.
"""

from datetime import date

from titration.charts.model import ChartModel, FallWindow
from titration.charts.pen import Pen, mark_path, short
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
    frame_of,
    text_width,
)
from titration.charts.svg_bands import draw_lanes, draw_response
from titration.charts.svg_dose import draw_dose_labels, draw_dose_lines
from titration.domain.days import bare_day, bare_full_day
from titration.domain.units import MCG_PER_MG, format_mg

WIDE, NARROW = 832, 358
TODAY_ROOM = 16


def chart_svg(
    model: ChartModel,
    *,
    width: int = WIDE,
    range: str = "",  # noqa: A002 - the word on the buttons
) -> str:
    """One `<svg>` element. range: 1m, 3m, 6m or all, "" for the model's own."""
    frame = frame_of(model, width=width, range_key=range or model.default_range)
    pen, labels = Pen(), Labels(right=float(width))
    _draw_grid(pen, frame)
    _draw_falls(pen, frame)
    _draw_dose_axis(pen, frame, labels)
    draw_dose_lines(pen, frame, labels)
    _draw_fall_words(pen, frame, labels)
    draw_dose_labels(pen, frame, labels)
    _draw_limit_words(pen, frame, labels)
    draw_response(pen, frame)
    draw_lanes(pen, frame)
    _draw_days(pen, frame)
    return _wrap(pen, frame)


def _wrap(pen: Pen, frame: Frame) -> str:
    head = Pen()
    name = f"chart-{frame.width}"
    size = f'viewBox="0 0 {frame.width} {short(frame.height)}" width="{frame.width}" height="{short(frame.height)}"'
    axis = f'data-first="{frame.first:.3f}" data-last="{frame.last:.3f}" data-right="{short(frame.right)}"'
    first, last = _words(frame.first), _words(frame.last)
    head.parts.append(f'<title id="{name}-title">Dose, response and events from {first} to {last}</title>')
    head.parts.append(
        f'<desc id="{name}-desc">Today is {_words(frame.model.today)}. The table below holds the same data.</desc>'
    )
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {axis} role="img" aria-labelledby="{name}-title {name}-desc">'
    )
    return "".join([opening, *head.parts, *pen.parts, "</svg>"])


def _words(day: float) -> str:
    on = date.fromordinal(int(day))
    return bare_full_day(on)


def _draw_grid(pen: Pen, frame: Frame) -> None:
    for day, _ in day_ticks(frame):
        pen.line("grid", x1=frame.x(day), x2=frame.x(day), y1=DOSE_TOP, y2=_bottom(frame))


def _bottom(frame: Frame) -> float:
    return frame.height - 28


def _draw_falls(pen: Pen, frame: Frame) -> None:
    for window in frame.model.dose.falls:
        if frame.shows(window.first, window.until):
            left, right = frame.span(window.first, window.until)
            width = max(6.0, right - left)
            pen.shape("rect", "fall", x=left, y=DOSE_TOP, width=width, height=DOSE_BOTTOM - DOSE_TOP)


def _draw_dose_axis(pen: Pen, frame: Frame, labels: Labels) -> None:
    """Words keep off the column of the figures and off the lines of the limits."""
    title = "mg/day" if frame.is_narrow else "Dose, mg/day"
    pen.text(title, "t-strong", x=0, y=16)
    labels.block(Place(0, 16).box(text_width(title, strong=True)))
    labels.block(Box(0, DOSE_TOP - 8, LEFT - 2, DOSE_BOTTOM))
    for mg in dose_ticks_mg(frame.model.dose.top_mcg):
        y = frame.y_dose(mg * MCG_PER_MG)
        pen.line("grid" if mg else "axis", x1=LEFT, x2=frame.right, y1=y, y2=y)
        pen.text(str(mg), "", x=LEFT - 8, y=y + 4, anchor="end")
    for name, mcg in _limits(frame):
        y = frame.y_dose(mcg)
        pen.line("ceiling" if name == "ceiling" else "maximum", x1=LEFT, x2=frame.right, y1=y, y2=y)
        labels.block(Box(LEFT, y - 1, frame.right, y + 1))


def _limits(frame: Frame) -> list[tuple[str, int]]:
    """The lines of the labelled maximum and, when it is near, the ceiling."""
    dose = frame.model.dose
    ceiling = [("ceiling", dose.ceiling_mcg)] if dose.ceiling_mcg is not None else []
    return [("labelled maximum", dose.maximum_mcg), *ceiling]


def _draw_limit_words(pen: Pen, frame: Frame, labels: Labels) -> None:
    """In full where there is room, else the last word alone, so that no line stays without its name."""
    for name, mcg in _limits(frame):
        figure = format_mg(mcg) + ("" if frame.is_narrow else "\u00a0mg/day")
        for words in dict.fromkeys((f"{name} {figure}", f"{name.split()[-1]} {figure}")):
            if place := labels.place(words, _limit_places(frame, frame.y_dose(mcg) - 6)):
                pen.text(words, "t-halo", x=place.x, y=place.y, anchor=place.anchor)
                break


def _limit_places(frame: Frame, y: float) -> list[Place]:
    """Above the line, then below it."""
    middle = (LEFT + frame.right) / 2
    above = [Place(LEFT + 8, y), Place(frame.right, y, "end"), Place(middle, y, "middle")]
    return [*above, Place(LEFT + 8, y + 20), Place(middle, y + 20, "middle"), Place(frame.right, y + 20, "end")]


def _draw_fall_words(pen: Pen, frame: Frame, labels: Labels) -> None:
    """Marks first, the newest before older ones in its place; then names, as long as they fit between the marks."""
    marked: list[tuple[float, FallWindow]] = []
    for window in reversed(frame.model.dose.falls):
        x = frame.x(max(window.first, frame.first))
        if frame.shows(window.first, window.until) and all(abs(x - other) >= 18 for other, _ in marked):
            marked.append((x, window))
            labels.block(Box(x - 8, 2, x + 8, 22))
    for x, window in marked:
        pen.line(f"mark mark-{window.severity}", x1=x, x2=x, y1=19, y2=DOSE_TOP)
        pen.shape("path", f"mark mark-{window.severity}", d=mark_path(window.severity, x, 12))
        _draw_fall_name(pen, frame, labels, window, x=x)


def _draw_fall_name(pen: Pen, frame: Frame, labels: Labels, window: FallWindow, *, x: float) -> None:
    whole = window.words if frame.is_narrow or not window.cause else f"{window.words}, {window.cause}"
    classes = "t-critical" if window.severity == "critical" else "t-strong"
    for words in (whole, window.words):
        if place := labels.place(words, [Place(x - 12, 16, "end"), Place(x + 12, 16)], strong=True):
            pen.text(words, classes, x=place.x, y=place.y, anchor=place.anchor)
            return


def _draw_days(pen: Pen, frame: Frame) -> None:
    """The line of today through all bands, and the words under the axis."""
    x, bottom = frame.today_x, _bottom(frame)
    pen.line("today", x1=x, x2=x, y1=DOSE_TOP, y2=bottom + 6)
    labels = Labels(right=float(frame.width))
    on = date.fromordinal(frame.model.today)
    today = bare_day(on)
    labels.block(Place(x, bottom + 20, "middle").box(text_width(today, strong=True) + TODAY_ROOM))
    for day, words in day_ticks(frame):
        place = labels.place(words, [Place(frame.x(day), bottom + 20, "middle")])
        if place:
            pen.text(words, "", x=place.x, y=place.y, anchor="middle")
    pen.text(today, "t-strong", x=x, y=bottom + 20, anchor="middle")
