"""The terms of withdrawal: level, previous level, peak, maintenance, exposure, terminal."""

from fractions import Fraction

import pytest

from tests.domain.courses import FIRST, GUIDANCE, LONG, Run, totals
from titration.domain.history import DoseHistory
from titration.domain.terms import Terms

DAY = FIRST.toordinal()


def terms(*runs: Run, months: Fraction | None = LONG) -> Terms:
    return Terms(DoseHistory.from_daily(totals(*runs)), months, GUIDANCE)


def test_one_isolated_high_day_is_no_level() -> None:
    assert terms((60, 5), (300, 1), (60, 3)).level(DAY + 5) == 60_000


def test_level_is_the_dose_where_nothing_is_known_before() -> None:
    assert terms((60, 1)).level(DAY) == 60_000


def test_level_of_an_unknown_day_is_unknown() -> None:
    assert terms((60, 3), (None, 1), (60, 1)).level(DAY + 3) is None


@pytest.mark.parametrize(
    ("gap", "previous"),
    [(0, 60_000), (1, 60_000), (2, 60_000), (3, None)],
    ids=["yesterday", "2 days", "3 days", "4 days"],
)
def test_previous_level_is_the_last_known_of_three_days(gap: int, previous: int | None) -> None:
    assert terms((60, 5), (None, gap), (0, 1)).previous(DAY + 5 + gap) == previous


def test_peak_is_the_highest_of_three_days() -> None:
    assert terms((60, 10), (20, 2), (0, 1)).peak(DAY + 12) == 60_000


def test_peak_is_the_previous_level_after_small_even_steps() -> None:
    assert terms((20, 10), (15, 1), (10, 1), (5, 1), (0, 1)).peak(DAY + 13) == 5_000


def test_an_unknown_day_hides_no_large_step() -> None:
    assert terms((60, 10), (None, 1), (5, 1), (0, 1)).peak(DAY + 12) == 60_000


@pytest.mark.parametrize(
    ("runs", "usual"),
    [
        (((60, 28),), Fraction(60_000)),
        (((60, 7), (30, 21)), Fraction(60_000)),
        (((60, 2),), None),
        (((60, 3),), Fraction(60_000)),
        (((60, 1), (None, 1), (60, 1), (None, 1), (60, 1)), None),
        (((60, 1), (0, 1)) * 5, None),
        (((60, 3), (0, 25)), Fraction(180_000, 7)),
        (((60, 3), (0, 40)), None),
    ],
    ids=[
        "steady",
        "highest week",
        "two days",
        "three days",
        "no run",
        "alternate days",
        "mean with zeros",
        "too long ago",
    ],
)
def test_maintenance(runs: tuple[Run, ...], usual: Fraction | None) -> None:
    days = sum(length for _, length in runs)
    assert terms(*runs).maintenance(DAY + days) == usual


@pytest.mark.parametrize(
    ("months", "day", "long", "short"),
    [
        (Fraction(2), 0, True, False),
        (Fraction(199, 100), 0, False, False),
        (None, 0, True, False),
        (Fraction(0), 13, False, True),
        (Fraction(0), 14, False, False),
        (Fraction(0), 60, False, False),
        (Fraction(0), 61, True, False),
    ],
    ids=["2 months", "just below", "unknown", "13 days", "14 days", "60 days", "61 days"],
)
def test_exposure_counts_as_long_or_short(months: Fraction | None, day: int, long: bool, short: bool) -> None:
    subject = terms((60, 90), months=months)
    assert (subject.is_long(DAY + day), subject.is_short(DAY + day)) == (long, short)


@pytest.mark.parametrize(("zero_days", "exposure"), [(13, 360), (14, 5)], ids=["13 days at zero", "14 days at zero"])
def test_exposure_starts_again_after_two_weeks_at_zero(zero_days: int, exposure: int) -> None:
    subject = terms((60, 10), (0, zero_days), (30, 10), months=Fraction(0))
    expected = 10 + zero_days + 5 if zero_days == 13 else exposure
    assert subject.exposure_days(DAY + 10 + zero_days + 5) == expected


def test_unknown_exposure_is_known_after_two_weeks_at_zero() -> None:
    assert terms((60, 10), (0, 14), months=None).exposure_days(DAY + 23) == 0


def test_days_before_the_first_dose_are_no_exposure() -> None:
    assert terms((0, 10), (15, 5), months=Fraction(0)).exposure_days(DAY + 12) == 2


@pytest.mark.parametrize(
    ("mcg", "usual", "terminal"),
    [(10_000, 60_000, True), (10_100, 60_000, False), (12_000, 120_000, True), (12_100, 120_000, False)],
    ids=["10 mg", "above 10 mg", "a tenth", "above a tenth"],
)
def test_a_small_dose_is_terminal(mcg: int, usual: int, terminal: bool) -> None:
    assert terms().is_terminal(mcg, Fraction(usual)) is terminal


def test_without_a_known_day_before_there_is_no_peak() -> None:
    terms = Terms(DoseHistory(), None, GUIDANCE)
    assert terms.peak(FIRST.toordinal()) is None


@pytest.mark.parametrize(
    ("runs", "day"),
    [(((60, 2), (0, 26)), 28), (((60, 2), (0, 1)) * 5, 15)],
    ids=["two days at the start of the window", "two of three days"],
)
def test_two_days_in_a_row_are_no_maintenance_dose(runs: tuple[Run, ...], day: int) -> None:
    assert terms(*runs).maintenance(DAY + day) is None


def test_exposure_ends_on_the_14th_day_at_zero_and_not_before() -> None:
    subject = terms((60, 10), (0, 20), months=Fraction(0))
    assert [subject.exposure_days(DAY + day) for day in (22, 23)] == [22, 0]


def test_with_nothing_on_file_exposure_is_what_was_told() -> None:
    assert terms(months=Fraction(2)).exposure_days(DAY) == Fraction(60875, 1000)
