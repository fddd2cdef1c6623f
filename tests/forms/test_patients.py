"""A new patient as typed; unknown stays unknown."""

from typing import Any
from uuid import uuid4

import pytest

from titration.forms.patients import NO_DOSES, PatientForm

USUAL = {
    "family_name": "Ashdown",
    "given_name": "Margaret",
    "birth_date": "1968-03-12",
    "identifier": "SP-0417",
    "sex": "female",
    "indication": "ms_spinal_spasticity",
    "intrathecal_pump": "unknown",
    "morning": "20",
    "midday": "20",
    "evening": "20",
    "bedtime": "0",
}


def form_of(**typed: Any) -> PatientForm:
    return PatientForm({"key": uuid4(), **USUAL, **typed})


def test_what_is_left_empty_is_not_known() -> None:
    form = form_of()
    assert form.is_valid(), form.errors
    details = form.details
    assert (details.weight_g, details.exposure_months, details.intrathecal_pump) == (None, None, None)
    assert form.regimen.daily_mcg == 60_000


def test_weight_is_read_in_tenths_of_a_kilogram() -> None:
    form = form_of(weight_kg="72.5", exposure_months="6", intrathecal_pump="no")
    assert form.is_valid(), form.errors
    assert (form.details.weight_g, form.details.exposure_months, form.details.intrathecal_pump) == (72_500, 6, False)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("weight_kg", "7e1"),
        ("weight_kg", "72,5"),
        ("weight_kg", "\uff17\uff12"),
        ("exposure_months", "1_0"),
        ("exposure_months", "-1"),
        ("exposure_months", "6.5"),
        ("birth_date", "12/03/1968"),
        ("indication", "insomnia"),
        ("morning", "1,5"),
        ("family_name", ""),
        ("family_name", "x" * 81),
        ("identifier", "a\x00b"),
        ("conditions", ["bad_luck"]),
    ],
)
def test_refuses_what_would_have_to_be_guessed(field: str, text: Any) -> None:
    assert field in form_of(**{field: text}).errors


@pytest.mark.parametrize(
    ("months", "is_asked", "known"),
    [("", True, None), ("unknown", False, None), ("0", False, 0), ("6", False, 6)],
)
def test_asks_whether_someone_who_takes_nothing_was_ever_treated(
    months: str, is_asked: bool, known: int | None
) -> None:
    form = form_of(morning="0", midday="0", evening="0", exposure_months=months)
    assert ("exposure_months" in form.errors) is is_asked
    assert is_asked or form.details.exposure_months == known


def test_four_empty_doses_are_one_error_and_come_after_the_name() -> None:
    form = form_of(family_name="", morning="", midday=" ", evening="", bedtime="")
    assert [field.name for field in form.visible_fields() if field.errors] == ["family_name", "morning"]
    assert form.errors["morning"] == [NO_DOSES]


def test_one_empty_dose_is_named_at_its_field() -> None:
    assert list(form_of(midday="").errors) == ["midday"]
