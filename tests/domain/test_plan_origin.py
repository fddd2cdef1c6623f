"""What a plan was asked for, read back from what was kept of it; and its notes, drawn once more."""

import json
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.domain.plans import FIRST, GUIDANCE, SIXTY, TENS, WITH_LIQUID, drawn, products, regimen, request
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
from titration.domain.planning.request import TemplateOrigin

TWO_PACES = (
    Phase(until_mcg=30_000, way=WayDown.EQUAL, step_mcg=10_000, step_days=7),
    Phase(until_mcg=0, way=WayDown.PROPORTIONAL, percent=Fraction(25, 2), step_days=14),
)
TENS_TO_ZERO = request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7)
WITH_A_STAY = replace(TENS_TO_ZERO, holds=(Hold(at_mcg=30_000, days=5),))
each_request = pytest.mark.parametrize(
    "asked",
    [
        pytest.param(TENS_TO_ZERO, id="equal steps"),
        pytest.param(
            request(WayDown.PROPORTIONAL, SIXTY, 0, percent=Fraction(25, 2), step_days=14, chosen=WITH_LIQUID),
            id="a share",
        ),
        pytest.param(request(WayUp.EQUAL, (0, 0, 0, 0), 30, step_mg=5, step_days=3), id="a titration"),
        pytest.param(request(WayDown.THREE_WEEKS, SIXTY, 0), id="a named length"),
        pytest.param(request(WayDown.OVER_DAYS, SIXTY, 0, days=28), id="over a number of days"),
        pytest.param(request(WayDown.BY_HAND, SIXTY, 0, by_hand=((FIRST, regimen(0, 0, 0, 0)),)), id="by hand"),
        pytest.param(WITH_A_STAY, id="a stay"),
        pytest.param(
            request(
                WayDown.EQUAL,
                SIXTY,
                0,
                chosen=WITH_LIQUID,
                phases=TWO_PACES,
                order=DoseOrder.DAY_FIRST,
                holds=(Hold(at_mcg=30_000, days=14),),
            ),
            id="two paces, a stay, daytime first",
        ),
    ],
)


def read_back(asked: PlanRequest, inputs: dict[str, Any]) -> PlanRequest | None:
    """Through the JSON that is stored."""
    kept = json.loads(json.dumps(inputs))
    return request_of(kept, kind=asked.kind, start=asked.start, target_mcg=asked.target_mcg, products=asked.products)


@each_request
def test_what_was_asked_for_is_read_back_as_it_was(asked: PlanRequest) -> None:
    assert read_back(asked, request_inputs(asked)) == asked


def test_the_template_is_named_and_not_read_back() -> None:
    asked = replace(TENS_TO_ZERO, origin=TemplateOrigin(id="1", version=2, name="Ward taper"))
    assert request_inputs(asked)["template"]["name"] == "Ward taper"
    assert read_back(asked, request_inputs(asked)) == TENS_TO_ZERO


@pytest.mark.parametrize(
    "inputs",
    [{}, {"way": "sideways", "first_step_on": "2026-11-16"}, {"way": "equal"}],
    ids=["nothing", "a way that is not known", "no first day"],
)
def test_where_no_request_was_kept_none_is_read_back(inputs: dict[str, Any]) -> None:
    assert read_back(TENS_TO_ZERO, inputs) is None


@each_request
def test_the_notes_of_a_plan_on_file_are_those_it_was_drawn_with(asked: PlanRequest) -> None:
    draft = drawn(asked)
    assert notes_again(draft.request, draft.planned, GUIDANCE) == draft.notes


def test_a_plan_that_was_changed_since_has_no_notes() -> None:
    draft = drawn(WITH_A_STAY)
    assert draft.notes
    a_day_later = [(day + timedelta(days=1), doses) for day, doses in draft.planned]
    to_five = [*draft.planned[:-1], (draft.ends_on, regimen(0, 0, 5, 0))]
    for steps in (a_day_later, draft.planned[1:], to_five, []):
        assert notes_again(draft.request, steps, GUIDANCE) == ()


def test_a_plan_that_can_no_longer_be_drawn_has_no_notes() -> None:
    draft = drawn(request(WayDown.WEEKLY_5MG, SIXTY, 0, chosen=TENS))
    asked = replace(draft.request, target_mcg=2_500, products=products("tablet-10"))
    assert notes_again(asked, draft.planned, GUIDANCE) == ()
