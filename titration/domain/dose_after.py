"""What becomes of a dose change that is put before something else on file: how long it holds, what no longer counts.

A change never rewrites what others decided for later days, and a step that began may end to count because of it; both
are said before it is saved and afterwards, so that nobody takes a new dose for the one of today. Pure: the record as it
is beside the record as it would be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from titration.domain.days import show_full_day
from titration.domain.dose_change import DoseChange
from titration.domain.history import prescribed_history, prescribed_regimens, step_counts
from titration.domain.record import PatientRecord, PlanEntry, PlannedStep
from titration.domain.regimen import Regimen
from titration.domain.units import show_mg_per_day

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Counting:
    """A step that counts as prescribed, with its plan."""

    plan: PlanEntry
    step: PlannedStep


def after_words(
    record: PatientRecord, proposed: PatientRecord, *, starts_on: date, regimen: Regimen, today: date
) -> tuple[str, ...]:
    """Sentences, none where the change simply goes on. proposed: the record as saving the change would make it."""
    told = (*_followed(proposed, starts_on, regimen, today), *_undone(record, proposed, starts_on, today))
    return (*told, _today_words(proposed, today)) if told and starts_on < today else told


def _followed(proposed: PatientRecord, starts_on: date, regimen: Regimen, today: date) -> Iterator[str]:
    """The first entry or step that ends the change."""
    later = [(day, following) for day, following in prescribed_regimens(proposed) if day > starts_on]
    if not later:
        return
    day, following = later[0]
    change = DoseChange(before_mcg=regimen.daily_mcg, after_mcg=following.daily_mcg)
    if any(entry.counts and entry.starts_on == day for entry in proposed.regimens):
        yield f"A later entry stands and follows it from {show_full_day(day)}: {change.words}."
        return
    of_day = [each for each in _counting(proposed) if each.step.starts_on == day]
    yield (
        f"It holds until {show_full_day(day - _ONE_DAY)}: {_step_words(of_day[-1])} {_began(day, today)} "
        f"on {show_full_day(day)} and stands: {change.words}. "
        f"For a dose that goes on, record a change from {show_full_day(_goes_on_from(proposed, later, today))}."
    )


def _goes_on_from(proposed: PatientRecord, later: Sequence[tuple[date, Regimen]], today: date) -> date:
    """The day after the last of the steps that follow one another, before the next entry by hand; where none follows,
    not before today.
    """
    by_hand = [entry.starts_on for entry in proposed.regimens if entry.counts]
    before_entry = [day for day, _ in later if not any(later[0][0] < entry <= day for entry in by_hand)]
    day_after = before_entry[-1] + _ONE_DAY
    return day_after if len(before_entry) < len(later) else max(day_after, today)


def _undone(record: PatientRecord, proposed: PatientRecord, starts_on: date, today: date) -> Iterator[str]:
    """Steps that had begun after the change's day and that it makes count no longer, by plan."""
    still = {each.step.id for each in _counting(proposed)}
    begun = [each for each in _counting(record) if starts_on < each.step.starts_on <= today]
    undone = [each for each in begun if each.step.id not in still]
    for plan in dict.fromkeys(each.plan.id for each in undone):
        yield _undone_words([each for each in undone if each.plan.id == plan])


def _undone_words(undone: Sequence[_Counting]) -> str:
    first, last = undone[0], undone[-1]
    if len(undone) == 1:
        began = show_full_day(first.step.starts_on)
        return f"{_capital(_step_words(first))}, which began on {began}, no longer counts."
    span = f"{show_full_day(first.step.starts_on)} to {show_full_day(last.step.starts_on)}"
    doses = f"{show_mg_per_day(first.step.regimen.daily_mcg)} to {show_mg_per_day(last.step.regimen.daily_mcg)}"
    return f"{len(undone)} steps of {_plan_words(first.plan)} that began from {span} ({doses}) no longer count."


def _today_words(proposed: PatientRecord, today: date) -> str:
    """Known, because the change itself lies before today."""
    return f"Prescribed today is then {show_mg_per_day(prescribed_history(proposed).on(today.toordinal()) or 0)}."


def _counting(record: PatientRecord) -> Iterator[_Counting]:
    """Steps of signed plans that count, in the order of their plans."""
    for plan in record.plans:
        if plan.signed_at is not None:
            yield from (_Counting(plan, step) for step in plan.steps if step_counts(plan, step.starts_on))


def _step_words(found: _Counting) -> str:
    return f"step {found.step.number} of {_plan_words(found.plan)} ({show_mg_per_day(found.step.regimen.daily_mcg)})"


def _plan_words(plan: PlanEntry) -> str:
    return f"{plan.kind.value} {plan.number}, version {plan.version}"


def _began(day: date, today: date) -> str:
    return "began" if day <= today else "begins"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
