"""How versions differ in words, and which step comes next after a hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.domain.test_judging import RECORD
from tests.factories import NOW, regimen
from titration.domain.history import prescribed_history
from titration.domain.plan_versions import (
    as_redated,
    became_of_draft,
    began_on,
    begun_steps,
    first_left,
    left_of_replaced,
)
from titration.domain.record import PlanEntry, PlanKind, PlannedStep, PlanState

FIRST = date(2026, 11, 16)


def plan(
    totals: Sequence[int], *, gap: int = 7, kind: PlanKind = PlanKind.TAPER, held_on: date | None = None
) -> PlanEntry:
    steps = tuple(
        PlannedStep(
            id=str(at), number=at + 1, starts_on=FIRST + timedelta(days=gap * at), regimen=regimen(mg), state="planned"
        )
        for at, mg in enumerate(totals)
    )
    return PlanEntry(
        id="p", number=1, version=1, kind=kind, state=PlanState.RUNNING, steps=steps, drafted_at=NOW, drafted_by="",
        held_on=held_on,
    )  # fmt: skip


def test_a_plan_began_with_its_first_signed_version() -> None:
    drawn_again, first, second = (replace(plan([40, 20]), version=version) for version in (1, 2, 3))
    later = replace(second, signed_at=NOW, steps=second.steps[1:])
    plans = [drawn_again, replace(first, signed_at=NOW), later]
    assert (began_on(plans, 1), began_on(plans[:1], 1), began_on(plans, 2)) == (FIRST, None, None)


def test_a_draft_is_replaced_or_discarded_and_never_stopped() -> None:
    drawn, signed = plan([40, 0]), replace(plan([40, 0]), version=2, signed_at=NOW, state=PlanState.STOPPED)
    draft = replace(drawn, state=PlanState.STOPPED)
    words = [
        became_of_draft(draft, [draft]),
        became_of_draft(draft, [draft, signed]),
        became_of_draft(signed, [signed]),
    ]
    assert words == ["discarded", "replaced", ""]


SECOND = FIRST + timedelta(days=7)


@pytest.mark.parametrize(
    ("first_on", "today", "prescribed_mg"),
    [
        pytest.param(FIRST + timedelta(days=30), FIRST, 40, id="no later step begins until the new first one"),
        pytest.param(FIRST + timedelta(days=30), SECOND, 20, id="what began today has begun"),
        pytest.param(SECOND, SECOND, 40, id="the new first step takes the place of today's"),
    ],
)
def test_steps_that_were_re_dated_do_not_begin_on_their_old_days(
    first_on: date, today: date, prescribed_mg: int
) -> None:
    record = replace(RECORD, plans=(replace(plan([40, 20, 10, 0]), signed_at=NOW),))
    redated = as_redated(record, 1, first_on, today)
    assert prescribed_history(redated).on(first_on.toordinal()) == prescribed_mg * 1000
    assert as_redated(record, 2, first_on, today) == record


@pytest.mark.parametrize(
    ("today", "held_on", "ended_on", "count"),
    [
        pytest.param(FIRST - timedelta(days=1), None, None, 0, id="none before the first"),
        pytest.param(FIRST, None, None, 1, id="the first on its day"),
        pytest.param(SECOND, None, None, 2, id="the second on its day"),
        pytest.param(SECOND, SECOND, None, 1, id="none on the first day of a hold"),
        pytest.param(SECOND, SECOND + timedelta(days=1), None, 2, id="what began the day before a hold has begun"),
        pytest.param(SECOND + timedelta(days=30), SECOND, None, 1, id="none while it is held"),
        pytest.param(SECOND, None, SECOND, 1, id="none from the end on"),
    ],
)
def test_steps_that_have_begun(today: date, held_on: date | None, ended_on: date | None, count: int) -> None:
    entry = replace(plan([40, 20, 0], held_on=held_on), ended_on=ended_on)
    assert [step.number for step in begun_steps(entry, entry.steps, today)] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("prescribed_mg", "held_on", "number"),
    [
        pytest.param(40, None, 2, id="the step under way is not repeated"),
        pytest.param(20, None, 3, id="a step at the present dose is no step"),
        pytest.param(10, None, 3, id="a step above the present dose would be a rise"),
        pytest.param(0, None, None, id="nothing is left below nothing"),
        pytest.param(60, FIRST, 1, id="a step that the hold kept from beginning is still to come"),
        pytest.param(None, None, 2, id="an unknown dose leaves the order as it is"),
    ],
)
def test_a_taper_goes_on_with_the_first_lower_step(
    prescribed_mg: int | None, held_on: date | None, number: int | None
) -> None:
    mcg = None if prescribed_mg is None else prescribed_mg * 1000
    assert first_left(plan([40, 20, 0], held_on=held_on), FIRST, mcg) == number


def test_a_titration_goes_on_with_the_first_higher_step() -> None:
    assert first_left(plan([45, 60, 75], kind=PlanKind.TITRATION), FIRST, 60_000) == 3


@pytest.mark.parametrize(
    ("state", "ended_days", "from_days", "left"),
    [
        pytest.param(PlanState.REPLACED, 15, 0, [1, 2, 3], id="until the day before the next one"),
        pytest.param(PlanState.REPLACED, 14, 0, [1, 2], id="not on the next one's first day"),
        pytest.param(PlanState.REPLACED, 15, 7, [2, 3], id="on the day asked about"),
        pytest.param(PlanState.REPLACED, 15, 8, [3], id="not before it"),
        pytest.param(PlanState.STOPPED, 15, 0, [], id="a stopped plan has none"),
        pytest.param(PlanState.RUNNING, 15, 0, [], id="one that runs is no replaced one"),
    ],
)
def test_what_a_replaced_plan_still_has_to_come(
    state: PlanState, ended_days: int, from_days: int, left: list[int]
) -> None:
    entry = replace(plan([50, 40, 30, 20]), state=state, ended_on=FIRST + timedelta(days=ended_days))
    found = left_of_replaced([entry], FIRST + timedelta(days=from_days))
    assert [step.number for _, step in found] == left
