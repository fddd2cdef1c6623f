"""The notes of a plan on file: read back from what was asked; none where the steps are not those that were drawn."""

import json
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.domain.plans import GUIDANCE, TENS, WITH_LIQUID, drawn, regimen, request
from titration.domain.planning import (
    DoseOrder,
    Hold,
    Phase,
    PlanRequest,
    WayDown,
    WayUp,
    notes_again,
    request_inputs,
    request_of,
)

SIXTY = (20.0, 20.0, 20.0, 0.0)
TWO_PACES = (
    Phase(until_mcg=30_000, way=WayDown.EQUAL, step_mcg=10_000, step_days=7),
    Phase(until_mcg=0, way=WayDown.PROPORTIONAL, percent=Fraction("12.5"), step_days=14),
)
ASKED = {
    "two paces, a stay, daytime first": request(
        WayDown.EQUAL, SIXTY, 0, chosen=WITH_LIQUID, phases=TWO_PACES, order=DoseOrder.DAY_FIRST,
        holds=(Hold(at_mcg=30_000, days=14),),
    ),
    "a share": request(WayDown.PROPORTIONAL, SIXTY, 0, percent=Fraction("12.5"), step_days=14),
    "fixed days": request(WayDown.THREE_WEEKS, SIXTY, 0),
    "upwards": request(WayUp.EQUAL, (5, 5, 5, 0), 30, step_mg=5, step_days=7),
}  # fmt: skip


def kept(asked: PlanRequest, **changes: Any) -> PlanRequest | None:
    """Through the JSON that is stored."""
    inputs = json.loads(json.dumps({**request_inputs(asked), **changes}))
    of_plan = {"kind": asked.kind, "start": asked.start, "target_mcg": asked.target_mcg, "products": asked.products}
    return request_of(inputs, **of_plan)


@pytest.mark.parametrize("name", ASKED)
def test_a_request_is_read_back_as_it_was_asked(name: str) -> None:
    assert kept(ASKED[name]) == ASKED[name]


def test_steps_by_hand_are_read_back() -> None:
    steps = tuple(drawn(ASKED["a share"]).planned)
    asked = replace(ASKED["a share"], way=WayDown.BY_HAND, by_hand=steps)
    assert kept(asked) == asked


@pytest.mark.parametrize("inputs", [{}, {"way": "no longer offered", "first_step_on": "2026-11-16"}, {"way": "equal"}])
def test_what_was_never_kept_is_no_request(inputs: dict[str, Any]) -> None:
    asked = ASKED["a share"]
    assert request_of(inputs, kind=asked.kind, start=asked.start, target_mcg=0, products=TENS) is None


@pytest.mark.parametrize("name", ASKED)
def test_the_same_steps_have_the_same_notes(name: str) -> None:
    draft = drawn(ASKED[name])
    assert notes_again(draft.request, draft.planned, GUIDANCE) == draft.notes


def test_other_steps_than_those_drawn_have_none() -> None:
    draft = drawn(ASKED["two paces, a stay, daytime first"])
    assert draft.notes
    a_day_later = [(day + timedelta(days=1), doses) for day, doses in draft.planned]
    for steps in (a_day_later, draft.planned[1:], [*draft.planned[:-1], (draft.ends_on, regimen(0, 0, 5, 0))], []):
        assert notes_again(draft.request, steps, GUIDANCE) == ()


def test_a_request_that_can_no_longer_be_drawn_has_none() -> None:
    draft = drawn(ASKED["a share"])
    assert notes_again(replace(draft.request, products=()), draft.planned, GUIDANCE) == ()
