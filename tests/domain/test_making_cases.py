"""E1 at its boundaries: the table that the page about the rule shows, answered by the recipes themselves."""

import pytest

from titration.domain.errors import AboveCeiling, DomainError, NotMakeable
from titration.domain.guidance import load_guidance
from titration.domain.making_cases import MAKING, MakingCase, load_making_cases
from titration.domain.products import recipe

CASES = load_making_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_answers_at_the_boundary(case: MakingCase) -> None:
    assert (case.answer == "refused") is case.is_refused


def test_the_table_shows_what_is_refused_and_what_is_made() -> None:
    assert {case.is_refused for case in CASES} == {True, False}
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("name", "words", "answer"),
    [
        (
            "half a tablet that may be halved",
            "15 mg from 10 mg tablet, can be halved.",
            "made: one and a half 10 mg tablets",
        ),
        ("no product chosen", "10 mg from no product.", "refused"),
        (
            "rounded to the syringe, error 4.8 %",
            "2.1 mg from Oral suspension 25 mg/5 mL.",
            "made: 0.4 mL of oral suspension 25 mg/5 mL (2 mg)",
        ),
    ],
)
def test_reads_as_a_pharmacist_would_say_it(name: str, words: str, answer: str) -> None:
    case = next(case for case in CASES if case.name == name)
    assert (case.words.replace("\u00a0", " "), case.answer.replace("\u00a0", " ")) == (words, answer)


def test_what_is_made_is_within_the_largest_error() -> None:
    most = load_guidance().amount("e1_dose_error")
    made = [recipe(case.dose_mcg, case.products) for case in CASES if not case.is_refused]
    assert all(abs(each.made_mcg - each.dose_mcg) <= each.dose_mcg * most for each in made)
    assert any(each.is_rounded for each in made)


def test_a_refusal_names_the_rule_whose_page_explains_it() -> None:
    assert (NotMakeable.rule, AboveCeiling.rule, DomainError.rule) == (MAKING, "T3", "")
