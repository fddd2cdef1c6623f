"""The plan that the planner opens with: what a clinic usually draws, from what is on file. Nobody has chosen it yet."""

from collections.abc import Sequence

from titration.domain.planning.presets import PRESETS, default_preset, load_limits, preset_of
from titration.domain.planning.request import Phase, WayDown, WayUp
from titration.domain.products import Product
from titration.domain.record import PlanKind

_USUAL_CODES = ("tablet-10-halves", "tablet-5")


def usual_way(kind: PlanKind, *, exposure_is_long: bool) -> str:
    """The preset's code: the labelled taper that fits the exposure, or the labelled titration."""
    if kind is PlanKind.TAPER:
        return default_preset(exposure_is_long).code
    return next(code for code, preset in PRESETS.items() if preset.way is WayUp.LABELLED_US)


def usual_target_mcg(kind: PlanKind, *, present_mcg: int, labelled_mcg: int, ceiling_mcg: int) -> int:
    """A taper goes to zero; a titration to the labelled maximum, or one step further where that is reached."""
    if kind is PlanKind.TAPER:
        return 0
    labelled = preset_of(WayUp.LABELLED_US)
    step_mcg = labelled.step_mcg if labelled and labelled.step_mcg else 0
    return min(max(labelled_mcg, present_mcg + step_mcg), ceiling_mcg)


def usual_second_pace(kind: PlanKind, start_mcg: int, target_mcg: int, step_days: int) -> Phase:
    """A second pace to begin with, for the clinician to change: from halfway on, the smallest step, twice as long
    between steps. until_mcg: where it begins."""
    limits = load_limits()
    halfway_mcg = (start_mcg + target_mcg) // (2 * limits.second_grid) * limits.second_grid
    way = WayDown.EQUAL if kind is PlanKind.TAPER else WayUp.EQUAL
    return Phase(until_mcg=halfway_mcg, way=way, step_mcg=limits.smallest_step, step_days=2 * step_days)


def usual_products(offered: Sequence[Product]) -> tuple[Product, ...]:
    """The tablets that most clinics use, where this one offers them; else all that it offers."""
    usual = tuple(product for code in _USUAL_CODES for product in offered if product.code == code)
    return usual or tuple(offered)
