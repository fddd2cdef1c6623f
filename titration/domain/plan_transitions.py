"""What may happen to a plan and to one of its steps: one table for each, complete over every state and act.

A cell is the state that the act leads to, or the sentence that refuses it. Services ask `next_state`, buttons ask
`is_allowed`, pages take their words and fields from RULES; nothing else knows in which state an act stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from titration.domain.errors import DomainError
from titration.domain.record import PlanState


class Act(StrEnum):
    """What people do with a plan, and below them what follows from other acts or from time alone."""

    SIGN = "sign"
    REDRAW = "redraw"
    DISCARD = "discard"
    HOLD = "hold"
    RESUME = "resume"
    SLOW_DOWN = "slow_down"
    STEP_BACK = "step_back"
    SKIP = "skip"
    STOP = "stop"
    CONFIRM = "confirm"
    HOLD_FOR_CHANGE = "hold_for_change"
    REPLACE = "replace"
    END_TREATMENT = "end_treatment"
    REOPEN = "reopen"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRule:
    """right: the permission it needs, "" where it follows from another act that had its own. event: the kind of
    PlanEvent it leaves. words, title: of its button and of its page, "" where it has none. asks: the fields of its
    form, in their order. makes_version: the plan itself is replaced, and the new version runs at once.
    """

    right: str
    event: str
    words: str = ""
    title: str = ""
    asks: tuple[str, ...] = ()
    makes_version: bool = False
    is_main: bool = False


_SIGNS, _DRAFTS, _CONFIRMS = "sign_plan", "draft_plan", "confirm_step"

RULES: Mapping[Act, ActRule] = {
    Act.SIGN: ActRule(right=_SIGNS, event="signed", words="Sign", title="Sign the plan", is_main=True),
    Act.REDRAW: ActRule(right=_DRAFTS, event="redrafted", words="Draw again"),
    Act.DISCARD: ActRule(
        right=_DRAFTS, event="stopped", words="Discard", title="Discard the draft", asks=("why",)
    ),
    Act.RESUME: ActRule(
        right=_SIGNS, event="resumed", words="Resume", title="Resume the plan", asks=("first_on", "pace", "why"),
        makes_version=True, is_main=True,
    ),
    Act.HOLD: ActRule(right=_SIGNS, event="held", words="Hold", title="Hold the plan", asks=("held_on", "why")),
    Act.SLOW_DOWN: ActRule(
        right=_SIGNS, event="slowed_down", words="Slow down", title="Slow the plan down",
        asks=("first_on", "pace", "why"), makes_version=True,
    ),
    Act.STEP_BACK: ActRule(
        right=_SIGNS, event="stepped_back", words="Step back", title="Step back", asks=("on", "stable_days", "why"),
        makes_version=True,
    ),
    Act.SKIP: ActRule(
        right=_SIGNS, event="skipped", words="Skip a step", title="Skip a step", asks=("step", "then", "why"),
        makes_version=True,
    ),
    Act.STOP: ActRule(right=_SIGNS, event="stopped", words="Stop", title="Stop the plan", asks=("why",)),
    Act.CONFIRM: ActRule(right=_CONFIRMS, event="step_confirmed", title="Confirm a step"),
    Act.HOLD_FOR_CHANGE: ActRule(right="", event="held"),
    Act.REPLACE: ActRule(right="", event="replaced"),
    Act.END_TREATMENT: ActRule(right="", event="stopped"),
    Act.REOPEN: ActRule(right="", event="held"),
    Act.COMPLETE: ActRule(right="", event="completed"),
}  # fmt: skip

STATE_WORDS: Mapping[PlanState, str] = {
    PlanState.DRAFT: "draft, not signed",
    PlanState.RUNNING: "running",
    PlanState.HELD: "held",
    PlanState.COMPLETED: "completed",
    PlanState.STOPPED: "stopped",
    PlanState.REPLACED: "replaced",
}

type _Cell = PlanState | str

_RUNNING, _HELD = PlanState.RUNNING, PlanState.HELD
_COMPLETED, _STOPPED, _REPLACED = PlanState.COMPLETED, PlanState.STOPPED, PlanState.REPLACED

_SIGN_FIRST = "Sign it, draw it again or discard it."
_UNDER_WAY = "It was signed, so it is held, slowed down, stepped back or stopped instead."
_RESUME_FIRST = "Resume it first, from the day that you choose."
_DRAW_NEW = "Draw a new plan."
_OPEN_NEWER = "Open the newer version and decide again."
_NOT_ON_HOLD = "Only a plan that is held is resumed. To give it more time, slow it down."
_SAY_TAKEN = "Say what is taken in a report instead."

# What follows from another act, or from time alone, leaves a plan that is over as it is.
_OVER = "Nothing is left of it to change."
_GOES_ON = "It goes on already."

TABLE: Mapping[Act, tuple[_Cell, _Cell, _Cell, _Cell, _Cell, _Cell]] = {
    #                    draft         running      held           completed    stopped      replaced
    Act.SIGN:           (_RUNNING,     _UNDER_WAY,  _UNDER_WAY,    _DRAW_NEW,   _DRAW_NEW,   _OPEN_NEWER),
    Act.REDRAW:         (_STOPPED,     _UNDER_WAY,  _UNDER_WAY,    _DRAW_NEW,   _DRAW_NEW,   _OPEN_NEWER),
    Act.DISCARD:        (_STOPPED,     _UNDER_WAY,  _UNDER_WAY,    _OVER,       _OVER,       _OPEN_NEWER),
    Act.HOLD:           (_SIGN_FIRST,  _HELD,       _HELD,         _OVER,       _OVER,       _OPEN_NEWER),
    Act.RESUME:         (_SIGN_FIRST,  _NOT_ON_HOLD, _REPLACED,    _DRAW_NEW,   _DRAW_NEW,   _OPEN_NEWER),
    Act.SLOW_DOWN:      (_SIGN_FIRST,  _REPLACED,   _RESUME_FIRST, _DRAW_NEW,   _DRAW_NEW,   _OPEN_NEWER),
    Act.STEP_BACK:      (_SIGN_FIRST,  _REPLACED,   _REPLACED,     _DRAW_NEW,   _DRAW_NEW,   _OPEN_NEWER),
    Act.SKIP:           (_SIGN_FIRST,  _REPLACED,   _RESUME_FIRST, _DRAW_NEW,   _DRAW_NEW,   _OPEN_NEWER),
    Act.STOP:           (_SIGN_FIRST,  _STOPPED,    _STOPPED,      _OVER,       _OVER,       _OPEN_NEWER),
    Act.CONFIRM:        (_SIGN_FIRST,  _RUNNING,    _HELD,         _COMPLETED,  _SAY_TAKEN,  _REPLACED),
    Act.HOLD_FOR_CHANGE: (_SIGN_FIRST, _HELD,       _HELD,         _OVER,       _OVER,       _OVER),
    Act.REPLACE:        (_SIGN_FIRST,  _REPLACED,   _REPLACED,     _OVER,       _OVER,       _OVER),
    Act.END_TREATMENT:  (_STOPPED,     _STOPPED,    _STOPPED,      _OVER,       _OVER,       _OVER),
    Act.REOPEN:         (_SIGN_FIRST,  _GOES_ON,    _GOES_ON,      _OVER,       _HELD,       _OVER),
    Act.COMPLETE:       (_SIGN_FIRST,  _COMPLETED,  _RESUME_FIRST, _OVER,       _OVER,       _OVER),
}  # fmt: skip


class NotNow(DomainError):
    """The act does not fit the state; the sentence says which state that is and what to do."""


def _cell(state: PlanState, act: Act) -> _Cell:
    return TABLE[act][tuple(PlanState).index(state)]


def is_allowed(state: PlanState, act: Act) -> bool:
    return isinstance(_cell(PlanState(state), act), PlanState)


def next_state(state: PlanState, act: Act) -> PlanState:
    """What the plan becomes. Raises NotNow with the sentence of the cell."""
    state = PlanState(state)
    cell = _cell(state, act)
    if not isinstance(cell, PlanState):
        raise NotNow(f"This plan is {STATE_WORDS[state]}. {cell}")
    return cell


def acts_in(state: PlanState) -> Iterable[Act]:
    """What people may do in a state, in the order of the buttons."""
    return (act for act, rule in RULES.items() if rule.words and is_allowed(state, act))


def states_for(act: Act) -> list[PlanState]:
    """The states that an act starts from."""
    return [state for state in PlanState if is_allowed(state, act)]


LIVE_STATES = (PlanState.RUNNING, PlanState.HELD)


class StepState(StrEnum):
    """planned: nobody has said that it was begun. started, done: somebody has. held: a hold keeps it from beginning."""

    PLANNED = "planned"
    STARTED = "started"
    HELD = "held"
    STEPPED_BACK = "stepped_back"
    SKIPPED = "skipped"
    DONE = "done"


class StepAct(StrEnum):
    """close: a later step was confirmed, or the plan is complete. release: what held it was an error."""

    CONFIRM = "confirm"
    CLOSE = "close"
    HOLD = "hold"
    STEP_BACK = "step_back"
    SKIP = "skip"
    RELEASE = "release"


type _StepCell = StepState | str

_PLANNED, _STARTED, _STEP_HELD = StepState.PLANNED, StepState.STARTED, StepState.HELD
_BACK, _SKIPPED, _DONE = StepState.STEPPED_BACK, StepState.SKIPPED, StepState.DONE

_IS_CONFIRMED = "This step was confirmed already."
_IS_HELD = "The hold kept this step from beginning."
_WAS_LEFT = "This step was stepped back from. Say what is taken in a report instead."
_WAS_SKIPPED = "This step was skipped: nobody takes it."
_HAS_BEGUN = "This step has begun."
_NOT_HELD = "No hold keeps this step from beginning."

STEP_TABLE: Mapping[StepAct, tuple[_StepCell, _StepCell, _StepCell, _StepCell, _StepCell, _StepCell]] = {
    #                   planned    started        held         stepped back  skipped        done
    StepAct.CONFIRM:   (_STARTED,  _IS_CONFIRMED, _IS_HELD,    _WAS_LEFT,    _WAS_SKIPPED,  _IS_CONFIRMED),
    StepAct.CLOSE:     (_PLANNED,  _DONE,         _STEP_HELD,  _BACK,        _SKIPPED,      _DONE),
    StepAct.HOLD:      (_STEP_HELD, _HAS_BEGUN,   _STEP_HELD,  _HAS_BEGUN,   _WAS_SKIPPED,  _HAS_BEGUN),
    StepAct.STEP_BACK: (_BACK,     _BACK,         _IS_HELD,    _WAS_LEFT,    _WAS_SKIPPED,  _BACK),
    StepAct.SKIP:      (_SKIPPED,  _HAS_BEGUN,    _IS_HELD,    _WAS_LEFT,    _WAS_SKIPPED,  _HAS_BEGUN),
    StepAct.RELEASE:   (_NOT_HELD, _HAS_BEGUN,    _PLANNED,    _HAS_BEGUN,   _WAS_SKIPPED,  _HAS_BEGUN),
}  # fmt: skip

STEP_WORDS: Mapping[StepState, str] = {
    StepState.PLANNED: "planned",
    StepState.STARTED: "started",
    StepState.HELD: "held",
    StepState.STEPPED_BACK: "stepped back",
    StepState.SKIPPED: "skipped",
    StepState.DONE: "done",
}
TOLD_STATES = frozenset({StepState.STARTED, StepState.DONE, StepState.STEPPED_BACK})
"""Somebody has said that the step was begun; who steps back from it says so too."""


def next_step_state(state: StepState, act: StepAct) -> StepState:
    """What the step becomes. Raises NotNow with the sentence of the cell."""
    cell = STEP_TABLE[act][tuple(StepState).index(StepState(state))]
    if not isinstance(cell, StepState):
        raise NotNow(cell)
    return cell


def step_states_for(act: StepAct, to: StepState) -> list[StepState]:
    """The states that an act turns into another one."""
    row = STEP_TABLE[act]
    return [state for state, cell in zip(StepState, row, strict=True) if cell is to and state is not to]
