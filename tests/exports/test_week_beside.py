"""What the paper of the week says is taken now: confirmed, by the plan alone, something else, or not known."""

import pytest

from titration.domain.beside_a_step import BesideStep
from titration.exports.language import language_of
from titration.exports.week import beside_values


@pytest.mark.parametrize(
    ("language", "beside", "words"),
    [
        ("en", BesideStep(taken_mcg=45_000, prescribed_mcg=45_000), "Taken now: 45 mg"),
        (
            "en",
            BesideStep(taken_mcg=45_000, prescribed_mcg=45_000, is_unconfirmed=True),
            "Taken now: 45 mg, as planned, unconfirmed",
        ),
        (
            "de",
            BesideStep(taken_mcg=45_000, prescribed_mcg=45_000, is_unconfirmed=True),
            "Jetzt genommen: 45 mg, wie geplant, unbestätigt",
        ),
        ("en", BesideStep(taken_mcg=None, prescribed_mcg=None), "Taken now: not known"),
        ("en", BesideStep(taken_mcg=0, prescribed_mcg=45_000), "Taken now: 0 mg, not the prescribed 45 mg"),
    ],
)
def test_what_is_taken_now(language: str, beside: BesideStep, words: str) -> None:
    assert str(beside_values(language_of(language), beside)["taken"]).replace("\u00a0", " ") == words
