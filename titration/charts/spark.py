"""The eight-week sparkline of a worklist row: one step line, all rows on one scale unless a dose is higher.

It shows the shape of a drop; the numbers stand beside it. Unknown days are left out of the line.
"""

from collections.abc import Sequence
from itertools import groupby

DAYS = 56
WIDTH, HEIGHT, MARGIN = 112, 24, 2
USUAL_TOP_MCG = 80_000


def spark_path(totals: Sequence[int | None]) -> str:
    """The `d` of a path in a box of 112 x 24 for 56 daily totals in mcg, oldest first; empty when none is known."""
    top = max([USUAL_TOP_MCG, *(mcg for mcg in set(totals) if mcg is not None)])
    parts: list[str] = []
    begin, before = 0, None
    for mcg, same in groupby(totals):
        end = begin + sum(1 for _ in same)
        if mcg is not None:
            parts.append(f"M{_x(begin)} {_y(mcg, top)}" if before is None else f"V{_y(mcg, top)}")
            parts.append(f"H{_x(end)}")
        begin, before = end, mcg
    return "".join(parts)


def _x(days: int) -> str:
    return _short(WIDTH * days / DAYS)


def _y(mcg: int, top_mcg: int) -> str:
    return _short(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * mcg / top_mcg)


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
