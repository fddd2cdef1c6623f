"""Reports read from ticks and choices; only listed codes pass."""

from typing import Any
from uuid import uuid4

import pytest

from tests.factories import NOW
from titration.domain.vocabulary import ADVERSE_EFFECTS, SEDATION_GRADES, WITHDRAWAL_SIGNS
from titration.forms.reports import SIGN_GROUPS, EffectsForm, ScoresForm, SedationForm, SignsForm

AT = {"at": "2026-11-13 08:30"}
SINCE = {"onset_on": "2026-11-12"}


def typed(**values: Any) -> dict[str, Any]:
    return {"key": uuid4(), **values}


@pytest.mark.parametrize("grade", SEDATION_GRADES)
def test_reads_every_grade(grade: int) -> None:
    form = SedationForm(
        now=NOW, data=typed(grade=str(grade), source="carer", falls="yes", driving_affected="unknown", **AT)
    )
    assert form.is_valid(), form.errors
    assert (form.draft.grade, form.draft.falls, form.draft.driving_affected) == (grade, True, None)


@pytest.mark.parametrize("grade", ["", "5", "-1", "x"])
def test_refuses_a_grade_that_is_not_on_the_scale(grade: str) -> None:
    assert "grade" in SedationForm(now=NOW, data=typed(grade=grade, source="carer", **AT)).errors


def test_several_effects_in_one_report() -> None:
    form = EffectsForm(now=NOW, data=typed(codes=["drowsiness", "nausea"], severity="mild", **SINCE))
    assert form.is_valid(), form.errors
    assert form.draft.codes == ("drowsiness", "nausea")


def test_another_effect_needs_its_words_and_words_need_their_tick() -> None:
    assert "other_text" in EffectsForm(now=NOW, data=typed(codes=["other"], severity="mild", **SINCE)).errors
    assert (
        "codes"
        in EffectsForm(now=NOW, data=typed(codes=["nausea"], other_text="hiccups", severity="mild", **SINCE)).errors
    )


def test_every_withdrawal_sign_stands_in_one_group() -> None:
    grouped = [code for signs in SIGN_GROUPS.values() for code, _ in signs]
    assert sorted(grouped) == sorted(WITHDRAWAL_SIGNS)


def test_a_sign_has_the_severity_of_its_list() -> None:
    form = SignsForm(now=NOW, data=typed(codes=["insomnia", "seizure"], **SINCE))
    assert form.is_valid(), form.errors
    assert form.draft.severities == {"insomnia": "mild", "seizure": "severe"}


def test_an_effect_is_no_sign_and_a_sign_no_effect() -> None:
    assert "codes" in SignsForm(now=NOW, data=typed(codes=["constipation"], **SINCE)).errors
    assert "seizure" not in ADVERSE_EFFECTS
    assert "codes" in EffectsForm(now=NOW, data=typed(codes=["seizure"], severity="mild", **SINCE)).errors


def test_any_subset_of_scores_but_not_none() -> None:
    form = ScoresForm(now=NOW, data=typed(pain="4", ashworth="1+", **AT))
    assert form.is_valid(), form.errors
    assert form.draft.values == {"pain": "4", "ashworth": "1+"}
    assert "spasticity" in ScoresForm(now=NOW, data=typed(**AT)).errors


@pytest.mark.parametrize(("scale", "value"), [("pain", "11"), ("penn", "5"), ("ashworth", "1-"), ("spasticity", "7.5")])
def test_refuses_a_score_beyond_its_scale(scale: str, value: str) -> None:
    assert scale in ScoresForm(now=NOW, data=typed(**{scale: value}, **AT)).errors


@pytest.mark.parametrize("grade", SEDATION_GRADES)
def test_who_says_so_is_chosen_from_grade_3_on(grade: int) -> None:
    form = SedationForm(now=NOW, data=typed(grade=str(grade), source="", **AT))
    assert ("source" in form.errors) is (grade >= 3)
    assert grade >= 3 or form.draft.source == "patient"


def test_fevers_say_their_degrees() -> None:
    assert WITHDRAWAL_SIGNS["low_fever"] == "Low fever (under 38.5 degrees)"
    assert WITHDRAWAL_SIGNS["high_fever"] == "High fever (38.5 degrees or more)"
