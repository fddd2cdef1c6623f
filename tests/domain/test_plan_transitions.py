"""The tables of what may happen to a plan and to a step: complete, and each state reachable."""

from collections.abc import Iterable

import pytest

from titration.domain.plan_acts import EVENT_WORDS
from titration.domain.plan_transitions import (
    LIVE_STATES,
    RULES,
    STATE_WORDS,
    STEP_TABLE,
    STEP_WORDS,
    TABLE,
    Act,
    NotNow,
    StepAct,
    StepState,
    acts_in,
    is_allowed,
    next_state,
    next_step_state,
    states_for,
)
from titration.domain.record import PlanState
from titration.permissions import Action

PAIRS = [(state, act) for act in Act for state in PlanState]
STEP_PAIRS = [(state, act) for act in StepAct for state in StepState]


def test_every_act_has_its_rule_and_a_cell_for_every_state() -> None:
    assert set(TABLE) == set(RULES) == set(Act)
    assert {len(row) for row in TABLE.values()} == {len(PlanState)}
    assert set(STATE_WORDS) == set(PlanState)
    assert set(STEP_TABLE) == set(StepAct)
    assert {len(row) for row in STEP_TABLE.values()} == {len(StepState)}
    assert set(STEP_WORDS) == set(StepState)


@pytest.mark.parametrize(("state", "act"), PAIRS, ids=str)
def test_each_pair_leads_somewhere_or_says_why_not(state: PlanState, act: Act) -> None:
    if is_allowed(state, act):
        assert next_state(state, act) in PlanState
        return
    with pytest.raises(NotNow) as refused:
        next_state(state, act)
    assert refused.value.sentence.startswith(f"This plan is {STATE_WORDS[state]}. ")
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(("state", "act"), STEP_PAIRS, ids=str)
def test_each_pair_of_a_step_too(state: StepState, act: StepAct) -> None:
    cell = STEP_TABLE[act][list(StepState).index(state)]
    if isinstance(cell, StepState):
        assert next_step_state(state, act) is cell
        return
    with pytest.raises(NotNow) as refused:
        next_step_state(state, act)
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("act", [act for act, rule in RULES.items() if rule.words or rule.title], ids=str)
def test_what_people_do_needs_a_right_that_exists(act: Act) -> None:
    assert RULES[act].right in {action.value for action in Action}


def test_what_follows_from_another_act_is_no_button() -> None:
    following = {act for act, rule in RULES.items() if not rule.right}
    assert following == {Act.HOLD_FOR_CHANGE, Act.REPLACE, Act.END_TREATMENT, Act.REOPEN, Act.COMPLETE}
    assert not following & {act for state in PlanState for act in acts_in(state)}


def test_every_event_has_its_words() -> None:
    assert {rule.event for rule in RULES.values()} <= set(EVENT_WORDS)


def test_an_act_on_a_signed_plan_asks_for_its_reason() -> None:
    asking = [Act.HOLD, Act.RESUME, Act.SLOW_DOWN, Act.STEP_BACK, Act.SKIP, Act.STOP]
    assert all("why" in RULES[act].asks for act in asking)


def _reached[State](start: State, moves: Iterable[tuple[State, State]]) -> set[State]:
    known, edges = {start}, list(moves)
    while more := {to for since, to in edges if since in known} - known:
        known |= more
    return known


def test_every_state_is_reached_from_a_draft() -> None:
    moves = [(state, next_state(state, act)) for state, act in PAIRS if is_allowed(state, act)]
    assert _reached(PlanState.DRAFT, moves) == set(PlanState)


def test_every_state_of_a_step_is_reached() -> None:
    moves = [
        (state, cell)
        for row in STEP_TABLE.values()
        for state, cell in zip(StepState, row, strict=True)
        if isinstance(cell, StepState)
    ]
    assert _reached(StepState.PLANNED, moves) == set(StepState)


def test_only_a_live_plan_is_changed_and_what_is_over_stays_over() -> None:
    changing = [act for act in Act if RULES[act].makes_version]
    assert {state for act in changing for state in states_for(act)} == set(LIVE_STATES)
    over = set(PlanState) - {PlanState.DRAFT, *LIVE_STATES}
    assert {(state, act) for state in over for act in Act if is_allowed(state, act)} == {
        (PlanState.COMPLETED, Act.CONFIRM),
        (PlanState.STOPPED, Act.REOPEN),
        (PlanState.REPLACED, Act.CONFIRM),
    }


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (PlanState.DRAFT, ["Sign", "Draw again", "Discard"]),
        (PlanState.RUNNING, ["Hold", "Slow down", "Step back", "Skip a step", "Stop"]),
        (PlanState.HELD, ["Resume", "Hold", "Step back", "Stop"]),
        (PlanState.COMPLETED, []),
        (PlanState.STOPPED, []),
        (PlanState.REPLACED, []),
    ],
)
def test_the_buttons_of_a_state(state: PlanState, words: list[str]) -> None:
    assert [RULES[act].words for act in acts_in(state)] == words


def test_closing_a_plan_confirms_nothing() -> None:
    assert next_step_state(StepState.PLANNED, StepAct.CLOSE) is StepState.PLANNED
    assert next_step_state(StepState.STARTED, StepAct.CLOSE) is StepState.DONE
