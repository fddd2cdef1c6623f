"""The record page: who decided what, when and why, with the chart and the whole hash."""

from datetime import date
from typing import Any

import pytest

from tests.exports.pdf_text import claims_universal_access, needs_poppler, rows_of
from tests.exports.samples import CONTENT_HASH, HOSTILE, TABLET_10, ashdown, building_up, half_a_year
from titration.domain.record import PlanState
from titration.domain.taken_before import TakenBefore
from titration.exports.record_page import record_values, write_record_page

HALF: dict[str, Any] = {
    "taken_mcg": 30_000, "since": date(2026, 10, 31), "last_on": date(2026, 11, 13), "is_over": False,
    "prescribed_mcg": 60_000, "step_on": date(2026, 11, 16), "step_mcg": 55_000, "was_held": False,
    "is_first": True,
}  # fmt: skip


def test_facts_that_are_not_known_are_left_out():
    labels = [label for label, _ in record_values(ashdown(replaces=None, quantities=()))["facts"]]
    assert "Replaces" not in labels
    assert "Quantities" not in labels


def test_quantities_name_the_product():
    facts = dict(record_values(ashdown())["facts"])
    assert facts["Quantities"].startswith(f"161 × {TABLET_10.name}, for ")


def test_quantities_name_the_days_with_a_dose():
    for plan, days in ((ashdown(), "16 Nov 2026 to 17 Jan 2027"), (building_up(), "16 Nov 2026 to 6 Dec 2026")):
        assert dict(record_values(plan)["facts"])["Quantities"].replace("\u00a0", " ").endswith(f"for {days}")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (
            {"taken_mcg": 30_000},
            "30 mg a day since 31 Oct 2026, prescribed 60 mg a day. Step of 16 Nov 2026: 55 mg a day, a rise of "
            "25 mg (83.3 %) from what is taken. To be checked.",
        ),
        (
            {"taken_mcg": 62_500, "is_over": True},
            "62.5 mg a day from 31 Oct 2026 to 13 Nov 2026, prescribed 60 mg a day. Step of 16 Nov 2026: 55 mg a day, "
            "a fall of 7.5 mg (12 %) from what is taken. To be checked.",
        ),
        (
            {"taken_mcg": 0},
            "0 mg a day since 31 Oct 2026, prescribed 60 mg a day. Step of 16 Nov 2026: 55 mg a day, a rise of "
            "55 mg from what is taken. To be checked.",
        ),
        (
            {"taken_mcg": None},
            "not known since 31 Oct 2026, prescribed 60 mg a day. Step of 16 Nov 2026: 55 mg a day. To be checked.",
        ),
    ],
    ids=["less", "more, until lately", "nothing", "not known"],
)
def test_what_is_really_taken_stands_beside_the_next_step(before: dict[str, Any], said: str):
    facts = dict(record_values(ashdown(before=TakenBefore(**{**HALF, **before})))["facts"])
    assert facts["Taken now"].replace("\u00a0", " ") == said


def test_taken_as_prescribed_needs_no_line():
    assert "Taken now" not in dict(record_values(ashdown())["facts"])


@needs_poppler
@pytest.mark.parametrize(
    "said",
    [
        "Taper of baclofen: plan 3, version 2",
        "Margaret Ashdown, born 12 March 1968, SP-0417",
        "60 mg/day to 0 mg/day",
        CONTENT_HASH,
        "version 2026.1",
        "Step 2: 50 to 40 mg/day, a drop of 20 %",
        "Accepted: Patient prefers weekly steps; weekly telephone contact agreed.",
        "Signed R. Okafor, 9 Nov 2026, 14:05",
        "Drafted P. Lindqvist, 9 Nov 2026, 09:30",
        "Spasms at night; watch bedtime.",
        "mg/day, planned",
    ],
)
def test_says(said: str):
    assert said in rows_of(write_record_page(ashdown()))


@needs_poppler
def test_shows_every_step_of_a_long_plan():
    text = rows_of(write_record_page(half_a_year()))
    assert all(f" {step.number} " in text for step in half_a_year().steps)


@needs_poppler
def test_is_accessible_with_and_without_a_chart():
    assert claims_universal_access(write_record_page(ashdown()))
    assert claims_universal_access(write_record_page(ashdown(chart_svg="")))


@needs_poppler
def test_no_finding_is_not_called_safe():
    assert "No finding. That is not proof of safety." in rows_of(write_record_page(ashdown(findings=())))


@needs_poppler
def test_a_hostile_note_prints_as_typed():
    text = rows_of(write_record_page(ashdown(note=HOSTILE)))
    assert '=1+1 END:VEVENT BEGIN:VEVENT #read("/etc/passwd") https://example.invalid/x' in text


@needs_poppler
def test_an_unsigned_plan_says_so():
    text = rows_of(write_record_page(ashdown(signed=None, state=PlanState.DRAFT)))
    assert "Draft, not signed. Do not follow this plan yet." in text
    assert "Signed not yet" in text
