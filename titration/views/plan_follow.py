"""The steps of a plan beside what was taken on their dates, and what is known of each.

What only the plan says is never shown as taken: it is "as planned, unconfirmed" until somebody reports or confirms it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from titration.domain.history import taken_history
from titration.domain.plan_versions import begun_steps
from titration.domain.record import PatientRecord, PlanEntry
from titration.domain.reported import reported
from titration.domain.units import show_mg
from titration.models import PlanStep
from titration.views.plan_drawing import StepRow

STEP_WORDS = {
    "planned": "planned",
    "started": "started",
    "held": "held",
    "stepped_back": "stepped back",
    "skipped": "skipped",
    "done": "done",
}
_LOOKS = frozenset({"skipped", "done"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowRow:
    """A planned step beside what was taken on its date. state: its looks, where they differ."""

    step: StepRow
    id: UUID
    taken: str
    state: str
    state_words: str
    is_current: bool
    may_confirm: bool


def follow_rows(
    record: PatientRecord,
    rows: Sequence[PlanStep],
    steps: Sequence[StepRow],
    *,
    plan: PlanEntry,
    today: date,
    is_running: bool,
    may_confirm: bool,
) -> Iterator[FollowRow]:
    """may_confirm: whether the reader has the right to."""
    taken, told = taken_history(record), reported(record)
    last_begun = max((row.number for row in begun_steps(plan, rows, today)), default=0)
    for row, step in zip(rows, steps, strict=True):
        day, has_begun, is_last = row.starts_on.toordinal(), row.number <= last_begun, row.number == last_begun
        is_told = has_begun and told.is_told(day) and taken.on(day) == step.daily_mcg
        state = _state(row.state, is_told=is_told, is_last=is_last)
        yield FollowRow(
            step=step,
            id=row.public_id,
            taken=_taken_words(taken.on(day), is_unconfirmed=told.is_unconfirmed(day)) if has_begun else "",
            state=state if state in _LOOKS else "",
            state_words=STEP_WORDS[state],
            is_current=is_running and is_last,
            may_confirm=is_running and may_confirm and has_begun and state == "planned",
        )


def _state(state: str, *, is_told: bool, is_last: bool) -> str:
    """A step that was reported as taken needs nobody to confirm it."""
    if state != "planned" or not is_told:
        return state
    return "started" if is_last else "done"


def _taken_words(mcg: int | None, *, is_unconfirmed: bool) -> str:
    if mcg is None:
        return "not known"
    return f"{show_mg(mcg)}, as planned, unconfirmed" if is_unconfirmed else show_mg(mcg)
