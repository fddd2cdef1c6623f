"""Letters and words: every code of the vocabulary has its own, unknown codes are never left out."""

import pytest

from titration.charts.words import LETTERS, STEP_BACK_REASONS, letters_for, lowered_words, symptom_words
from titration.domain.vocabulary import ADVERSE_EFFECTS, DOSE_REASONS, WITHDRAWAL_SIGNS


def test_every_effect_and_sign_has_letters_of_its_own() -> None:
    codes = {*ADVERSE_EFFECTS, *WITHDRAWAL_SIGNS}
    assert codes - set(LETTERS) == set()
    letters = letters_for(codes)
    assert len(set(letters.values())) == len(codes)
    assert all(1 <= len(letter) <= 2 for letter in letters.values())


def test_codes_without_a_row_get_letters_of_their_name() -> None:
    assert letters_for(["hiccups", "dizziness", "vertigo", "vomiting"]) == {
        "dizziness": "D",
        "hiccups": "Hi",
        "vertigo": "V",
        "vomiting": "Vo",
    }


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("sedation", "back: sedation"),
        ("adverse_effect", "back: side effects"),
        ("kidney", "kidney function"),
        ("taper", ""),
        ("titration", ""),
        ("new_reason", "new reason"),
    ],
)
def test_a_lowered_dose_says_why_where_the_picture_does_not(reason: str, words: str) -> None:
    assert lowered_words(reason) == words


def test_step_back_reasons_are_reasons_of_the_vocabulary() -> None:
    assert set(STEP_BACK_REASONS) <= set(DOSE_REASONS)


def test_symptoms_have_the_words_of_their_list() -> None:
    assert symptom_words("hypotension") == "low blood pressure"
    assert symptom_words("something_new") == "something new"
