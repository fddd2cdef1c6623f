"""The course that was asked for: on which day after the first step which daily total, before anything is rounded to
tablets.

Offsets count from the day of the first step (0). Each way ends exactly at the target and refuses when it would need
too many steps.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from titration.domain.errors import NotMakeable, PlanImpossible
from titration.domain.planning.presets import Preset, load_limits, preset_of
from titration.domain.planning.request import Phase, PlanRequest, WayDown, WayUp
from titration.domain.products import makes_exactly, recipe
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen
from titration.domain.units import RESOLUTION_MCG, show_mg, show_mg_per_day

_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One point of the asked course: days after the first step, and the daily total in mcg. way: of its phase."""

    offset_days: int
    daily_mcg: int
    way: WayDown | WayUp | None = None


def course(request: PlanRequest) -> list[Asked]:
    """The asked course of any way but BY_HAND, from the first step to the target. Raises PlanImpossible or
    NotMakeable."""
    asked = _phased(request) if request.phases else _COURSES[request.way](request)
    _check_length(request, asked)
    return asked


def smallest_makeable_step(request: PlanRequest) -> int:
    """The smallest dose of at least 5 mg that the products make exactly."""
    smallest = load_limits().smallest_step
    strongest = max(product.strength_mcg for product in request.products)
    steps = range(smallest, max(strongest, smallest) + 1, RESOLUTION_MCG)
    return next(mcg for mcg in steps if makes_exactly(mcg, request.products))


def _phased(request: PlanRequest) -> list[Asked]:
    """One phase after the other. The first step of a phase comes after the longer of its own pace and the one before,
    so that no change of pace is a step ahead of what was asked."""
    check_phases(request)
    asked: list[Asked] = []
    start_mcg, pace_days = request.start.daily_mcg, 0
    for phase in request.phases:
        part = phase_request(request, phase, start_mcg)
        own_days = _step_days(part)
        first = asked[-1].offset_days + max(own_days, pace_days) if asked else 0
        points = _COURSES[phase.way](part)
        asked += [Asked(first + point.offset_days, point.daily_mcg, phase.way) for point in points]
        start_mcg, pace_days = phase.until_mcg, own_days
    _check_count(request, len(asked))
    return asked


def phase_request(request: PlanRequest, phase: Phase, start_mcg: int) -> PlanRequest:
    """One phase as a request of its own; only the total of its start counts."""
    return replace(
        request,
        start=Regimen(morning_mcg=start_mcg),
        target_mcg=phase.until_mcg,
        way=phase.way,
        step_mcg=phase.step_mcg,
        percent=phase.percent,
        step_days=phase.step_days,
        days=phase.days,
        phases=(),
    )


def pace_days(phase: Phase) -> int | None:
    """The days between two steps of a phase: its own, else its preset's."""
    preset = preset_of(phase.way)
    return phase.step_days if phase.step_days is not None or preset is None else preset.step_days


def check_phases(request: PlanRequest) -> None:
    """Each phase goes on from the one before in the plan's direction, has a pace, and the last ends at the target."""
    sign = -1 if request.kind is PlanKind.TAPER else 1
    before_mcg = request.start.daily_mcg
    for number, phase in enumerate(request.phases, start=1):
        preset = preset_of(phase.way)
        if preset is None or preset.days is not None or isinstance(phase.way, WayDown) != (sign < 0):
            raise PlanImpossible("Two paces need steps of a size and days between them: choose equal steps or a share.")
        if sign * (phase.until_mcg - before_mcg) <= 0:
            beyond = "below" if sign < 0 else "above"
            raise PlanImpossible(
                f"Pace {number} ends at {show_mg_per_day(phase.until_mcg)}, which is not {beyond} the "
                f"{show_mg_per_day(before_mcg)} it starts from. Change where the pace changes, or use one pace."
            )
        before_mcg = phase.until_mcg
    if before_mcg != request.target_mcg:
        raise PlanImpossible(
            f"The last pace ends at {show_mg_per_day(before_mcg)}, the target is {show_mg_per_day(request.target_mcg)}."
        )


def _preset(request: PlanRequest) -> Preset:
    preset = preset_of(request.way)
    if preset is None:
        raise PlanImpossible("Write the steps by hand, or choose another way.")
    return preset


def _step_mcg(request: PlanRequest) -> int:
    step_mcg = request.step_mcg if request.step_mcg is not None else _preset(request).step_mcg
    if not step_mcg or step_mcg < 0:
        raise PlanImpossible("Write how many mg/day each step is, for example 5.")
    try:
        made = recipe(step_mcg, request.products)
    except NotMakeable as refusal:
        raise NotMakeable(f"Steps of {show_mg(step_mcg)} are not possible: {refusal.sentence}") from refusal
    if made.is_rounded:
        raise NotMakeable(f"Steps of {show_mg(step_mcg)} cannot be measured exactly; {show_mg(made.made_mcg)} can.")
    return step_mcg


def _step_days(request: PlanRequest) -> int:
    step_days = request.step_days if request.step_days is not None else _preset(request).step_days
    if step_days is None or step_days < 1:
        raise PlanImpossible("Write how many days lie between two steps: 1 or more.")
    return step_days


def length_days(request: PlanRequest) -> int:
    """The whole length of a way that has one: as asked, else its preset's. Raises PlanImpossible below 1 day."""
    days = request.days if request.days is not None else _preset(request).days
    if days is None or days < 1:
        raise PlanImpossible("Write over how many days the taper goes: 1 or more.")
    return days


def _percent(request: PlanRequest) -> Fraction:
    percent = request.percent if request.percent is not None else _preset(request).percent
    if percent is None or not 0 < percent < _PER_CENT:
        raise PlanImpossible("Write the share of the current dose as a number above 0 and below 100, for example 10.")
    return Fraction(percent)


def _equal(request: PlanRequest) -> list[Asked]:
    """Steps of one size at one pace; the last is smaller where the size does not fit."""
    step_mcg, step_days = _step_mcg(request), _step_days(request)
    distance = request.target_mcg - request.start.daily_mcg
    count = -(-abs(distance) // step_mcg)
    _check_count(request, count)
    signed = step_mcg if distance > 0 else -step_mcg
    totals = [request.start.daily_mcg + signed * number for number in range(1, count)]
    return [Asked(number * step_days, mcg) for number, mcg in enumerate([*totals, request.target_mcg])]


def _linear(request: PlanRequest) -> list[Asked]:
    """Even steps over its days: N days from the last day at the start to the first day at the target.

    Where the days are fewer than the units, some steps are larger; never the last, whose share of the dose is largest.
    """
    days = length_days(request)
    unit = smallest_makeable_step(request) if request.step_mcg is None else _step_mcg(request)
    start = request.start.daily_mcg
    units = -(-(start - request.target_mcg) // unit)
    count = min(units, days)
    _check_count(request, count)
    offsets = [(number * (days - 1)) // max(count - 1, 1) for number in range(count)]
    totals = [max(request.target_mcg, start - unit * -(-number * units // count)) for number in range(1, count + 1)]
    return [Asked(offset, mcg) for offset, mcg in zip(offsets, totals, strict=True)]


def _proportional(request: PlanRequest) -> list[Asked]:
    """A share of the current dose each time, until the next total would be below the smallest step; then the target.

    With a liquid the totals are whole mg (rounded up); with tablets alone they are rounded later to what the tablets
    make.
    """
    kept = 1 - _percent(request) / _PER_CENT
    step_days, floor = _step_days(request), _floor(request)
    totals: list[int] = []
    ideal = request.start.daily_mcg * kept
    while ideal > max(request.target_mcg, floor) and len(totals) * step_days <= load_limits().maximum_days:
        totals.append(-(-ideal // RESOLUTION_MCG) * RESOLUTION_MCG)
        ideal *= kept
    if request.target_mcg < floor < (totals[-1] if totals else request.start.daily_mcg):
        totals.append(floor)
    return [Asked(number * step_days, mcg) for number, mcg in enumerate([*totals, request.target_mcg])]


def _floor(request: PlanRequest) -> int:
    """The total below which a proportional taper goes to its target in one step."""
    if any(product.is_liquid for product in request.products):
        return load_limits().liquid_grid
    return smallest_makeable_step(request)


def _labelled(request: PlanRequest) -> list[Asked]:
    preset = _preset(request)
    if preset.maximum_mcg is not None and request.target_mcg > preset.maximum_mcg:
        raise PlanImpossible(
            f"“{preset.title}” ends at {show_mg_per_day(preset.maximum_mcg)}. "
            "For a higher target choose equal steps, and record why."
        )
    return _equal(request)


def _check_count(request: PlanRequest, count: int) -> None:
    """Refused rather than compressed: the sentence says which step would be large enough."""
    most = load_limits().maximum_steps
    if count > most:
        distance = abs(request.target_mcg - request.start.daily_mcg)
        enough = -(-distance // most)
        enough = -(-enough // RESOLUTION_MCG) * RESOLUTION_MCG
        raise PlanImpossible(
            f"This plan needs {count} steps; at most {most} are possible. "
            f"Steps of {show_mg(enough)} or more would fit, or make a plan down to a higher target first."
        )


def _check_length(request: PlanRequest, asked: list[Asked]) -> None:
    limits, days = load_limits(), asked[-1].offset_days
    if days > limits.maximum_days:
        raise PlanImpossible(
            f"This plan would take more than {limits.maximum_days} days, the longest possible. "
            "Choose fewer days between steps, larger steps, or a nearer target."
        )
    if request.first_step_on.toordinal() + days > date.max.toordinal():
        raise PlanImpossible("The plan would end after the last possible date. Choose an earlier first step.")


_COURSES: dict[WayDown | WayUp, Callable[[PlanRequest], list[Asked]]] = {
    WayDown.EQUAL: _equal,
    WayDown.TWO_WEEKS: _linear,
    WayDown.THREE_WEEKS: _linear,
    WayDown.OVER_DAYS: _linear,
    WayDown.WEEKLY_5MG: _equal,
    WayDown.PROPORTIONAL: _proportional,
    WayUp.LABELLED_US: _labelled,
    WayUp.WEEKLY: _labelled,
    WayUp.EQUAL: _equal,
}
