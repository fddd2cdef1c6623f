"""Requests for the tests of the planner, in mg as a clinician would say them."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from titration.domain.guidance import load_guidance
from titration.domain.planning import PlanDraft, PlanKind, PlanRequest, WayDown, WayUp, draw_plan
from titration.domain.products import PRODUCTS, Product
from titration.domain.regimen import Regimen

FIRST = date(2026, 11, 16)
GUIDANCE = load_guidance()
SIXTY, ZERO = (20, 20, 20, 0), (0, 0, 0, 0)
type Doses = tuple[float, float, float, float]


def products(*codes: str) -> tuple[Product, ...]:
    return tuple(PRODUCTS[code] for code in codes)


TENS = products("tablet-10-halves")
WITH_LIQUID = products("tablet-10-halves", "liquid-5-in-5")


def regimen(*doses_mg: float) -> Regimen:
    morning, midday, evening, bedtime = (round(mg * 1000) for mg in doses_mg)
    return Regimen.of((morning, midday, evening, bedtime))


def request(
    way: WayDown | WayUp,
    start: Doses,
    target_mg: float,
    *,
    chosen: tuple[Product, ...] = TENS,
    step_mg: float | None = None,
    step_days: int | None = None,
    percent: Fraction | None = None,
    by_hand: tuple[tuple[date, Regimen], ...] = (),
    **more: Any,
) -> PlanRequest:
    return PlanRequest(
        kind=PlanKind.TAPER if isinstance(way, WayDown) else PlanKind.TITRATION,
        start=regimen(*start),
        first_step_on=FIRST,
        target_mcg=round(target_mg * 1000),
        products=chosen,
        way=way,
        step_mcg=None if step_mg is None else round(step_mg * 1000),
        percent=percent,
        step_days=step_days,
        by_hand=by_hand,
        **more,
    )


def by_hand(*steps: tuple[int, Regimen]) -> tuple[tuple[date, Regimen], ...]:
    return tuple((FIRST + timedelta(days), doses_of_step) for days, doses_of_step in steps)


def drawn(asked: PlanRequest) -> PlanDraft:
    return draw_plan(asked, GUIDANCE)


def table(draft: PlanDraft) -> list[tuple[int, float]]:
    """(days after the last day at the starting dose, mg a day) of each step."""
    return [((step.starts_on - FIRST).days + 1, step.daily_mcg / 1000) for step in draft.steps]


def doses(draft: PlanDraft) -> list[tuple[float, ...]]:
    return [tuple(mcg / 1000 for mcg in step.regimen.doses_mcg) for step in draft.steps]
