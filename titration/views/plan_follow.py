"""The steps of a plan beside what was taken on their dates, and what has been heard of each.

What only the plan says is never shown as taken: it is "as planned, unconfirmed" until somebody reports or confirms it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from titration.domain.confirming import Heard, StepHeard, begun_course, heard_of, unsettled
from titration.domain.history import taken_history
from titration.domain.plan_transitions import LIVE_STATES, STEP_WORDS, Act, StepState, is_allowed
from titration.domain.record import PatientRecord, PlanEntry
from titration.domain.reported import reported
from titration.domain.units import show_mg
from titration.models import PlanStep
from titration.views.plan_drawing import StepRow

NOT_CONFIRMED, DIFFERS = "not confirmed", "differs"
_LOOKS = frozenset({StepState.SKIPPED, StepState.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowRow:
    """A planned step beside what was taken on its date. state: its looks, where they differ. difference: what was
    taken instead, in words.
    """

    step: StepRow
    id: UUID
    taken: str
    state: str
    state_words: str
    difference: str
    is_current: bool
    may_confirm: bool


def follow_rows(
    record: PatientRecord,
    rows: Sequence[PlanStep],
    steps: Sequence[StepRow],
    *,
    plan: PlanEntry,
    today: date,
    may_confirm: bool,
) -> Iterator[FollowRow]:
    """may_confirm: whether the reader has the right to."""
    heard = _heard(record, plan, today)
    may_confirm &= is_allowed(plan.state, Act.CONFIRM) and unsettled(record, plan.number, today) is None
    taken, told = taken_history(record), reported(record)
    last_begun = max(heard, default=0)
    for row, step in zip(rows, steps, strict=True):
        known, day, is_last = heard.get(row.number), row.starts_on.toordinal(), row.number == last_begun
        state = _state(StepState(row.state), known, is_last=is_last)
        yield FollowRow(
            step=step,
            id=row.public_id,
            taken=_taken_words(taken.on(day), is_unconfirmed=told.is_unconfirmed(day)) if known else "",
            state=state if state in _LOOKS else "",
            state_words=_state_words(state, known),
            difference=known.difference_words(today) if known else "",
            is_current=plan.state in LIVE_STATES and is_last,
            may_confirm=may_confirm and known is not None and known.is_asked and row.state == StepState.PLANNED,
        )


def _heard(record: PatientRecord, plan: PlanEntry, today: date) -> dict[int, StepHeard]:
    """Of this version's steps that have begun, by their numbers."""
    return {
        begun.step.number: heard_of(begun.step, record.intakes, last_on=begun.last_on)
        for begun in begun_course(record.plans, plan.number, today)
        if begun.plan.id == plan.id
    }


def _state(state: StepState, heard: StepHeard | None, *, is_last: bool) -> StepState:
    """A step that was reported as taken needs nobody to confirm it."""
    if state is not StepState.PLANNED or heard is None or heard.heard is not Heard.AS_PLANNED:
        return state
    return StepState.STARTED if is_last else StepState.DONE


def _state_words(state: StepState, heard: StepHeard | None) -> str:
    if state is StepState.PLANNED and heard is not None:
        return DIFFERS if heard.differs else NOT_CONFIRMED
    return f"{STEP_WORDS[state]}, {DIFFERS}" if heard is not None and heard.differs else STEP_WORDS[state]


def _taken_words(mcg: int | None, *, is_unconfirmed: bool) -> str:
    if mcg is None:
        return "not known"
    return f"{show_mg(mcg)}, as planned, unconfirmed" if is_unconfirmed else show_mg(mcg)
