"""From an asked daily total to a regimen that the products make, always towards the slower side.

The target is never rounded: what cannot be made there is refused, with the product that is needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from titration.domain.errors import NotMakeable
from titration.domain.planning.presets import load_limits, preset_of
from titration.domain.planning.request import DoseOrder, PlanRequest, WayDown, WayUp
from titration.domain.planning.spread import spread
from titration.domain.products import Product, recipe
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import show_mg

_TIMES = tuple(TimeOfDay)
_THREE_A_DAY = (TimeOfDay.MORNING, TimeOfDay.MIDDAY, TimeOfDay.EVENING)
_TIMES_TO_ADD = (TimeOfDay.EVENING, TimeOfDay.MORNING, TimeOfDay.MIDDAY, TimeOfDay.BEDTIME)


@dataclass(frozen=True, slots=True)
class Spreading:
    """Which single doses the steps are made of: the products; on the way up, the largest dose before a time of day is
    added; which part of the day changes first, and where a rise in that order is to end."""

    products: tuple[Product, ...]
    single_maximum_mcg: int | None
    order: DoseOrder = DoseOrder.EVENLY
    end: Regimen | None = None


def spreading_of(request: PlanRequest) -> Spreading:
    preset = preset_of(request.way)
    evenly = Spreading(request.products, preset.single_maximum_mcg if preset else None)
    if request.order is DoseOrder.EVENLY:
        return evenly
    is_rise = request.kind is PlanKind.TITRATION
    end = _spread_over_day(request.target_mcg, request.start, evenly) if is_rise else None
    return Spreading(request.products, evenly.single_maximum_mcg, request.order, end)


def makeable(
    request: PlanRequest, asked_mcg: int, before: Regimen, spreading: Spreading, way: WayDown | WayUp
) -> Regimen | None:
    """The asked total of a way, or the next one on the slower side that can be made; None where that is no step at all.

    The target is never rounded: what cannot be made there is refused.
    """
    if asked_mcg == request.target_mcg:
        return _target(asked_mcg, before, spreading)
    for total_mcg in _candidates(request, asked_mcg, before.daily_mcg, way):
        regimen = _spread_over_day(total_mcg, before, spreading)
        if regimen is not None:
            return regimen
    return None


def _target(target_mcg: int, before: Regimen, spreading: Spreading) -> Regimen:
    regimen = _spread_over_day(target_mcg, before, spreading)
    if regimen is None:
        recipe(target_mcg, spreading.products)  # says which product is needed
        raise NotMakeable(f"The target of {show_mg(target_mcg)} a day cannot be made exactly from the chosen products.")
    return regimen


def _candidates(request: PlanRequest, asked_mcg: int, before_mcg: int, way: WayDown | WayUp) -> Iterator[int]:
    """Totals from the asked one towards the dose before, which is left out."""
    limits = load_limits()
    grid = limits.half_mg_grid
    if way is WayDown.PROPORTIONAL and any(product.is_liquid for product in request.products):
        grid = limits.liquid_grid
    if request.kind is PlanKind.TAPER:
        if way is not WayDown.PROPORTIONAL:
            yield asked_mcg
        yield from range(-(-asked_mcg // grid) * grid, before_mcg, grid)
        return
    yield asked_mcg
    yield from range(asked_mcg // grid * grid, before_mcg, -grid)


def _spread_over_day(total_mcg: int, before: Regimen, spreading: Spreading) -> Regimen | None:
    """Over the times in use; on the way up a time of day is added while a single dose would be too large."""
    if spreading.end is not None:
        times = tuple(dict.fromkeys((*_in_use(before), *_in_use(spreading.end))))
        return spread(total_mcg, times, spreading.products, before, order=spreading.order, end=spreading.end)
    times = _in_use(before) or _THREE_A_DAY
    regimen = spread(total_mcg, times, spreading.products, before, order=spreading.order)
    if spreading.single_maximum_mcg is None:
        return regimen
    for extra in _TIMES_TO_ADD:
        if regimen is not None and _largest_raised(before, regimen) <= spreading.single_maximum_mcg:
            break
        if extra not in times:
            times = (*times, extra)
            regimen = spread(total_mcg, times, spreading.products, before) or regimen
    return regimen


def _in_use(regimen: Regimen) -> tuple[TimeOfDay, ...]:
    return tuple(time for time, mcg in zip(_TIMES, regimen.doses_mcg, strict=True) if mcg)


def _largest_raised(before: Regimen, after: Regimen) -> int:
    pairs = zip(before.doses_mcg, after.doses_mcg, strict=True)
    return max((mcg for earlier_mcg, mcg in pairs if mcg > earlier_mcg), default=0)
