"""From a request to a whole plan, or to the sentence that says why there is none.

The asked course is rounded to totals that the products make, always towards the slower side; where rounding makes a
step larger than asked,
or the present dose cannot be made, a note says so. A step that rounding would make equal to the one before is left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from titration.domain.days import show_full_day
from titration.domain.errors import AboveCeiling, NotMakeable, PlanImpossible
from titration.domain.planning.notes import notes_on
from titration.domain.planning.presets import load_limits, preset_of
from titration.domain.planning.redate import check_number
from titration.domain.planning.request import PlanDraft, PlanRequest, PlanStepDraft, WayDown, WayUp
from titration.domain.planning.spread import spread
from titration.domain.planning.ways import Asked, course
from titration.domain.products import Product, Recipe, recipe
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import show_mg, show_mg_per_day

_TIMES = tuple(TimeOfDay)
_THREE_A_DAY = (TimeOfDay.MORNING, TimeOfDay.MIDDAY, TimeOfDay.EVENING)
_TIMES_TO_ADD = (TimeOfDay.EVENING, TimeOfDay.MORNING, TimeOfDay.MIDDAY, TimeOfDay.BEDTIME)


class Ceiling(Protocol):
    """What the planner needs of the guidance."""

    @property
    def ceiling_mcg(self) -> int: ...


@dataclass(frozen=True, slots=True)
class _Spreading:
    """Which single doses the steps are made of: the products and, on the way up, the largest dose before a time of
    day is added."""

    products: tuple[Product, ...]
    single_maximum_mcg: int | None


def draw_plan(request: PlanRequest, guidance: Ceiling) -> PlanDraft:
    """The plan that was asked for.

    A taper never rises, ends at the target, never has two equal steps in a row, and at no day is lower than what was
    asked.
    Raises AboveCeiling for any planned total above the ceiling, NotMakeable where the products cannot make a step or
    the target,
    PlanImpossible where the inputs fit no plan or need too many steps: a plan is never compressed to fit.
    """
    _check_request(request, guidance)
    by_hand = request.way in (WayDown.BY_HAND, WayUp.BY_HAND)
    asked = [] if by_hand else course(request)
    steps = tuple(_steps_by_hand(request, guidance) if by_hand else _steps(request, asked, guidance))
    if len(steps) > load_limits().maximum_steps:
        raise PlanImpossible(
            f"This plan needs {len(steps)} steps; at most {load_limits().maximum_steps} are possible. "
            "Choose larger steps."
        )
    return PlanDraft(request=request, steps=steps, ends_on=steps[-1].starts_on, notes=notes_on(request, asked, steps))


def make_step(
    starts_on: date, regimen: Regimen, products: tuple[Product, ...], *, rounded_from_mcg: int | None = None
) -> PlanStepDraft:
    """A step with its recipes, also for a step that is read back from a record. Raises NotMakeable naming day, time
    and product."""
    recipes: dict[TimeOfDay, Recipe] = {}
    for time, dose_mcg in zip(_TIMES, regimen.doses_mcg, strict=True):
        try:
            recipes |= {time: recipe(dose_mcg, products)} if dose_mcg else {}
        except NotMakeable as refusal:
            raise NotMakeable(f"Step of {show_full_day(starts_on)}, {time}: {refusal.sentence}") from refusal
    return PlanStepDraft(starts_on=starts_on, regimen=regimen, recipes=recipes, rounded_from_mcg=rounded_from_mcg)


def lengthen(draft: PlanDraft, from_number: int, guidance: Ceiling, *, step_mcg: int | None = None) -> PlanDraft:
    """The same taper with smaller steps (5 mg/day, else step_mcg) from the numbered step (1 is the first) down to the
    target.

    The pace between steps stays as it was before that step. The answer is a plan by hand.
    """
    check_number(draft.steps, from_number)
    kept, gap = draft.steps[: from_number - 1], _gap_before(draft.steps, from_number)
    rest = replace(
        draft.request,
        way=WayDown.EQUAL,
        start=kept[-1].regimen if kept else draft.request.start,
        first_step_on=draft.steps[from_number - 1].starts_on,
        step_mcg=step_mcg or load_limits().smallest_step,
        step_days=gap,
        by_hand=(),
    )
    slower = draw_plan(rest, guidance)
    by_hand = tuple((step.starts_on, step.regimen) for step in (*kept, *slower.steps))
    return draw_plan(replace(draft.request, way=WayDown.BY_HAND, by_hand=by_hand), guidance)


def _gap_before(steps: Sequence[PlanStepDraft], number: int) -> int:
    """Days between the numbered step and its neighbour: the one before, for the first step the one after."""
    later = max(number - 1, 1)
    if len(steps) <= later:
        return 1
    return (steps[later].starts_on - steps[later - 1].starts_on).days


def _check_request(request: PlanRequest, guidance: Ceiling) -> None:
    for applies, refuse in _REFUSALS:
        if applies(request):
            raise PlanImpossible(refuse(request))
    _check_ceiling(request.target_mcg, guidance, "The target")


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


def _check_ceiling(daily_mcg: int, guidance: Ceiling, subject: str) -> None:
    if daily_mcg > guidance.ceiling_mcg:
        raise AboveCeiling(
            f"{subject} is {show_mg_per_day(daily_mcg)}; no more than {show_mg_per_day(guidance.ceiling_mcg)} can be "
            f"planned. Plan {show_mg_per_day(guidance.ceiling_mcg)} or less."
        )


def _steps(request: PlanRequest, asked: Sequence[Asked], guidance: Ceiling) -> Iterator[PlanStepDraft]:
    preset = preset_of(request.way)
    spreading = _Spreading(request.products, preset.single_maximum_mcg if preset else None)
    before = request.start
    for point in asked:
        regimen = _makeable(request, point.daily_mcg, before, spreading)
        if regimen is None:
            continue
        rounded_from_mcg = point.daily_mcg if regimen.daily_mcg != point.daily_mcg else None
        starts_on = request.first_step_on + timedelta(days=point.offset_days)
        _check_ceiling(regimen.daily_mcg, guidance, f"The step of {show_full_day(starts_on)}")
        yield make_step(starts_on, regimen, request.products, rounded_from_mcg=rounded_from_mcg)
        before = regimen


def _makeable(request: PlanRequest, asked_mcg: int, before: Regimen, spreading: _Spreading) -> Regimen | None:
    """The asked total or the next one on the slower side that can be made; None where that is no step at all.

    The target is never rounded: what cannot be made there is refused.
    """
    if asked_mcg == request.target_mcg:
        return _target(asked_mcg, before, spreading)
    for total_mcg in _candidates(request, asked_mcg, before.daily_mcg):
        regimen = _spread_over_day(total_mcg, before, spreading)
        if regimen is not None:
            return regimen
    return None


def _target(target_mcg: int, before: Regimen, spreading: _Spreading) -> Regimen:
    regimen = _spread_over_day(target_mcg, before, spreading)
    if regimen is None:
        recipe(target_mcg, spreading.products)  # says which product is needed
        raise NotMakeable(f"The target of {show_mg(target_mcg)} a day cannot be made exactly from the chosen products.")
    return regimen


def _candidates(request: PlanRequest, asked_mcg: int, before_mcg: int) -> Iterator[int]:
    """Totals from the asked one towards the dose before, which is left out."""
    limits = load_limits()
    grid = limits.half_mg_grid
    if request.way is WayDown.PROPORTIONAL and any(product.is_liquid for product in request.products):
        grid = limits.liquid_grid
    if request.kind is PlanKind.TAPER:
        if request.way is not WayDown.PROPORTIONAL:
            yield asked_mcg
        yield from range(-(-asked_mcg // grid) * grid, before_mcg, grid)
        return
    yield asked_mcg
    yield from range(asked_mcg // grid * grid, before_mcg, -grid)


def _spread_over_day(total_mcg: int, before: Regimen, spreading: _Spreading) -> Regimen | None:
    """Over the times in use; on the way up a time of day is added while a single dose would be too large."""
    times = tuple(time for time, mcg in zip(_TIMES, before.doses_mcg, strict=True) if mcg) or _THREE_A_DAY
    regimen = spread(total_mcg, times, spreading.products, before)
    if spreading.single_maximum_mcg is None:
        return regimen
    for extra in _TIMES_TO_ADD:
        if regimen is not None and _largest_raised(before, regimen) <= spreading.single_maximum_mcg:
            break
        if extra not in times:
            times = (*times, extra)
            regimen = spread(total_mcg, times, spreading.products, before) or regimen
    return regimen


def _largest_raised(before: Regimen, after: Regimen) -> int:
    pairs = zip(before.doses_mcg, after.doses_mcg, strict=True)
    return max((mcg for earlier_mcg, mcg in pairs if mcg > earlier_mcg), default=0)


def _steps_by_hand(request: PlanRequest, guidance: Ceiling) -> Iterator[PlanStepDraft]:
    _check_order(request)
    before = request.start
    for number, (starts_on, regimen) in enumerate(request.by_hand, start=1):
        _check_ceiling(regimen.daily_mcg, guidance, f"Step {number}")
        if regimen == before:
            continue
        if request.kind is PlanKind.TAPER and regimen.daily_mcg > before.daily_mcg:
            raise PlanImpossible(
                f"Step {number} rises from {show_mg_per_day(before.daily_mcg)} to "
                f"{show_mg_per_day(regimen.daily_mcg)}; a taper never rises. Lower the step, or draw a titration."
            )
        yield make_step(starts_on, regimen, request.products)
        before = regimen


def _check_order(request: PlanRequest) -> None:
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
