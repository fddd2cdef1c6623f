"""How one version of a plan differs from the one before, in words: what moved, what is left out, added or longer.

Steps that had begun are the past of both versions and differ in nothing. Steps are met by their daily totals in order,
so that a plan whose later steps all moved reads as one sentence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from titration.domain.days import show_day, show_near_day
from titration.domain.history import step_counts
from titration.domain.record import PlanEntry, PlannedStep
from titration.domain.times_of_day import divided_anew
from titration.domain.units import format_mg, show_mg_per_day

MOST_DIFFERENCES = 6

type _Steps = Sequence[PlannedStep]


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same step in both versions."""

    old: PlannedStep
    new: PlannedStep

    @property
    def days_later(self) -> int:
        return (self.new.starts_on - self.old.starts_on).days


def differences(before: PlanEntry, after: PlanEntry) -> tuple[str, ...]:
    """One sentence each: the new end, then what became of the steps that were still to come."""
    begun, to_come = _split(before)
    pairs, gone, added = _met(to_come, after.steps)
    found = [
        *_end(before, after),
        *_moved(pairs),
        *_longer(begun, pairs, gone, added),
        *_left_out(gone),
        *_added(added, after),
        *_divided(pairs),
    ]
    rest = len(found) - MOST_DIFFERENCES
    shown = found[:MOST_DIFFERENCES]
    return (*shown, *([f"{rest} more differences."] if rest > 0 else [])) or ("The same steps.",)


def _split(plan: PlanEntry) -> tuple[_Steps, _Steps]:
    """The steps that began before a version was replaced, and those that were still to come; of a draft, all."""
    if plan.signed_at is None:
        return [], plan.steps
    begun = [step for step in plan.steps if step_counts(plan, step.starts_on)]
    return begun, plan.steps[len(begun) :]


def _met(old: _Steps, new: _Steps) -> tuple[list[_Pair], list[PlannedStep], list[PlannedStep]]:
    old_mcg, new_mcg = ([step.regimen.daily_mcg for step in steps] for steps in (old, new))
    blocks = SequenceMatcher(a=old_mcg, b=new_mcg, autojunk=False).get_matching_blocks()
    pairs = [_Pair(old[at + i], new[to + i]) for at, to, size in blocks for i in range(size)]
    kept_old, kept_new = {pair.old.number for pair in pairs}, {pair.new.number for pair in pairs}
    gone = [step for step in old if step.number not in kept_old]
    return pairs, gone, [step for step in new if step.number not in kept_new]


def _end(before: PlanEntry, after: PlanEntry) -> Iterator[str]:
    old, new = before.steps[-1].starts_on, after.steps[-1].starts_on
    if old != new:
        yield f"Ends on {show_near_day(new, beside=old)}, {_days((new - old).days)}."


def _days(number: int) -> str:
    return f"{abs(number)} day{'' if abs(number) == 1 else 's'} {'later' if number > 0 else 'earlier'}"


def _moved(pairs: Sequence[_Pair]) -> Iterator[str]:
    """Neighbours that moved the same way are one sentence."""
    for way, group in groupby(pairs, key=lambda pair: (pair.days_later > 0) - (pair.days_later < 0)):
        if way:
            yield _moved_words(list(group))


def _moved_words(moved: Sequence[_Pair]) -> str:
    first, last = moved[0], moved[-1]
    if len(moved) == 1:
        return f"Step {first.old.number} ({_dose(first.old)}) moved from {_from_to(first)}."
    is_even = first.days_later == last.days_later
    days = _days(last.days_later) if is_even else f"{abs(first.days_later)} to {_days(last.days_later)}"
    lead = f"Steps {first.old.number} to {last.old.number} moved {days}"
    one = f"step {first.old.number} ({_dose(first.old)}) from {_from_to(first)}"
    other = "" if is_even else f", step {last.old.number} ({_dose(last.old)}) from {_from_to(last)}"
    return f"{lead}: {one}{other}."


def _from_to(pair: _Pair) -> str:
    beside = pair.new.starts_on
    return f"{show_near_day(pair.old.starts_on, beside=beside)} to {_day(pair.new.starts_on, beside)}"


def _day(on: date, beside: date) -> str:
    return show_near_day(on, beside=beside)


def _dose(step: PlannedStep) -> str:
    return show_mg_per_day(step.regimen.daily_mcg)


def _longer(begun: _Steps, pairs: Sequence[_Pair], gone: _Steps, added: _Steps) -> Iterator[str]:
    """How much longer a dose is taken, where the same dose is followed by the same step in both versions."""
    is_first = bool(pairs) and not any(step.number < pairs[0].old.number for step in gone)
    is_first = is_first and not any(step.starts_on < pairs[0].new.starts_on for step in added)
    longer: dict[int, list[PlannedStep]] = {}
    if begun and is_first and pairs[0].days_later:
        longer.setdefault(pairs[0].days_later, []).append(begun[-1])
    for one, following in pairwise(pairs):
        is_next = following.old.number == one.old.number + 1 and following.new.number == one.new.number + 1
        if is_next and (days := following.days_later - one.days_later):
            longer.setdefault(days, []).append(one.old)
    for days, steps in longer.items():
        yield _longer_words(days, steps)


def _longer_words(days: int, steps: _Steps) -> str:
    """1 day longer at 20, 15 and 10 mg/day."""
    *others, last = steps
    doses = ", ".join(format_mg(step.regimen.daily_mcg) for step in others)
    at = f"{doses} and {_dose(last)}" if others else _dose(last)
    return f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'longer' if days > 0 else 'shorter'} at {at}."


def _left_out(gone: _Steps) -> Iterator[str]:
    for step in gone:
        yield f"Step {step.number} ({_dose(step)} from {show_day(step.starts_on)}) left out."


def _added(added: _Steps, after: PlanEntry) -> Iterator[str]:
    for step in added:
        yield f"{_dose(step)} added from {_day(step.starts_on, after.steps[0].starts_on)}."


def _divided(pairs: Sequence[_Pair]) -> Iterator[str]:
    for pair in pairs:
        if words := divided_anew(pair.old.regimen, pair.new.regimen):
            yield f"Step {pair.old.number}: {words[0].lower()}{words[1:]}"
