"""What the chart's component on a page shows: data for the canvas, both pictures, readout, ranges and the table.

The pictures are safe to put into a page as they are: `pen` escapes every word of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from titration.charts.json_ import Json
from titration.charts.model import ChartModel
from titration.charts.rows import ChartRows, chart_readout, chart_rows
from titration.charts.svg import NARROW, WIDE, chart_svg
from titration.charts.words import RANGES
from titration.domain.days import bare_weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPage:
    """day: the readout's date in words. ranges: (words, address, is it the one shown)."""

    data: Json
    svg_wide: str
    svg_narrow: str
    day: str
    values: tuple[tuple[str, str], ...]
    ranges: tuple[tuple[str, str, bool], ...]
    table: ChartRows
    key: str


def chart_page(model: ChartModel, *, asked_range: str = "", query: Iterable[tuple[str, str]] = ()) -> ChartPage:
    """asked_range: what the address says, ignored when it is no range. query: the rest of it, which the links keep."""
    shown = asked_range if asked_range in RANGES else model.default_range
    kept = [(name, value) for name, value in query if name != "range"]
    today = date.fromordinal(model.today)
    return ChartPage(
        data=model.as_json(),
        svg_wide=chart_svg(model, width=WIDE, range=shown),
        svg_narrow=chart_svg(model, width=NARROW, range=shown),
        day=bare_weekday(today),
        values=chart_readout(model, today),
        ranges=tuple((words, "?" + urlencode([*kept, ("range", key)]), key == shown) for key, words in RANGES.items()),
        table=chart_rows(model),
        key=", ".join(f"{letter} {words}" for letter, words in model.key),
    )
