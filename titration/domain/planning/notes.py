"""Where a plan differs from what was asked, in sentences for the planner's page. Nothing here changes the plan."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from titration.domain.days import show_full_day
from titration.domain.errors import NotMakeable
from titration.domain.planning.presets import preset_of
from titration.domain.planning.request import DoseOrder, PlanRequest, PlanStepDraft, WayDown
from titration.domain.planning.ways import Asked, length_days
from titration.domain.products import recipe
from titration.domain.record import PlanKind
from titration.domain.regimen import TimeOfDay
from titration.domain.units import show_mg, show_mg_per_day

_DAYTIME, _NIGHT = (0, 1), (2, 3)
"""Places in the order of the day."""


def notes_on(
    request: PlanRequest, asked: Sequence[Asked], steps: Sequence[PlanStepDraft], held: Sequence[PlanStepDraft]
) -> tuple[str, ...]:
    """All notes, the gravest first. held: the steps as they are dated after every stay."""
    return (
        *_steeper(request, asked, steps),
        *_uneven(request, asked),
        *_rounded(steps),
        *_liquid_rounding(steps),
        *_left_out(asked, steps),
        *_start_not_makeable(request),
        *_out_of_order(request, held),
        *_time_left_out(request, held),
        *_paces(request, held),
        *_stays(request, held),
        *_origin(request),
    )


def _steeper(request: PlanRequest, asked: Sequence[Asked], steps: Sequence[PlanStepDraft]) -> Iterator[str]:
    """Steps that rounding made larger than the asked step of the same day."""
    asked_change = _asked_changes(request, asked)
    larger = [
        (change_mcg - asked_change[step.starts_on], change_mcg, step)
        for step, change_mcg in zip(steps, _changes(request, steps), strict=True)
        if change_mcg > asked_change.get(step.starts_on, change_mcg)
    ]
    if larger:
        _, change_mcg, step = max(larger, key=lambda row: row[0])
        count = "One step is" if len(larger) == 1 else f"{len(larger)} steps are"
        yield (
            f"{count} larger than asked, because the chosen products make nothing nearer. The largest, on "
            f"{show_full_day(step.starts_on)}, changes the dose by {show_mg(change_mcg)} where "
            f"{show_mg(asked_change[step.starts_on])} was asked. No day is ahead of what was asked."
        )


def _uneven(request: PlanRequest, asked: Sequence[Asked]) -> Iterator[str]:
    """Where a linear way cannot be spread evenly over its days."""
    preset = preset_of(request.way)
    if preset is None or preset.days is None or request.phases:
        return
    changes, days = sorted(_asked_changes(request, asked).values()), length_days(request)
    if len(changes) == 1 < days:
        yield f"It is a single step, so that it cannot be spread over {days} days."
    elif changes[-1] > changes[len(changes) // 2]:
        yield f"Some steps are {show_mg(changes[-1])}, because smaller steps would not fit into {days} days."


def _asked_changes(request: PlanRequest, asked: Sequence[Asked]) -> dict[object, int]:
    totals = [request.start.daily_mcg, *[point.daily_mcg for point in asked]]
    days = [request.first_step_on + timedelta(days=point.offset_days) for point in asked]
    return {day: abs(after - before) for day, before, after in zip(days, totals, totals[1:], strict=False)}


def _changes(request: PlanRequest, steps: Sequence[PlanStepDraft]) -> list[int]:
    totals = [request.start.daily_mcg, *[step.daily_mcg for step in steps]]
    return [abs(after - before) for before, after in pairwise(totals)]


def _rounded(steps: Sequence[PlanStepDraft]) -> Iterator[str]:
    count = sum(step.rounded_from_mcg is not None for step in steps)
    if count:
        yield f"{count} of {len(steps)} daily totals are rounded, to the slower side, to what the chosen products make."


def _liquid_rounding(steps: Sequence[PlanStepDraft]) -> Iterator[str]:
    rounded = [made for step in steps for made in step.recipes.values() if made.is_rounded]
    if rounded:
        first = rounded[0]
        yield (
            f"{len(rounded)} liquid doses are rounded to what can be measured, the first "
            f"from {show_mg(first.dose_mcg)} to {show_mg(first.made_mcg)}."
        )


def _left_out(asked: Sequence[Asked], steps: Sequence[PlanStepDraft]) -> Iterator[str]:
    missing = len(asked) - len(steps)
    if missing > 0:
        yield f"{missing} of {len(asked)} asked steps are too small for these products; the dose stays."


def _start_not_makeable(request: PlanRequest) -> Iterator[str]:
    try:
        for dose_mcg in request.start.doses_mcg:
            recipe(dose_mcg, request.products)
    except NotMakeable:
        yield (
            f"The chosen products cannot make the present {show_mg_per_day(request.start.daily_mcg)}: "
            "keep the present products until the first step."
        )


def _out_of_order(request: PlanRequest, steps: Sequence[PlanStepDraft]) -> Iterator[str]:
    """The first step at which the products could not keep the order that was asked for."""
    if request.order is DoseOrder.EVENLY or request.kind is not PlanKind.TAPER:
        return
    lowered_first = _DAYTIME if request.order is DoseOrder.DAY_FIRST else _NIGHT
    before = request.start
    for step in steps:
        kept = [time for time in range(4) if time not in lowered_first]
        fell = any(step.regimen.doses_mcg[time] < before.doses_mcg[time] for time in kept)
        if fell and any(step.regimen.doses_mcg[time] for time in lowered_first):
            yield (
                f"From {show_full_day(step.starts_on)} on the chosen products cannot lower the "
                f"{'daytime' if lowered_first is _DAYTIME else 'evening'} dose alone."
            )
            return
        before = step.regimen


def _time_left_out(request: PlanRequest, steps: Sequence[PlanStepDraft]) -> Iterator[str]:
    """Where a chosen order leaves a time of day without a dose while others go on."""
    if request.order is DoseOrder.EVENLY or request.kind is not PlanKind.TAPER:
        return
    for place, time in enumerate(TimeOfDay):
        bare = next((step for step in steps if not step.regimen.doses_mcg[place] and step.daily_mcg), None)
        if request.start.doses_mcg[place] and bare is not None:
            yield (
                f"No {time} dose from {show_full_day(bare.starts_on)} on: the time between two doses grows. "
                "Check that the longest gap is tolerated."
            )


def _paces(request: PlanRequest, steps: Sequence[PlanStepDraft]) -> Iterator[str]:
    for number, phase in enumerate(request.phases[:-1], start=2):
        last = next(step for step in steps if _reaches(request, step, phase.until_mcg))
        words = f"{show_mg_per_day(last.daily_mcg)} on {show_full_day(last.starts_on)}"
        yield f"Pace {number} begins after {words}; the longer of the two gaps lies between."


def _reaches(request: PlanRequest, step: PlanStepDraft, until_mcg: int) -> bool:
    return step.daily_mcg <= until_mcg if request.kind is PlanKind.TAPER else step.daily_mcg >= until_mcg


def _stays(request: PlanRequest, steps: Sequence[PlanStepDraft]) -> Iterator[str]:
    for hold in request.holds:
        place = next(place for place, step in enumerate(steps) if step.daily_mcg == hold.at_mcg)
        until = steps[place + 1].starts_on
        longer = f"{hold.days} day{'' if hold.days == 1 else 's'} longer"
        yield f"Stays at {show_mg_per_day(hold.at_mcg)} {longer}, until the step of {show_full_day(until)}."


def _origin(request: PlanRequest) -> Iterator[str]:
    ways = {request.way, *(phase.way for phase in request.phases)}
    preset = preset_of(WayDown.PROPORTIONAL)
    if preset is not None and WayDown.PROPORTIONAL in ways:
        yield preset.note
