"""The eight-week sparkline of a worklist row: one step line, all rows on one scale unless a dose is higher.

It shows the shape of a drop; the numbers stand beside it. Unknown days are left out of the line.
"""

from collections.abc import Iterable

from titration.domain.history import Day, DoseHistory

DAYS = 56
WIDTH, HEIGHT, MARGIN = 112, 24, 2
USUAL_TOP_MCG = 80_000


def spark_path(changes: Iterable[tuple[Day, int | None]], *, today: Day) -> str:
    """The `d` of a path in a box of 112 x 24 for the eight weeks that end with `today`; empty when nothing is known."""
    history = DoseHistory.of(changes)
    totals = history.span(today - DAYS + 1, today)
    top = max([USUAL_TOP_MCG, *(mcg for mcg in totals if mcg is not None)])
    parts: list[str] = []
    before: int | None = None
    for index, mcg in enumerate(totals):
        if mcg is not None and before is None:
            parts += [f"M{_x(index)} {_y(mcg, top)}", ""]
        elif mcg is not None and mcg != before:
            parts += [f"V{_y(mcg, top)}", ""]
        if mcg is not None:
            parts[-1] = f"H{_x(index + 1)}"
        before = mcg
    return "".join(parts)


def _x(days: int) -> str:
    return _short(WIDTH * days / DAYS)


def _y(mcg: int, top_mcg: int) -> str:
    return _short(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * mcg / top_mcg)


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
