"""Doses are read strictly and shown by one rule."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from titration.domain.days import show_weekday
from titration.domain.errors import NotADose
from titration.domain.units import (
    NO_BREAK_SPACE,
    RESOLUTION_MCG,
    format_mg,
    parse_mg,
    show_mg,
    show_mg_per_day,
    show_percent,
)


@pytest.mark.parametrize(
    ("text", "mcg"),
    [
        ("0", 0),
        ("0.1", 100),
        ("0.5", 500),
        ("2.5", 2500),
        ("10", 10_000),
        ("10.0", 10_000),
        ("200", 200_000),
        (" 60 ", 60_000),
    ],
)
def test_reads_a_dose(text: str, mcg: int) -> None:
    assert parse_mg(text) == mcg


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".5",
        "5.",
        "1,5",
        "1.500",
        "2.55",
        "5mg",
        "5 mg",
        "-0",
        "-5",
        "+5",
        "1_0",
        "1e2",
        "1e400",
        "NaN",
        "Infinity",
        "٥",
        "５",
        "007",
        "10000",
        "1 0",
        "0x10",
        "5\n",
        "\t5",
    ],
)
def test_refuses_what_would_have_to_be_guessed(text: str) -> None:
    with pytest.raises(NotADose) as refusal:
        parse_mg(text)
    assert refusal.value.sentence.startswith("Write")


@pytest.mark.parametrize(
    ("text", "hint"), [(".5", "0.5"), ("1,5", "not a comma"), ("", "0 for none"), ("5mg", "one decimal")]
)
def test_refusal_says_what_to_write_instead(text: str, hint: str) -> None:
    with pytest.raises(NotADose, match=hint):
        parse_mg(text)


@given(st.integers(min_value=0, max_value=99_999).map(lambda tenths: tenths * RESOLUTION_MCG))
def test_what_is_shown_reads_back_the_same(mcg: int) -> None:
    assert parse_mg(format_mg(mcg)) == mcg


@given(st.integers(min_value=0, max_value=99_999).map(lambda tenths: tenths * RESOLUTION_MCG))
def test_shows_a_leading_zero_and_no_trailing_one(mcg: int) -> None:
    shown = format_mg(mcg)
    assert not shown.startswith(".")
    assert "." not in shown or not shown.endswith(("0", "."))


def test_ten_tenths_are_exactly_one() -> None:
    assert format_mg(sum([parse_mg("0.1")] * 10)) == "1"


def test_unit_follows_a_space_that_never_breaks() -> None:
    assert show_mg(2500) == "2.5\u00a0mg"
    assert show_mg_per_day(60_000) == "60\u00a0mg/day"


def test_a_weekday_stands_before_its_day() -> None:
    assert show_weekday(date(2026, 11, 13)) == f"Fri{NO_BREAK_SPACE}13{NO_BREAK_SPACE}Nov"


@given(st.fractions(min_value=0, max_value=300))
def test_a_percentage_looks_whole_only_where_it_is(percent: Fraction) -> None:
    shown = show_percent(percent).removesuffix("\u00a0%")
    assert ("." in shown) == (percent.denominator != 1)
