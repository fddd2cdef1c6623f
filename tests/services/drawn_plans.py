"""Random requests to the planner: by hand, in equal steps, or at a usual pace; up or down."""

from datetime import date, timedelta

from titration.domain.planning import PlanKind, PlanRequest, WayDown, WayUp
from titration.domain.products import PRODUCTS
from titration.domain.regimen import Regimen

WAYS = {
    "by_hand": (WayDown.BY_HAND, WayUp.BY_HAND),
    "equal": (WayDown.EQUAL, WayUp.EQUAL),
    "usual": (WayDown.THREE_WEEKS, WayUp.LABELLED_US),
}


def plan_request(
    kind: PlanKind, start: Regimen, first_on: date, way: str, gaps: list[int], mg: list[int], end: int
) -> PlanRequest:
    is_taper = kind is PlanKind.TAPER
    steps, day, doses = [], first_on, list(start.doses_mcg)
    for gap, change in zip(gaps, mg, strict=False):
        doses = _lowered(doses, change * 1000) if is_taper else [doses[0] + change * 1000, *doses[1:]]
        steps.append((day, Regimen.of(tuple(doses))))
        day += timedelta(days=gap)
    down, up = WAYS[way]
    target_mcg = end * 1000 if is_taper else start.daily_mcg + mg[0] * 1000 + end * 1000
    return PlanRequest(
        kind=kind, start=start, first_step_on=first_on, products=tuple(PRODUCTS.values())[:2],
        target_mcg=steps[-1][1].daily_mcg if way == "by_hand" else target_mcg, way=down if is_taper else up,
        by_hand=tuple(steps) if way == "by_hand" else (),
        **({"step_mcg": mg[0] * 1000, "step_days": gaps[0]} if way == "equal" else {}),
    )  # fmt: skip


def _lowered(doses: list[int], by_mcg: int) -> list[int]:
    left, lower = by_mcg, []
    for dose in doses:
        lower.append(max(dose - left, 0))
        left -= dose - lower[-1]
    return lower
