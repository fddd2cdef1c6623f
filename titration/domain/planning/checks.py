"""What no plan may be, refused with the sentence that says what would work."""

from collections.abc import Callable
from typing import Protocol

from titration.domain.days import show_full_day
from titration.domain.errors import AboveCeiling, PlanImpossible
from titration.domain.planning.request import PlanRequest, WayDown
from titration.domain.record import PlanKind
from titration.domain.units import show_mg_per_day


class Ceiling(Protocol):
    """What the planner needs of the guidance."""

    @property
    def ceiling_mcg(self) -> int: ...


def check_request(request: PlanRequest, guidance: Ceiling) -> None:
    for applies, refuse in _REFUSALS:
        if applies(request):
            raise PlanImpossible(refuse(request))
    check_ceiling(request.target_mcg, guidance, "The target")


def _is_wrong_direction(request: PlanRequest) -> bool:
    if request.kind is PlanKind.TAPER:
        return request.target_mcg > request.start.daily_mcg
    return request.target_mcg < request.start.daily_mcg


def _direction_words(request: PlanRequest) -> str:
    target, start = show_mg_per_day(request.target_mcg), show_mg_per_day(request.start.daily_mcg)
    if request.kind is PlanKind.TAPER:
        return f"The target of {target} is above the present {start}. Choose a lower target, or draw a titration."
    return f"The target of {target} is below the present {start}. Choose a higher target, or draw a taper."


_REFUSALS: tuple[tuple[Callable[[PlanRequest], bool], Callable[[PlanRequest], str]], ...] = (
    (lambda asked: not asked.products, lambda _: "Choose at least one product that the patient will use."),
    (lambda asked: asked.target_mcg < 0, lambda _: "The target is 0 mg/day or more."),
    (
        lambda asked: isinstance(asked.way, WayDown) != (asked.kind is PlanKind.TAPER),
        lambda asked: f"Choose a way that fits a {asked.kind}.",
    ),
    (
        lambda asked: asked.target_mcg == asked.start.daily_mcg,
        lambda asked: f"The present dose is already {show_mg_per_day(asked.target_mcg)}. Choose another target.",
    ),
    (_is_wrong_direction, _direction_words),
)


def check_ceiling(daily_mcg: int, guidance: Ceiling, subject: str) -> None:
    if daily_mcg > guidance.ceiling_mcg:
        raise AboveCeiling(
            f"{subject} is {show_mg_per_day(daily_mcg)}; no more than {show_mg_per_day(guidance.ceiling_mcg)} can be "
            f"planned. Plan {show_mg_per_day(guidance.ceiling_mcg)} or less."
        )


def check_order(request: PlanRequest) -> None:
    if not request.by_hand:
        raise PlanImpossible("Write at least one step.")
    dates = [starts_on for starts_on, _ in request.by_hand]
    late = next((n for n in range(1, len(dates)) if dates[n] <= dates[n - 1]), None)
    if late is not None:
        raise PlanImpossible(f"Step {late + 1} must start after step {late}. Change its date.")
    if dates[0] < request.first_step_on:
        raise PlanImpossible(
            f"Step 1 is before {show_full_day(request.first_step_on)}, the first day of the plan. Change its date."
        )
    last_mcg = request.by_hand[-1][1].daily_mcg
    if last_mcg != request.target_mcg:
        raise PlanImpossible(
            f"The last step is {show_mg_per_day(last_mcg)}, the target {show_mg_per_day(request.target_mcg)}. "
            "Add the steps that lead there, or change the target."
        )
