"""The first day without enough tablets: exact, across strengths, by what was taken and what is prescribed."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.domain.test_banner import AT, RAN_OUT, RECORD, REGIMEN, TODAY
from titration.domain.case import case_from
from titration.domain.fact_words import dispensed_words, end_words, supply_line
from titration.domain.record import DispensingEntry, EntryStatus, IntakeEntry, IntakeKind, PatientRecord
from titration.domain.regimen import Regimen
from titration.domain.supply import Supply, supply_of

TEN, FIVE, LIQUID = "tablet-10-halves", "tablet-5", "liquid-5-in-5"


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def box(quantity: int | Fraction, on: int = 0, product: str = TEN) -> DispensingEntry:
    return DispensingEntry(
        id=f"{product}{on}", recorded_at=AT, recorded_by="", on=day(on), product=product, quantity=Fraction(quantity)
    )


def holding(*boxes: DispensingEntry, **parts: object) -> PatientRecord:
    return replace(RECORD, dispensings=boxes, **parts)


def report(kind: IntakeKind, first: int, last: int | None = None, mg: int | None = None) -> IntakeEntry:
    ends_on = None if last is None else day(last)
    daily_mcg = None if mg is None else mg * 1000
    return replace(RAN_OUT, kind=kind, starts_on=day(first), ends_on=ends_on, daily_mcg=daily_mcg)


def ends(record: PatientRecord, as_of: int = 0) -> int | None:
    """Days from today to the first one without enough."""
    empty_on = supply_of(record, day(as_of)).empty_on
    return None if empty_on is None else (empty_on - TODAY).days


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ([], None),
        ([box(5)], 0),
        ([box(6)], 1),
        ([box(168, on=-29)], -1),
        ([box(168, on=-28)], 0),
        ([box(11)], 1),
        ([box(12)], 2),
        ([box(6), box(12, product=FIVE)], 2),
        ([box(60, on=-20), box(6, on=-10)], -9),
        ([box(90, on=-20), box(30, on=-10)], 0),
        ([box(6, on=-20), box(60, on=-10)], 0),
        ([box(10_000)], 1666),
    ],
    ids=[
        *(
            "nothing on file",
            "less than a day's dose",
            "one day",
            "28 days",
            "28 days, later",
            "part of a day is no day",
        ),
        *("two days", "across strengths", "what is left goes on", "left over from before", "a gap is no debt", "years"),
    ],
)
def test_the_first_day_without(boxes: list[DispensingEntry], expected: int | None) -> None:
    assert ends(holding(*boxes)) == expected


def test_a_liquid_counts_by_its_strength() -> None:
    assert ends(holding(box(Fraction(120), product=LIQUID))) == 2
    assert ends(holding(box(Fraction(1199, 10), product=LIQUID))) == 1


def test_an_entry_in_error_was_never_dispensed() -> None:
    assert ends(holding(replace(box(60), status=EntryStatus.ENTERED_IN_ERROR))) is None


def test_a_product_that_is_no_longer_known_makes_the_supply_unknown() -> None:
    assert ends(holding(box(60, product="tablet-gone"), box(60))) is None


def test_missed_doses_are_left_over_and_doubled_ones_are_missing() -> None:
    missed = holding(box(60, on=-5), intakes=(report(IntakeKind.DAILY_TOTAL, -4, -4, mg=0),))
    assert ends(missed) == 6
    doubled = holding(box(60, on=-5), intakes=(report(IntakeKind.DAILY_TOTAL, -4, -4, mg=120),))
    assert ends(doubled) == 4


def test_an_intake_that_is_not_known_counts_as_prescribed() -> None:
    assert ends(holding(box(60, on=-5), intakes=(report(IntakeKind.UNKNOWN, -4, -4),))) == 5


def test_a_lower_dose_to_come_lasts_longer() -> None:
    lower = replace(REGIMEN, id="3", starts_on=day(2), regimen=Regimen(morning_mcg=10_000))
    assert ends(holding(box(15), regimens=(REGIMEN, lower))) == 5
    stopped = replace(lower, regimen=Regimen())
    assert ends(holding(box(12), regimens=(REGIMEN, stopped))) is None


def test_who_reports_that_the_box_is_empty_has_no_tablets() -> None:
    early = holding(box(168, on=-10), intakes=(report(IntakeKind.RAN_OUT, -1),))
    assert ends(early) == -1
    assert ends(replace(early, dispensings=(*early.dispensings, box(60)))) == 11, "nothing is taken today"


def test_doses_reported_after_the_end_come_from_elsewhere() -> None:
    empty = holding(box(6, on=-10))
    assert ends(empty) == -9
    for told in (report(IntakeKind.AS_PRESCRIBED, -2), report(IntakeKind.DAILY_TOTAL, -2, -2, mg=30)):
        assert ends(replace(empty, intakes=(told,))) is None
    for silent in (report(IntakeKind.DAILY_TOTAL, -2, -2, mg=0), report(IntakeKind.AS_PRESCRIBED, -10, -9)):
        assert ends(replace(empty, intakes=(silent,))) == -9


def test_what_is_dispensed_later_is_not_known_before() -> None:
    record = holding(box(6, on=-10), box(60, on=-2))
    assert ends(record, as_of=-3) == -9
    assert case_from(record, day(-3)).runs_out_on == day(-9)


def test_each_dispensing_lasts_to_the_next_or_to_its_end() -> None:
    stretches = supply_of(holding(box(6, on=-10), box(60, on=-5), box(6, on=-5, product=FIVE)), TODAY).stretches
    assert [(each.first_on, each.until, each.is_empty, len(each.entries)) for each in stretches] == [
        (day(-10), day(-9), True, 1),
        (day(-5), day(5), True, 2),
    ]


def test_in_words() -> None:
    assert dispensed_words(box(1)).replace("\u00a0", " ") == "1 tablet of 10 mg"
    assert dispensed_words(box(Fraction(601, 2), product=LIQUID)).replace("\u00a0", " ").startswith("300.5 mL oral")
    assert dispensed_words(box(3, product="gone")) == "3 of gone"
    assert end_words(Supply(), TODAY) == "end not known"
    said = supply_line(holding(box(168, on=-29)), TODAY).replace("\u00a0", " ")
    assert said == "168 tablets of 10 mg on 15 Oct 2026, empty since 12 Nov 2026"
    assert supply_line(holding(box(6)), TODAY).endswith("last to 13\u00a0Nov\u00a02026")
    assert supply_line(RECORD, TODAY) == ""
