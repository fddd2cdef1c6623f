"""The chart as values: three bands on one axis of days, the same for the canvas, the SVG, the table and paper.

Days are proleptic ordinals; a day begins at its number and ends at the next. Lines hold changes, never one value a day.
Doses are whole micrograms; unknown is None and is drawn as a gap.
"""

from dataclasses import dataclass
from typing import NamedTuple

from titration.charts.json_ import Json, as_plain
from titration.domain.history import Day


class Step(NamedTuple):
    """A daily total from a day on. unconfirmed: taken only because a signed plan says so, nobody has told it."""

    day: Day
    mcg: int | None
    unconfirmed: bool = False


class Run(NamedTuple):
    """One level from `first` to the day before `until`."""

    first: Day
    until: Day
    mcg: int


class Note(NamedTuple):
    """Words at a level of the taken line: why it was lowered, missed doses."""

    first: Day
    until: Day
    text: str


class Span(NamedTuple):
    first: Day
    until: Day


class Score(NamedTuple):
    day: Day
    value: float


class Symbol(NamedTuple):
    """A lettered box in a lane; severity mild, moderate or severe; until: the first day without it, None: one day."""

    day: Day
    until: Day | None
    text: str
    severity: str
    words: str


class Bar(NamedTuple):
    """is_quiet: its words stand in the readout and the table, not beside it."""

    first: Day
    until: Day
    words: str
    is_quiet: bool = False


class Mark(NamedTuple):
    """A flag, or what a rule said in the past: an outlined shape by severity."""

    day: Day
    severity: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLine:
    """A prescribed, planned or earlier plan's line, only where it is drawn. from_mcg: the level that it leaves."""

    kind: str
    label: str
    runs: tuple[Run, ...]
    from_mcg: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FallWindow:
    """Days of a rapid drop (W1 to W3), shaded and named; cause is what an intake report says about it.

    since: the day the rule speaks of; episode: what a flag is known by.
    """

    code: str
    severity: str
    since: Day
    episode: Day
    first: Day
    until: Day
    words: str
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseBand:
    """taken ends with today. prescribed is whole, for the readout and the table; lines hold what of it is drawn."""

    taken: tuple[Step, ...]
    prescribed: tuple[Step, ...]
    lines: tuple[DoseLine, ...]
    falls: tuple[FallWindow, ...]
    notes: tuple[Note, ...]
    maximum_mcg: int
    ceiling_mcg: int | None
    top_mcg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One response scale, 0 to 10, in runs without a gap."""

    key: str
    label: str
    runs: tuple[tuple[Score, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseBand:
    series: tuple[Series, ...]
    gaps: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """note: words right of today about how it stands now."""

    key: str
    label: str
    note: str = ""
    symbols: tuple[Symbol, ...] = ()
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()


class Thinned(NamedTuple):
    """A line or lane of which not every change is drawn."""

    label: str
    shown: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartModel:
    """Everything drawn. first and last: the extent in days, both included; key: the letters seen and their words."""

    today: Day
    first: Day
    last: Day
    default_range: str
    dose: DoseBand
    response: ResponseBand
    lanes: tuple[Lane, ...]
    key: tuple[tuple[str, str], ...]
    thinned: tuple[Thinned, ...]

    def as_json(self) -> Json:
        """Lists and dicts for `json_script`; named tuples are lists in the order of their fields."""
        return as_plain(self)
