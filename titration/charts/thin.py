"""Fewer points for a line of ten thousand changes.

The last half year keeps every change; before it each stretch of time keeps its first, lowest, highest and last value,
so that no peak and no gap is lost.
"""

from collections.abc import Callable, Sequence

KEPT_DAYS = 200
STRETCHES = 400
MOST_SYMBOLS = 600


def thinned[Point](
    points: Sequence[Point], *, day: Callable[[Point], int], value: Callable[[Point], float], today: int
) -> tuple[Point, ...]:
    """At most about 4 x STRETCHES older points and the recent ones, in the same order."""
    recent_from = next((i for i, point in enumerate(points) if day(point) >= today - KEPT_DAYS), len(points))
    older, recent = points[:recent_from], points[recent_from:]
    if len(older) <= 4 * STRETCHES:
        return tuple(points)
    return (*_extremes(older, day=day, value=value), *recent)


def _extremes[Point](
    points: Sequence[Point], *, day: Callable[[Point], int], value: Callable[[Point], float]
) -> list[Point]:
    first, last = day(points[0]), day(points[-1])
    width = max(1, -(-(last - first + 1) // STRETCHES))
    stretches: dict[int, list[int]] = {}
    for index, point in enumerate(points):
        stretches.setdefault((day(point) - first) // width, []).append(index)
    kept: list[int] = []
    for indexes in stretches.values():
        extremes = (min(indexes, key=lambda i: value(points[i])), max(indexes, key=lambda i: value(points[i])))
        kept += sorted({indexes[0], *extremes, indexes[-1]})
    return [points[index] for index in kept]
