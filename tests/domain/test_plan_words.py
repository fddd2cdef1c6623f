"""Two plans side by side, one change, an amount and a template's name: in words, also where there is nothing to say."""

from fractions import Fraction
from typing import Any

import pytest

from tests.domain.plans import SIXTY, ZERO, drawn, request
from titration.domain.planning import WayDown, WayUp, origin_words, summarise
from titration.domain.planning.compare_words import Measured, difference_words, steepest_words
from titration.domain.planning.request import PlanRequest
from titration.domain.planning.words import amount_words, change_words, percent_words
from titration.domain.products import PRODUCTS
from titration.domain.units import NO_BREAK_SPACE

TENS_TO_ZERO = request(WayDown.EQUAL, SIXTY, 0, step_mg=10, step_days=7)
FIVES_TO_THIRTY = request(WayDown.EQUAL, SIXTY, 30, step_mg=5, step_days=7)
UP_TO_THIRTY = request(WayUp.EQUAL, ZERO, 30, step_mg=5, step_days=7)


def plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ")


def measured(asked: PlanRequest, name: str = "") -> Measured:
    return Measured(name=name, summary=summarise(drawn(asked)), findings=())


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        pytest.param(TENS_TO_ZERO, "10 mg (100 %) on 21 Dec 2026", id="the largest share"),
        pytest.param(FIVES_TO_THIRTY, "5 mg", id="the smallest steps have no share"),
        pytest.param(UP_TO_THIRTY, "no fall", id="a titration"),
    ],
)
def test_the_steepest_fall_of_a_plan(asked: PlanRequest, words: str) -> None:
    assert plain(steepest_words(summarise(drawn(asked)))) == words


def test_two_plans_of_one_length_are_told_apart_by_where_they_end() -> None:
    """7 × (5.5 + 5 + 4.5 + 4 + 3.5 + 3) tablets are 179, 7 × (5 + 4 + 3 + 2 + 1) are 105."""
    words = difference_words(measured(TENS_TO_ZERO), measured(FIVES_TO_THIRTY, "The other"))
    assert [plain(line) for line in words] == [
        "It ends at 30 mg/day instead of 0 mg/day.",
        "Its steepest fall is 5 mg, instead of 10 mg (100 %) on 21 Dec 2026.",
        "To dispense: 74 tablets of 10 mg more.",
    ]


def test_the_same_plan_twice_says_that_nothing_differs() -> None:
    words = difference_words(measured(TENS_TO_ZERO), measured(TENS_TO_ZERO))
    assert words == ("Both are the same in everything that is measured here.",)


@pytest.mark.parametrize(
    ("before_mg", "after_mg", "change", "percent"),
    [(60, 50, "−10 mg", "−16.7 %"), (50, 60, "+10 mg", "+20 %"), (50, 50, "0 mg", "0 %"), (0, 15, "+15 mg", "")],
    ids=["a fall", "a rise", "no change", "from nothing, of which there is no share"],
)
def test_a_change_is_signed_and_has_a_share_of_the_dose_before(
    before_mg: int, after_mg: int, change: str, percent: str
) -> None:
    before_mcg, after_mcg = before_mg * 1000, after_mg * 1000
    assert plain(change_words(before_mcg, after_mcg)) == change
    assert plain(percent_words(before_mcg, after_mcg)) == percent


@pytest.mark.parametrize(
    ("code", "amount", "words"),
    [
        ("tablet-10-halves", Fraction(14), "14 tablets of 10 mg"),
        ("tablet-10-halves", Fraction(29, 2), "15 tablets of 10 mg (14.5 are used)"),
        ("granules-5", Fraction(3), "3 packets of granules of 5 mg"),
        ("liquid-5-in-5", Fraction(15, 2), "7.5 mL of oral solution 5 mg/5 mL"),
    ],
)
def test_tablets_are_dispensed_whole_and_a_liquid_as_its_volume(code: str, amount: Fraction, words: str) -> None:
    assert plain(amount_words(PRODUCTS[code], amount)) == words


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, ""),
        ({"template": {"name": "Ward taper", "version": 2}}, "From the template “Ward taper”, version 2"),
        (
            {"template": {"name": "Ward taper", "version": 2, "changed": True}},
            "From the template “Ward taper”, version 2, with its inputs changed",
        ),
    ],
    ids=["from none", "as it is", "changed"],
)
def test_a_plan_names_the_template_that_it_came_from(inputs: dict[str, Any], words: str) -> None:
    assert origin_words(inputs) == words
