"""From a request to a whole plan, or to the sentence that says why there is none.

The asked course is rounded to totals that the products make, always towards the slower side; where rounding makes a
step larger than asked,
or the present dose cannot be made, a note says so. A step that rounding would make equal to the one before is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from titration.domain.days import show_full_day
from titration.domain.errors import DomainError, NotMakeable, PlanImpossible
from titration.domain.planning.checks import Ceiling, check_ceiling, check_order, check_request
from titration.domain.planning.holds import days_held_before, holds_after, with_holds
from titration.domain.planning.makeable import makeable, spreading_of
from titration.domain.planning.notes import notes_on
from titration.domain.planning.presets import load_limits
from titration.domain.planning.redate import check_number
from titration.domain.planning.request import Phase, PlanDraft, PlanRequest, PlanStepDraft, WayDown, WayUp
from titration.domain.planning.ways import Asked, course, pace_days
from titration.domain.products import Product, Recipe, recipe
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import show_mg_per_day


def draw_plan(request: PlanRequest, guidance: Ceiling) -> PlanDraft:
    """The plan that was asked for.

    A taper never rises, ends at the target, never has two equal steps in a row, and at no day is lower than what was
    asked.
    Raises AboveCeiling for any planned total above the ceiling, NotMakeable where the products cannot make a step or
    the target,
    PlanImpossible where the inputs fit no plan or need too many steps: a plan is never compressed to fit.
    """
    check_request(request, guidance)
    by_hand = request.way in (WayDown.BY_HAND, WayUp.BY_HAND)
    asked = [] if by_hand else course(request)
    steps = tuple(_steps_by_hand(request, guidance) if by_hand else _steps(request, asked, guidance))
    if len(steps) > load_limits().maximum_steps:
        raise PlanImpossible(
            f"This plan needs {len(steps)} steps; at most {load_limits().maximum_steps} are possible. "
            "Choose larger steps."
        )
    held = with_holds(request, steps)
    notes = notes_on(request, asked, steps, held)
    return PlanDraft(request=request, steps=held, ends_on=held[-1].starts_on, notes=notes)


def notes_again(request: PlanRequest, steps: Sequence[tuple[date, Regimen]], guidance: Ceiling) -> tuple[str, ...]:
    """The notes of a plan on file, drawn once more from its request; none where that makes other steps than these, as
    of a plan that was re-dated or whose products or guidance have changed.
    """
    try:
        draft = draw_plan(request, guidance)
    except DomainError:
        return ()
    return draft.notes if draft.planned == list(steps) else ()


def make_step(
    starts_on: date, regimen: Regimen, products: tuple[Product, ...], *, rounded_from_mcg: int | None = None
) -> PlanStepDraft:
    """A step with its recipes, also for a step that is read back from a record. Raises NotMakeable naming day, time
    and product."""
    recipes: dict[TimeOfDay, Recipe] = {}
    for time, dose_mcg in zip(TimeOfDay, regimen.doses_mcg, strict=True):
        try:
            recipes |= {time: recipe(dose_mcg, products)} if dose_mcg else {}
        except NotMakeable as refusal:
            raise NotMakeable(f"Step of {show_full_day(starts_on)}, {time}: {refusal.sentence}") from refusal
    return PlanStepDraft(starts_on=starts_on, regimen=regimen, recipes=recipes, rounded_from_mcg=rounded_from_mcg)


def lengthen(draft: PlanDraft, from_number: int, guidance: Ceiling) -> PlanDraft:
    """The same taper in the smallest labelled steps from the numbered step (1 is the first) down to the target.

    The pace between steps stays as it was before that step, or as its phases ask; what is asked to be held later is
    held. The answer is a plan by hand.
    """
    check_number(draft.steps, from_number)
    step_mcg = load_limits().smallest_step
    kept, gap = draft.steps[: from_number - 1], _gap_before(draft, from_number)
    start = kept[-1].regimen if kept else draft.request.start
    rest = replace(
        draft.request,
        way=WayDown.EQUAL,
        start=start,
        first_step_on=draft.steps[from_number - 1].starts_on,
        step_mcg=step_mcg,
        step_days=gap,
        by_hand=(),
        phases=_phases_left(draft.request, start.daily_mcg, step_mcg),
        holds=holds_after(draft.request, start.daily_mcg),
    )
    slower = draw_plan(rest, guidance)
    by_hand = tuple((step.starts_on, step.regimen) for step in (*kept, *slower.steps))
    return draw_plan(
        replace(draft.request, way=WayDown.BY_HAND, by_hand=by_hand, phases=(), holds=()),
        guidance,
    )


def _phases_left(request: PlanRequest, start_mcg: int, step_mcg: int) -> tuple[Phase, ...]:
    """The phases still to come from a total on, the first of them in smaller steps at its own pace."""
    left = [phase for phase in request.phases if phase.until_mcg < start_mcg]
    if not left:
        return ()
    first = replace(left[0], way=WayDown.EQUAL, percent=None, step_mcg=min(left[0].step_mcg or step_mcg, step_mcg))
    return (replace(first, step_days=pace_days(left[0])), *left[1:])


def _gap_before(draft: PlanDraft, number: int) -> int:
    """Days between the numbered step and its neighbour, without those of a hold: the one before, for the first step
    the one after."""
    steps, later = draft.steps, max(number - 1, 1)
    if len(steps) <= later:
        return 1
    gap_days = (steps[later].starts_on - steps[later - 1].starts_on).days
    return gap_days - days_held_before(draft.request, steps, later)


def _steps(request: PlanRequest, asked: Sequence[Asked], guidance: Ceiling) -> Iterator[PlanStepDraft]:
    spreading, before = spreading_of(request), request.start
    for point in asked:
        regimen = makeable(request, point.daily_mcg, before, spreading, point.way or request.way)
        if regimen is None:
            continue
        rounded_from_mcg = point.daily_mcg if regimen.daily_mcg != point.daily_mcg else None
        starts_on = request.first_step_on + timedelta(days=point.offset_days)
        check_ceiling(regimen.daily_mcg, guidance, f"The step of {show_full_day(starts_on)}")
        yield make_step(starts_on, regimen, request.products, rounded_from_mcg=rounded_from_mcg)
        before = regimen


def _steps_by_hand(request: PlanRequest, guidance: Ceiling) -> Iterator[PlanStepDraft]:
    check_order(request)
    before = request.start
    for number, (starts_on, regimen) in enumerate(request.by_hand, start=1):
        check_ceiling(regimen.daily_mcg, guidance, f"Step {number}")
        if regimen == before:
            continue
        if request.kind is PlanKind.TAPER and regimen.daily_mcg > before.daily_mcg:
            raise PlanImpossible(
                f"Step {number} rises from {show_mg_per_day(before.daily_mcg)} to "
                f"{show_mg_per_day(regimen.daily_mcg)}; a taper never rises. Lower the step, or draw a titration."
            )
        yield make_step(starts_on, regimen, request.products)
        before = regimen
