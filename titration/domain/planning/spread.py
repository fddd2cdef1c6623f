"""A daily total over the times of day: evenly, each dose makeable, what is left over in the evening first.

Tablets alone are tried before liquids, multiples of 5 mg before finer amounts. On the way down no single dose rises,
on the way up none falls,
unless no other split can be made. A time of day whose share is nothing is dropped; which times may be used is the
caller's matter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd

from titration.domain.planning.presets import load_limits
from titration.domain.products import Product, makes_exactly
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import RESOLUTION_MCG

_ORDER = tuple(TimeOfDay)
type Doses = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which doses each of the times used may lie; both ends included."""

    lowest: Doses
    highest: Doses


@lru_cache(maxsize=32768)
def spread(
    total_mcg: int, times: tuple[TimeOfDay, ...], products: tuple[Product, ...], before: Regimen | None = None
) -> Regimen | None:
    """The total as a regimen over these times; None where the products cannot make it.

    before: the regimen that it follows; its doses bound the new ones from above (a fall) or below (a rise) where that
    is possible.
    """
    used = tuple(time for time in _ORDER if time in times)
    for bounds in _bounds(total_mcg, used, before):
        for chosen in _tablets_first(products):
            doses = _split(total_mcg, used, chosen, bounds)
            if doses is not None:
                return Regimen(**{f"{time}_mcg": mcg for time, mcg in zip(used, doses, strict=True)})
    return None


def _bounds(total_mcg: int, used: tuple[TimeOfDay, ...], before: Regimen | None) -> Iterator[Bounds]:
    free = Bounds((0,) * len(used), (total_mcg,) * len(used))
    if before is not None:
        doses = tuple(before.doses_mcg[_ORDER.index(time)] for time in used)
        yield Bounds(free.lowest, doses) if total_mcg <= before.daily_mcg else Bounds(doses, free.highest)
    yield free


def _tablets_first(products: tuple[Product, ...]) -> Iterator[tuple[Product, ...]]:
    tablets = tuple(product for product in products if not product.is_liquid)
    if tablets and len(tablets) < len(products):
        yield tablets
    yield products


def _split(total_mcg: int, used: tuple[TimeOfDay, ...], products: tuple[Product, ...], bounds: Bounds) -> Doses | None:
    for grid in _grids(products):
        doses = _fill(total_mcg, grid, _turns(used), bounds)
        if doses is not None and all(makes_exactly(mcg, products) for mcg in doses):
            return doses
    return None if any(product.is_liquid for product in products) else _search(total_mcg, products, bounds)


def _grids(products: tuple[Product, ...]) -> list[int]:
    """Amounts whose multiples single doses are, the preferred first."""
    limits = load_limits()
    grids = [limits.smallest_step, limits.second_grid]
    pieces = [product.piece_mcg for product in products if not product.is_liquid]
    grids += sorted({*pieces, gcd(*pieces)} - {0, *grids}, reverse=True)
    if any(product.is_liquid for product in products):
        grids += [limits.liquid_grid, limits.half_mg_grid, RESOLUTION_MCG]
    return grids


def _turns(used: tuple[TimeOfDay, ...]) -> Doses:
    """Who is served first when something is left over: the evening (else the last time), then the first, then the
    later ones."""
    first = used.index(TimeOfDay.EVENING) if TimeOfDay.EVENING in used else len(used) - 1
    rest = [index for index in [0, *range(len(used) - 1, 0, -1)] if index != first]
    order = [first, *rest]
    return tuple(order.index(index) for index in range(len(used)))


def _fill(total_mcg: int, grid: int, turns: Doses, bounds: Bounds) -> Doses | None:
    """From the lowest doses upwards, always to the smallest dose that still has room; None where the total is not
    met."""
    doses = list(bounds.lowest)
    units, rest = divmod(total_mcg - sum(doses), grid)
    if rest or units < 0:
        return None
    for _ in range(units):
        room = [index for index, mcg in enumerate(doses) if mcg + grid <= bounds.highest[index]]
        if not room:
            return None
        doses[min(room, key=lambda index: (doses[index], turns[index]))] += grid
    return tuple(doses)


def _search(total_mcg: int, products: tuple[Product, ...], bounds: Bounds) -> Doses | None:
    """The most even split (least sum of squares) of tablets that share no simple grid; later times take the larger
    dose."""
    grid = gcd(*[product.piece_mcg for product in products])
    if not grid or total_mcg % grid:
        return None
    ways: dict[int, tuple[int, Doses]] = {0: (0, ())}
    for lowest, highest in zip(bounds.lowest, bounds.highest, strict=True):
        single = [
            mcg for mcg in range(0, min(highest, total_mcg) + 1, grid) if mcg >= lowest and makes_exactly(mcg, products)
        ]
        ways = _extended(ways, single, total_mcg)
    found = ways.get(total_mcg)
    return found[1] if found else None


def _extended(
    ways: dict[int, tuple[int, Doses]], single: Sequence[int], total_mcg: int
) -> dict[int, tuple[int, Doses]]:
    longer: dict[int, tuple[int, Doses]] = {}
    for sum_mcg, (squares, doses) in ways.items():
        for mcg in single:
            reached = sum_mcg + mcg
            candidate = (squares + mcg * mcg, (*doses, mcg))
            if reached <= total_mcg and (reached not in longer or candidate < longer[reached]):
                longer[reached] = candidate
    return longer
