"""Where things stand in the picture: the days of a range, days and doses as pixels, ticks, labels that keep apart.

Text is drawn 1:1 at 12 px; its width is estimated on the wide side, since the reader's font is not known. The canvas in
the browser follows the same numbers (static/js/chart_scale.js).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from titration.charts.model import ChartModel
from titration.domain.days import bare_day, bare_month
from titration.domain.history import Day
from titration.domain.units import MCG_PER_MG

LEFT = 72.0
DOSE_TOP, DOSE_BOTTOM = 32.0, 208.0
RESPONSE_TOP, RESPONSE_BOTTOM = 252.0, 332.0
LANES_TOP, LANE_HEIGHT, AXIS_HEIGHT = 372.0, 24.0, 28.0
NARROW_BELOW = 560
RANGE_DAYS = {"1m": 30, "3m": 91, "6m": 182}
LEAST_DAYS = 14
LABEL_ROOM = {False: 104.0, True: 90.0}
NOON = 0.5
STRIP = 24
GAP, FURTHEST = 2.0, 26.0
_TICK_MG = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000)
_TICK_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One picture of a model: its width and the days it shows, from the beginning of `first` to the end of `last`.

    right: where the plot ends; day_width: how wide a day is in it.
    """

    model: ChartModel
    width: int
    first: float
    last: float
    right: float = field(init=False)
    day_width: float = field(init=False)

    def __post_init__(self) -> None:
        right = right_of(self.width)
        object.__setattr__(self, "right", right)
        object.__setattr__(self, "day_width", (right - LEFT) / (self.last - self.first))

    @property
    def is_narrow(self) -> bool:
        return self.width < NARROW_BELOW

    @property
    def height(self) -> float:
        return LANES_TOP + LANE_HEIGHT * len(self.model.lanes) + AXIS_HEIGHT

    def x(self, day: float) -> float:
        return LEFT + (day - self.first) * self.day_width

    @property
    def today_x(self) -> float:
        return self.x(self.model.today + NOON)

    def y_dose(self, mcg: float) -> float:
        return DOSE_BOTTOM - (DOSE_BOTTOM - DOSE_TOP) * mcg / (self.model.dose.top_mcg * 1.1)

    def y_score(self, value: float) -> float:
        return RESPONSE_BOTTOM - (RESPONSE_BOTTOM - RESPONSE_TOP) * value / 10

    def shows(self, first: float, until: float) -> bool:
        return until > self.first and first < self.last

    def span(self, first: float, until: float) -> tuple[float, float]:
        """Both ends in pixels, cut at the edges of the picture."""
        return self.x(max(first, self.first)), self.x(min(until, self.last))


def right_of(width: int) -> float:
    return width - (8.0 if width < NARROW_BELOW else 24.0)


def frame_of(model: ChartModel, *, width: int, range_key: str) -> Frame:
    """The days of a range: as many ahead as back, the whole file for "all", with room for words right of today."""
    days = RANGE_DAYS.get(range_key)
    first = min(model.first if days is None else max(model.first, model.today - days), model.today - LEAST_DAYS)
    ahead = model.last if days is None else min(model.last, model.today + days)
    plot, room = right_of(width) - LEFT, _label_room(model, width)
    margin = max(1.0, (model.today - first) * 0.015)
    start = first - margin
    enough = model.today + NOON + (model.today + NOON - start) * room / (plot - room)
    return Frame(model=model, width=width, first=start, last=max(ahead + margin, enough))


def _label_room(model: ChartModel, width: int) -> float:
    """Pixels right of today for the words at the ends of the lines."""
    if width < NARROW_BELOW:
        return LABEL_ROOM[True]
    return max([LABEL_ROOM[False], *(7.0 * len(line.label) + 24 for line in model.dose.lines if line.kind == "plan")])


def dose_ticks_mg(top_mcg: int) -> list[int]:
    """Round numbers of mg from 0 to the top of the band, at most six."""
    top = top_mcg * 1.1 / MCG_PER_MG
    step = next((step for step in _TICK_MG if top / step < 6), _TICK_MG[-1])
    return list(range(0, int(top) + 1, step))


def day_ticks(frame: Frame) -> list[tuple[Day, str]]:
    """Mondays in a short range, else first days of months or years; far enough apart for their words."""
    per_day = frame.day_width
    if per_day * 7 >= 44:
        return [(day, _day_words(day)) for day in _mondays(frame)]
    months = next((count for count in _TICK_MONTHS if count * 30.4 * per_day >= 44), _TICK_MONTHS[-1])
    return list(_months(frame, months))


def _day_words(day: Day) -> str:
    on = date.fromordinal(day)
    return bare_day(on)


def _mondays(frame: Frame) -> Iterator[Day]:
    first = int(frame.first) + 1
    return iter(range(first + (1 - first) % 7, int(frame.last) + 1, 7))


def _month_words(on: date, every: int) -> str:
    """The year alone where a tick stands a year or more apart, and beside each January."""
    if every >= 12:
        return str(on.year)
    return f"{bare_month(on)} {on.year}" if on.month == 1 else bare_month(on)


def _months(frame: Frame, every: int) -> Iterator[tuple[Day, str]]:
    on = date.fromordinal(int(frame.first)).replace(day=1)
    while on.toordinal() <= frame.last:
        if on.toordinal() >= frame.first and (on.year * 12 + on.month - 1) % every == 0:
            yield on.toordinal(), _month_words(on, every)
        on = (on + timedelta(days=31)).replace(day=1)


def text_width(text: str, *, strong: bool = False) -> float:
    return len(text) * (7.4 if strong else 6.7)


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text may stand: its baseline and which end of it x is."""

    x: float
    y: float
    anchor: str = "start"

    def box(self, width: float) -> Box:
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - 10, left + width, self.y + 3)


@dataclass(slots=True)
class Labels:
    """Keeps texts off each other and off the lines: each takes the first of its places that is free, or is left out."""

    right: float
    columns: dict[int, list[Box]] = field(default_factory=lambda: defaultdict(list))

    def block(self, box: Box) -> None:
        for column in _columns(box):
            self.columns[column].append(box)

    def place(self, text: str, places: Iterable[Place], *, strong: bool = False) -> Place | None:
        width = text_width(text, strong=strong)
        for place in places:
            box = place.box(width)
            if box.left >= 0 and box.right <= self.right and self._is_free(box):
                self.block(box)
                return place
        return None

    def _is_free(self, box: Box) -> bool:
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        for column in _columns(box):
            for other in self.columns.get(column, ()):
                if left < other.right and other.left < right and top < other.bottom and other.top < bottom:
                    return False
        return True


def _columns(box: Box) -> range:
    """The strips of the picture that a box stands in, so that only neighbours are compared."""
    return range(int(box.left // STRIP), int(box.right // STRIP) + 1)


def spread(wanted: Sequence[tuple[float, float, int]]) -> list[float | None]:
    """Centres of boxes (wanted centre, width, rank) without overlap; None for one that would stand too far off its day.

    The highest rank, then the newest keeps its place; the others move to the nearest free place, right before left.
    """
    placed: list[tuple[float, float]] = []
    centers: list[float | None] = [None] * len(wanted)
    for index in sorted(range(len(wanted)), key=lambda i: (-wanted[i][2], -i)):
        center, width, _ = wanted[index]
        reach = width / 2 + GAP
        tries = [center, *(right + reach for _, right in placed), *(left - reach for left, _ in placed)]
        free = [x for x in tries if abs(x - center) <= FURTHEST and _clears(x, width, placed)]
        if free:
            x = centers[index] = min(free, key=lambda x: abs(x - center))
            placed.append((x - width / 2, x + width / 2))
    return centers


def _clears(center: float, width: float, placed: Iterable[tuple[float, float]]) -> bool:
    room = width / 2 + GAP - 0.01
    return all(center + room <= left or center - room >= right for left, right in placed)
