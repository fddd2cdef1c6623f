"""What no plan template may ask for, and how a template becomes a request."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.domain.plans import FIRST, GUIDANCE, TENS, drawn, regimen, table
from titration.domain.errors import AboveCeiling, DomainError, PlanImpossible
from titration.domain.planning import Phase, PlanKind, WayDown, WayUp
from titration.domain.planning.templates import PlanTemplate, check_template, request_from

FAST = Phase(until_mcg=30_000, way=WayDown.EQUAL, step_mcg=10_000, step_days=7)
SLOW = Phase(until_mcg=0, way=WayDown.EQUAL, step_mcg=5_000, step_days=14)
UP = Phase(until_mcg=30_000, way=WayUp.EQUAL, step_mcg=5_000, step_days=3)
LENGTH = Phase(until_mcg=0, way=WayDown.OVER_DAYS, days=21)
WARD = PlanTemplate(
    id="", version=1, name="Ward taper", kind=PlanKind.TAPER, phases=(FAST, SLOW), source="Ward protocol 2026"
)


def of(*phases: Phase, kind: PlanKind = PlanKind.TAPER) -> PlanTemplate:
    return replace(WARD, phases=phases, kind=kind)


@pytest.mark.parametrize(
    ("template", "error", "said"),
    [
        pytest.param(replace(WARD, name=" "), PlanImpossible, "template's name", id="without a name"),
        pytest.param(replace(WARD, source=""), PlanImpossible, "the source", id="without a source"),
        pytest.param(of(), PlanImpossible, "one pace or two", id="without a pace"),
        pytest.param(of(UP), PlanImpossible, "fits a taper", id="a taper that rises"),
        pytest.param(of(SLOW, kind=PlanKind.TITRATION), PlanImpossible, "fits a titration", id="a falling titration"),
        pytest.param(
            of(replace(UP, until_mcg=GUIDANCE.ceiling_mcg + 1_000), kind=PlanKind.TITRATION), AboveCeiling,
            "that no plan may pass", id="above the ceiling",
        ),
        pytest.param(of(replace(SLOW, step_days=None)), PlanImpossible, "1 or more", id="no days between two steps"),
        pytest.param(of(replace(SLOW, step_days=0)), PlanImpossible, "1 or more", id="0 days between them"),
        pytest.param(of(replace(SLOW, step_mcg=None)), PlanImpossible, "size of a step", id="equal steps of no size"),
        pytest.param(of(replace(SLOW, percent=Fraction(10))), PlanImpossible, "size of a step", id="steps and a share"),
        pytest.param(of(replace(LENGTH, days=None)), PlanImpossible, "over how many days", id="a length of no days"),
        pytest.param(of(replace(LENGTH, days=0)), PlanImpossible, "1 or more", id="a length of 0 days"),
        pytest.param(of(replace(LENGTH, step_days=7)), PlanImpossible, "one pace", id="a length and a pace"),
        pytest.param(of(replace(LENGTH, step_mcg=5_000)), PlanImpossible, "one pace", id="a length and a size"),
        pytest.param(of(replace(SLOW, days=21)), PlanImpossible, "Write either", id="a pace and a length"),
        pytest.param(of(FAST, LENGTH), PlanImpossible, "one pace", id="a length as a second pace"),
        pytest.param(
            of(replace(LENGTH, until_mcg=30_000), kind=PlanKind.TITRATION), PlanImpossible, "fits a titration",
            id="a titration over a length",
        ),
        pytest.param(of(FAST, replace(SLOW, until_mcg=35_000)), PlanImpossible, "not below", id="a second pace up"),
    ],
)  # fmt: skip
def test_refuses_a_template_that_no_plan_could_follow(
    template: PlanTemplate, error: type[DomainError], said: str
) -> None:
    with pytest.raises(error, match=said):
        check_template(template, TENS, GUIDANCE)


@pytest.mark.parametrize(
    "template",
    [WARD, of(SLOW), of(UP, kind=PlanKind.TITRATION), of(replace(SLOW, step_days=1)), of(LENGTH)],
    ids=["two paces", "one", "up", "every day", "over 21 days"],
)
def test_keeps_a_template_that_can_be_drawn(template: PlanTemplate) -> None:
    check_template(template, (), GUIDANCE)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (WARD, [(1, 40), (8, 30), (22, 25), (36, 20), (50, 15), (64, 10), (78, 5), (92, 0)]),
        (of(replace(FAST, until_mcg=0)), [(1, 40), (8, 30), (15, 20), (22, 10), (29, 0)]),
        (of(replace(LENGTH, days=9)), [(1, 40), (2, 35), (3, 30), (4, 25), (5, 20), (6, 15), (7, 10), (8, 5), (9, 0)]),
        (of(LENGTH), [(1, 45), (3, 40), (5, 35), (7, 30), (9, 25), (12, 20), (14, 15), (16, 10), (18, 5), (21, 0)]),
    ],
    ids=["two paces", "one", "over 9 days", "over 21 days"],
)
def test_a_template_is_drawn_from_the_present_dose(template: PlanTemplate, expected: list[tuple[int, float]]) -> None:
    assert table(drawn(request_from(template, regimen(20, 10, 20, 0), FIRST, TENS))) == expected


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (WARD, "10 mg every 7 days to 30 mg/day, then 5 mg every 14 days to 0 mg/day"),
        (of(LENGTH), "over 21 days to 0 mg/day"),
        (of(replace(LENGTH, days=1)), "over 1 day to 0 mg/day"),
    ],
)
def test_says_its_pace_or_its_length(template: PlanTemplate, words: str) -> None:
    assert template.words.replace("\u00a0", " ") == words
