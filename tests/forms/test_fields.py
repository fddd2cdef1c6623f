"""What a dose, a date and a time may look like on their way in: what would have to be guessed is refused."""

import importlib
import pkgutil
import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

import titration.forms
from titration.forms.fields import (
    DayInWordsField,
    DoseField,
    IsoDateField,
    KeyedForm,
    LocalDateTimeField,
    NoteField,
    WholeNumberField,
)


@pytest.mark.parametrize(
    ("text", "mcg"),
    [("0", 0), ("0.1", 100), ("2.5", 2500), ("10", 10_000), (" 20 ", 20_000), ("200", 200_000), ("200.1", 200_100)],
)
def test_reads_a_dose_in_tenths_of_a_milligram(text: str, mcg: int) -> None:
    assert DoseField().clean(text) == mcg


@pytest.mark.parametrize(
    "text",
    [
        "", "NaN", "Infinity", "1e400", "1_0", "1,5", "1.500", "2.55", "5mg", "-5", "-0", "+5", "\uff15", ".5", "5.",
        "05", "1e2", "0x10", "10 10", "\u0661", "99999",
    ],
)  # fmt: skip
def test_refuses_a_dose_that_would_have_to_be_guessed(text: str) -> None:
    with pytest.raises(ValidationError):
        DoseField().clean(text)


def test_an_optional_dose_may_be_left_empty() -> None:
    assert DoseField(required=False).clean("") is None


def test_a_dose_is_shown_without_a_trailing_zero() -> None:
    assert [DoseField().prepare_value(mcg) for mcg in (0, 2500, 10_000)] == ["0", "2.5", "10"]


def test_reads_a_date_written_year_first() -> None:
    assert IsoDateField().clean(" 2026-11-13 ") == date(2026, 11, 13)


@pytest.mark.parametrize(
    "text",
    [
        "02/03/2026", "3.2.2026", "13 Nov 2026", "2026-2-3", "20261113", "2026-02-30", "2026-13-01", "0001-01-01",
        "9999-12-31", "1899-12-31", "2200-01-01", "\uff12\uff10\uff12\uff16-11-13", "2026-W46-5", "now", "",
    ],
)  # fmt: skip
def test_refuses_a_date_that_would_have_to_be_guessed(text: str) -> None:
    with pytest.raises(ValidationError):
        IsoDateField().clean(text)


@pytest.mark.parametrize("text", ["2026-07-13 08:30", "2026-07-13T08:30", "2026-07-13T08:30:00"])
def test_reads_a_time_on_the_wall_clock_of_the_clinic(text: str) -> None:
    with timezone.override(ZoneInfo("Europe/London")):
        assert LocalDateTimeField().clean(text) == datetime(2026, 7, 13, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-03-29 01:30", "2026-07-13", "13/07/2026 08:30", "2026-07-13 24:00", "2026-07-13 8:30"]
)
def test_refuses_a_time_that_never_was_or_is_not_written_in_full(text: str) -> None:
    with timezone.override(ZoneInfo("Europe/London")), pytest.raises(ValidationError):
        LocalDateTimeField().clean(text)


def test_the_hour_that_comes_twice_is_read_as_its_first() -> None:
    with timezone.override(ZoneInfo("Europe/London")):
        assert LocalDateTimeField().clean("2026-10-25 01:30").astimezone(UTC).hour == 0


@pytest.mark.parametrize("text", ["a\x00b", "x" * 2001])
def test_refuses_a_note_that_a_database_would_refuse(text: str) -> None:
    with pytest.raises(ValidationError):
        NoteField().clean(text)


def test_every_form_that_writes_carries_its_own_key() -> None:
    first, second = KeyedForm(), KeyedForm()
    assert first["key"].value() != second["key"].value()


@pytest.mark.parametrize("key", ["", "7", "x" * 36])
def test_a_form_without_its_key_asks_to_be_loaded_again(key: str) -> None:
    form = KeyedForm({"key": key})
    assert form.errors["key"] == ["Reload the page and fill it in again."]


def test_what_was_typed_stays_in_a_refused_form() -> None:
    class One(forms.Form):
        dose: Any = DoseField()
        day: Any = IsoDateField()

    form = One({"dose": "1,5", "day": "02/03/2026"})
    assert not form.is_valid()
    assert 'value="1,5"' in str(form["dose"])
    assert 'value="02/03/2026"' in str(form["day"])


@pytest.mark.parametrize(
    "text", ["2026-11-30", "Mon 30 Nov 2026", "30 Nov 2026", "mon 30 nov 2026", "Mon, 30 Nov 2026", " 30  Nov 2026 "]
)
def test_a_day_is_typed_in_words_or_year_first(text: str) -> None:
    assert DayInWordsField().clean(text) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Tue 30 Nov 2026", "That day is a Monday. Check day, month and year."),
        ("31 Nov 2026", "There is no such day"),
        ("30 Now 2026", "year-month-day"),
        ("30.11.2026", "year-month-day"),
        ("30/11/2026", "year-month-day"),
        ("30 Nov 26", "year-month-day"),
        ("", "Fill this in."),
    ],
)
def test_a_day_that_can_be_read_in_two_ways_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        DayInWordsField().clean(text)


def test_a_day_is_shown_as_it_is_read_and_read_as_it_is_shown() -> None:
    for ordinal in range(date(2026, 1, 1).toordinal(), date(2029, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert DayInWordsField().clean(DayInWordsField().prepare_value(day)) == day


def fields_of_every_form() -> list[tuple[str, forms.Field]]:
    for module in pkgutil.iter_modules(titration.forms.__path__, "titration.forms."):
        importlib.import_module(module.name)
    kinds, found = [forms.Form], []
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        found += [(f"{kind.__name__}.{name}", field) for name, field in getattr(kind, "base_fields", {}).items()]
    return [(name, field) for name, field in found if not field.widget.is_hidden]


AMOUNTS = r"mg|dose|step\b|days|total|target|strength|volume|weight|months|percent|quantity|egfr|morning|bedtime|daily"
NO_AMOUNTS = {"DateField", "IsoDateField", "DayInWordsField", "ChoiceField", "MultipleChoiceField", "NoteField"}


def test_every_number_that_is_typed_replaces_what_stands_there() -> None:
    """By its name: a dose or an amount in a box of its own is marked for it; a time of day shows how it is written."""
    fields = [each for each in fields_of_every_form() if type(each[1]).__name__ not in NO_AMOUNTS]
    amounts = {name: field for name, field in fields if re.search(AMOUNTS, name.split(".")[1])}
    assert {name.split(".")[1] for name in amounts} >= {"morning", "target", "step", "quantity", "egfr", "weight_kg"}
    unmarked = [name for name, field in amounts.items() if not {"data-amount", "placeholder"} & set(field.widget.attrs)]
    assert unmarked == []


@pytest.mark.parametrize("field", [DoseField(widget=forms.TextInput()), WholeNumberField(least=0, most=9)])
def test_a_number_brings_its_mark_to_whatever_box(field: forms.Field) -> None:
    assert field.widget.attrs["data-amount"] is True


def test_a_number_in_a_hidden_field_has_no_mark() -> None:
    assert "data-amount" not in WholeNumberField(least=0, most=9, widget=forms.HiddenInput).widget.attrs
