"""A daily total over the times of day: evenly or one part of the day first, each dose makeable, what is left over in
the evening.

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
from titration.domain.planning.request import DoseOrder
from titration.domain.products import Product, makes_exactly
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import RESOLUTION_MCG

_ORDER = tuple(TimeOfDay)
_DAYTIME = (TimeOfDay.MORNING, TimeOfDay.MIDDAY)
type Doses = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which doses each of the times used may lie; both ends included."""

    lowest: Doses
    highest: Doses


@dataclass(frozen=True, slots=True)
class Turns:
    """Who is served first: by rank, then the smallest dose, then by turn."""

    ranks: Doses
    turns: Doses


@lru_cache(maxsize=32768)
def spread(
    total_mcg: int,
    times: tuple[TimeOfDay, ...],
    products: tuple[Product, ...],
    before: Regimen | None = None,
    *,
    order: DoseOrder = DoseOrder.EVENLY,
    end: Regimen | None = None,
) -> Regimen | None:
    """The total as a regimen over these times; None where the products cannot make it.

    before: the regimen that it follows; its doses bound the new ones from above (a fall) or below (a rise) where that
    is possible. order: which part of the day changes first; where the products cannot do so, evenly. end: where a rise
    is to end, so that what is raised first is not raised further.
    """
    used = tuple(time for time in _ORDER if time in times)
    is_fall = before is None or total_mcg <= before.daily_mcg
    for bounds in _bounds(total_mcg, used, before, end):
        for turns in _turns(used, order, is_fall):
            for chosen in _tablets_first(products):
                doses = _split(total_mcg, turns, chosen, bounds)
                if doses is not None:
                    return Regimen(**{f"{time}_mcg": mcg for time, mcg in zip(used, doses, strict=True)})
    return None


def _bounds(
    total_mcg: int, used: tuple[TimeOfDay, ...], before: Regimen | None, end: Regimen | None
) -> Iterator[Bounds]:
    free = Bounds((0,) * len(used), (total_mcg,) * len(used))
    if before is not None:
        doses = _doses(before, used)
        if total_mcg <= before.daily_mcg:
            yield Bounds(free.lowest, doses)
        else:
            if end is not None:
                yield Bounds(doses, tuple(map(max, doses, _doses(end, used))))
            yield Bounds(doses, free.highest)
    yield free


def _doses(regimen: Regimen, used: tuple[TimeOfDay, ...]) -> Doses:
    return tuple(regimen.doses_mcg[_ORDER.index(time)] for time in used)


def _tablets_first(products: tuple[Product, ...]) -> Iterator[tuple[Product, ...]]:
    tablets = tuple(product for product in products if not product.is_liquid)
    if tablets and len(tablets) < len(products):
        yield tablets
    yield products


def _split(total_mcg: int, turns: Turns, products: tuple[Product, ...], bounds: Bounds) -> Doses | None:
    for grid in _grids(products):
        doses = _fill(total_mcg, grid, turns, bounds)
        if doses is not None and all(makes_exactly(mcg, products) for mcg in doses):
            return doses
    if any(product.is_liquid for product in products):
        return None
    return _search(total_mcg, products, bounds, turns)


def _grids(products: tuple[Product, ...]) -> list[int]:
    """Amounts whose multiples single doses are, the preferred first."""
    limits = load_limits()
    grids = [limits.smallest_step, limits.second_grid]
    pieces = [product.piece_mcg for product in products if not product.is_liquid]
    grids += sorted({*pieces, gcd(*pieces)} - {0, *grids}, reverse=True)
    if any(product.is_liquid for product in products):
        grids += [limits.liquid_grid, limits.half_mg_grid, RESOLUTION_MCG]
    return grids


def _turns(used: tuple[TimeOfDay, ...], order: DoseOrder, is_fall: bool) -> Iterator[Turns]:
    """Who is served first when something is left over: the evening (else the last time), then the first, then the
    later ones. On the way down the part of the day that is kept is served before the other."""
    first = used.index(TimeOfDay.EVENING) if TimeOfDay.EVENING in used else len(used) - 1
    rest = [index for index in [0, *range(len(used) - 1, 0, -1)] if index != first]
    places = [first, *rest]
    turns = tuple(places.index(index) for index in range(len(used)))
    if order is not DoseOrder.EVENLY:
        day_is_served_first = (order is DoseOrder.DAY_FIRST) != is_fall
        yield Turns(tuple(int((time in _DAYTIME) != day_is_served_first) for time in used), turns)
    yield Turns((0,) * len(used), turns)


def _fill(total_mcg: int, grid: int, turns: Turns, bounds: Bounds) -> Doses | None:
    """From the lowest doses upwards, always to the smallest dose of the first rank that still has room; None where the
    total is not met."""
    doses = list(bounds.lowest)
    units, rest = divmod(total_mcg - sum(doses), grid)
    if rest or units < 0:
        return None
    for _ in range(units):
        room = [index for index, mcg in enumerate(doses) if mcg + grid <= bounds.highest[index]]
        if not room:
            return None
        doses[min(room, key=lambda index: (turns.ranks[index], doses[index], turns.turns[index]))] += grid
    return tuple(doses)


type _Cost = tuple[int, int, Doses]
"""mg of the times that are served last, the sum of squares, the doses."""


def _search(total_mcg: int, products: tuple[Product, ...], bounds: Bounds, turns: Turns) -> Doses | None:
    """The most even split (least sum of squares) of tablets that share no simple grid, with the least in what is
    served last; later times take the larger dose."""
    grid = gcd(*[product.piece_mcg for product in products])
    if not grid or total_mcg % grid:
        return None
    ways: dict[int, _Cost] = {0: (0, 0, ())}
    for lowest, highest, rank in zip(bounds.lowest, bounds.highest, turns.ranks, strict=True):
        single = [
            mcg for mcg in range(0, min(highest, total_mcg) + 1, grid) if mcg >= lowest and makes_exactly(mcg, products)
        ]
        ways = _extended(ways, single, total_mcg, rank)
    found = ways.get(total_mcg)
    return found[2] if found else None


def _extended(ways: dict[int, _Cost], single: Sequence[int], total_mcg: int, rank: int) -> dict[int, _Cost]:
    longer: dict[int, _Cost] = {}
    for sum_mcg, (last_mcg, squares, doses) in ways.items():
        for mcg in single:
            reached = sum_mcg + mcg
            candidate = (last_mcg + rank * mcg, squares + mcg * mcg, (*doses, mcg))
            if reached <= total_mcg and (reached not in longer or candidate < longer[reached]):
                longer[reached] = candidate
    return longer
