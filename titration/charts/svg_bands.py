"""The response band and the event lanes of the picture.

Symbols stand at the middle of their day; where two would meet the milder one moves right, and one that would
move too far becomes a tick.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from titration.charts.model import Lane, Score, Series
from titration.charts.pen import Pen, mark_path, short
from titration.charts.scale import (
    LANE_HEIGHT,
    LANES_TOP,
    LEFT,
    NOON,
    RESPONSE_BOTTOM,
    Box,
    Frame,
    Labels,
    Place,
    spread,
    text_width,
)

type Point = tuple[float, float]

MARK_WIDTH = 16.0
RANK = {"mild": 1, "moderate": 2, "severe": 3, "info": 1, "caution": 2, "high": 3, "critical": 4}
CLASSES = {"spasticity": "s1", "pain": "s2"}


def draw_response(pen: Pen, frame: Frame) -> None:
    pen.text("Response, 0 to 10", "t-strong", x=0, y=236)
    for value in (0, 5, 10):
        y = frame.y_score(value)
        pen.line("grid" if value else "axis", x1=LEFT, x2=frame.right, y1=y, y2=y)
        pen.text(str(value), "", x=LEFT - 8, y=y + 4, anchor="end")
    series = frame.model.response.series
    for one in reversed(series):
        for run in one.runs:
            _draw_scores(pen, frame, CLASSES[one.key], run)
    _draw_last_scores(pen, frame, series)
    _draw_gaps(pen, frame)


def _draw_scores(pen: Pen, frame: Frame, name: str, run: Sequence[Score]) -> None:
    points = [(frame.x(score.day + NOON), frame.y_score(score.value)) for score in run]
    line = list(_clipped(points, LEFT, frame.right))
    if len(line) > 1:
        pen.shape("path", name, d="M" + "L".join(f"{short(x)} {short(y)}" for x, y in line))
    for x, y in ((x, y) for x, y in points if LEFT <= x <= frame.right):
        if name == "s1":
            pen.shape("circle", "s1-dot", cx=x, cy=y, r=3.5)
        else:
            pen.shape("rect", "s2-dot", x=x - 3, y=y - 3, width=6, height=6)


def _clipped(points: Sequence[Point], left: float, right: float) -> Iterator[Point]:
    """The line through the points between both edges, cut where it crosses them."""
    for (x1, y1), (x2, y2) in pairwise(points):
        if x2 <= left or x1 >= right:
            continue
        slope = (y2 - y1) / (x2 - x1)
        if x1 < left:
            yield left, y1 + slope * (left - x1)
        else:
            yield x1, y1
        if x2 > right:
            yield right, y1 + slope * (right - x1)
    if points and left < points[-1][0] <= right:
        yield points[-1]


def _draw_last_scores(pen: Pen, frame: Frame, series: Iterable[Series]) -> None:
    """Each line's last value and name at its end, the upper one moved up when they would touch."""
    ends = [(one, one.runs[-1][-1]) for one in series]
    ends = [(one, score) for one, score in ends if frame.shows(score.day, score.day + 1)]
    lowest = RESPONSE_BOTTOM + 18
    for one, score in sorted(ends, key=lambda end: end[1].value):
        y = min(frame.y_score(score.value) + 4, lowest - 14)
        lowest = y
        words = f"{score.value:g} {one.label}"
        x = frame.x(score.day + NOON) + 10
        at_end = x + text_width(words) > frame.width
        classes = "t-strong t-halo" if one.key == "spasticity" else "t-halo"
        pen.text(words, classes, x=x - 20 if at_end else x, y=y, anchor="end" if at_end else "start")


def _draw_gaps(pen: Pen, frame: Frame) -> None:
    today = frame.model.today
    gaps = frame.model.response.gaps if frame.model.response.series else ()
    spans = [frame.span(gap.first, min(gap.until, today)) for gap in gaps if frame.shows(gap.first, gap.until)]
    if not frame.model.response.series:
        spans = [(LEFT, frame.today_x)]
    for left, right in spans:
        if right - left > text_width("no scores") + 12:
            pen.text("no scores", "t-halo", x=(left + right) / 2, y=298, anchor="middle")


def draw_lanes(pen: Pen, frame: Frame) -> None:
    pen.text("Events", "t-strong", x=0, y=360)
    for index, lane in enumerate(frame.model.lanes):
        top = LANES_TOP + LANE_HEIGHT * index
        pen.line("grid", x1=0, x2=frame.right, y1=top, y2=top)
        pen.text(lane.label, "", x=0, y=top + 16)
        _draw_durations(pen, frame, lane, top + 12)
        _draw_bars(pen, frame, lane, top)
        _draw_symbols(pen, frame, lane, top + 12)
        _draw_marks(pen, frame, lane, top + 12)
        if lane.note:
            _draw_note(pen, frame, lane.note, top + 16)
    bottom = LANES_TOP + LANE_HEIGHT * len(frame.model.lanes)
    pen.line("axis", x1=0, x2=frame.right, y1=bottom, y2=bottom)


def _draw_note(pen: Pen, frame: Frame, words: str, y: float) -> None:
    """Right of today, or left of it where there is no room."""
    fits = frame.today_x + 6 + text_width(words, strong=True) <= frame.width
    x = frame.today_x + (6 if fits else -6)
    pen.text(words, "t-strong t-halo", x=x, y=y, anchor="start" if fits else "end")


def _wanted(frame: Frame, day: int, width: float) -> float:
    """The middle of the day; what happened today stands beside the line of today, not on it."""
    return frame.today_x + 3 + width / 2 if day == frame.model.today else frame.x(day + NOON)


def _draw_durations(pen: Pen, frame: Frame, lane: Lane, y: float) -> None:
    for symbol in lane.symbols:
        if symbol.until is not None and frame.shows(symbol.day, symbol.until):
            left, right = frame.span(symbol.day + NOON, min(symbol.until, frame.model.today + NOON))
            if right > left:
                pen.line("s2", x1=left, x2=right, y1=y, y2=y)


def _draw_symbols(pen: Pen, frame: Frame, lane: Lane, y: float) -> None:
    seen = [symbol for symbol in lane.symbols if frame.shows(symbol.day, symbol.day + 1)]
    widths = [16.0 if len(symbol.text) == 1 else 22.0 for symbol in seen]
    wanted = [
        (_wanted(frame, symbol.day, width), width, RANK[symbol.severity])
        for symbol, width in zip(seen, widths, strict=True)
    ]
    for symbol, width, center in zip(seen, widths, spread(wanted), strict=True):
        if center is None:
            x = frame.x(symbol.day + NOON)
            pen.line("axis", x1=x, x2=x, y1=y + 8, y2=y + 11)
            continue
        pen.shape("rect", symbol.severity, x=center - width / 2, y=y - 8, width=width, height=16, rx=4)
        pen.text(symbol.text, f"sym sym-{symbol.severity}", x=center, y=y + 4)


def _draw_bars(pen: Pen, frame: Frame, lane: Lane, top: float) -> None:
    """Bars with their words beside them, where these cross neither another bar nor today."""
    labels = Labels(right=float(frame.width))
    labels.block(Box(0, top, LEFT, top + LANE_HEIGHT))
    labels.block(Box(frame.today_x - 2, top, frame.today_x + 2, top + LANE_HEIGHT))
    for bar in lane.bars:
        if frame.shows(bar.first, bar.until):
            left, right = frame.span(bar.first, min(bar.until, frame.model.today + NOON))
            pen.shape("rect", "bar", x=left, y=top + 4, width=max(2.0, right - left), height=16)
            words = "" if bar.is_quiet else bar.words
            if words and (place := labels.place(words, [Place(right + 6, top + 16), Place(left - 6, top + 16, "end")])):
                pen.text(words, "t-halo", x=place.x, y=place.y, anchor=place.anchor)


def _draw_marks(pen: Pen, frame: Frame, lane: Lane, y: float) -> None:
    seen = [mark for mark in lane.marks if frame.shows(mark.day, mark.day + 1)]
    one_each = [next(group) for _, group in groupby(seen, lambda mark: (mark.day, mark.severity))]
    wanted = [(_wanted(frame, mark.day, MARK_WIDTH), MARK_WIDTH, RANK[mark.severity]) for mark in one_each]
    for mark, center in zip(one_each, spread(wanted), strict=True):
        if center is not None:
            pen.shape("path", f"mark mark-{mark.severity}", d=mark_path(mark.severity, center, y))
