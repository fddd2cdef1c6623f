"""Every rule at its thresholds, level shifts and caps: the tables that the pages about the rules show."""

import pytest

from tests.domain.courses import level
from titration.domain.boundaries import BoundaryCase, _read, load_boundaries
from titration.domain.rules import RULES

TABLES = {code: load_boundaries(code) for code in RULES}
CASES = [case for table in TABLES.values() for case in table]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.name}")
def test_answers_at_the_boundary(case: BoundaryCase) -> None:
    assert level(case.case(), case.code) == case.expected


@pytest.mark.parametrize("code", RULES)
def test_every_table_shows_where_the_rule_speaks_and_where_it_is_silent(code: str) -> None:
    expected = {case.expected for case in TABLES[code]}
    assert None in expected
    assert len(expected) > 1


@pytest.mark.parametrize("code", RULES)
def test_no_row_stands_twice(code: str) -> None:
    names = [case.name for case in TABLES[code]]
    assert len(names) == len(set(names))


WORDS = {
    ("W2", "25 percent"): "60 mg for 30 days, then 45 mg.",
    ("W1", "vulnerable and short"): "59.9 mg for 13 days, then 0 mg. No treatment before. Seizure disorder.",
    ("W1", "unknown exposure"): "60 mg for 30 days, then 0 mg. Treatment before not known.",
    ("W4", "18 h"): "60 mg for 60 days. 1 of 3 doses missed today. Last dose 18 hours ago.",
    ("W5", "a stop planned ten days ahead"): "60 mg for 40 days. Plan in 11 days: 0 mg.",
    ("W8", "surgery 14 days"): "60 mg for 60 days. Surgery in 14 days, without a continuity note.",
    ("W8", "tablets run out empty since yesterday"): "60 mg for 60 days. First day without tablets: 1 day ago.",
    ("W8", "tablets run out before the review"): (
        "60 mg for 60 days. First day without tablets: in 3 days. Next review in 4 days."
    ),
    ("T1", "10 mg twice in a week, 65 today"): "30 mg for 6 days, then 40 mg for 3 days, then 50 mg. 65 years old.",
    ("T2", "100 mg, UK label"): "100 mg for 10 days. UK label.",
    ("S1", "grade 2 on the 7th day"): "60 mg for 40 days. Sedation grade 2, 6 days ago.",
    ("S2", "grade 1"): "60 mg for 60 days. Also takes: opioid. Sedation grade 1, today.",
    ("N1", "10 percent"): "60 mg for 60 days. Pain score 10, 59 days ago; pain score 9, today.",
}


@pytest.mark.parametrize(("code", "name"), WORDS, ids=str)
def test_reads_as_a_clinician_would_say_it(code: str, name: str) -> None:
    words = next((case.words for case in TABLES[code] if case.name == name), "")
    assert words.replace("\u00a0", " ") == WORDS[code, name]


def test_every_row_has_words() -> None:
    assert all(case.words.endswith(".") for case in CASES)


def test_an_unknown_day_is_said_to_be_unknown() -> None:
    case = _read("W1", {"name": "gap", "course": [[60, 30], ["unknown", 2], [0, 1]], "expected": "critical"})
    assert case.words.replace("\u00a0", " ") == "60 mg for 30 days, then not known for 2 days, then 0 mg."
    assert level(case.case(), "W1") is not None


def test_refuses_a_misspelt_fact() -> None:
    with pytest.raises(ValueError, match="exposure_month"):
        _read("W1", {"name": "misspelt", "course": [[60, 30]], "exposure_month": 3, "expected": "nothing"})


def test_the_answer_of_a_row_is_a_word() -> None:
    assert {case.answer for case in CASES} == {"nothing", "info", "caution", "high", "critical"}
