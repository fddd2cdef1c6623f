"""Cells of a row as values, or what is wrong with which cell; by table."""

from datetime import date, time

import pytest

from tests.factories import regimen
from titration.domain.errors import DomainError
from titration.imports.columns import COLUMNS, check_columns, guess_columns
from titration.imports.rows import DateOrder, HistoryRow, RowVerdict, read_rows
from titration.imports.sheets import Sheet
from titration.imports.xlsx import NO_VALUE


def verdict(order: DateOrder = DateOrder.ISO, **cells: str) -> RowVerdict:
    """The verdict on one row; each cell stands under the code of its column."""
    cells = {"date": "2026-01-02", **cells}
    sheet = Sheet(header=tuple(cells), rows=((2, tuple(cells.values())),))
    return read_rows(sheet, tuple(cells), order)[0]


def row(order: DateOrder = DateOrder.ISO, **cells: str) -> HistoryRow:
    found = verdict(order, **cells)
    assert found.row is not None, found.problems
    return found.row


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (["Date", "Morning (mg)", "Noon", "Bedtime dose"], ["date", "morning", "midday", "bedtime"]),
        (["day", "Total mg/day", "Pain 0-10", "Comment"], ["date", "daily", "pain", "note"]),
        (["Date", "date", "colour"], ["date", "", ""]),
        (["Side effects", "Severity", "Withdrawal signs"], ["effects", "effect_severity", "signs"]),
    ],
)  # fmt: skip
def test_supposes_what_a_header_says(header: list[str], columns: list[str]) -> None:
    assert guess_columns(header) == tuple(columns)


def test_every_column_can_be_supposed_from_its_own_words() -> None:
    assert [guess_columns([code])[0] for code in COLUMNS] == list(COLUMNS)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (["", "daily"], "which column holds the date"),
        (["date", "note"], "at least one column with doses or reports"),
        (["date", "daily", "daily"], "chosen for two columns"),
        (["date", "clinic"], "from the list"),
        (["date"], "from the list"),
    ],
)
def test_refuses_columns_that_make_no_history(columns: list[str], words: str) -> None:
    with pytest.raises(DomainError, match=words):
        check_columns(columns, ["a"] * max(2, len(columns)))


@pytest.mark.parametrize(
    ("text", "order", "on"),
    [
        ("2026-01-02", DateOrder.ISO, date(2026, 1, 2)),
        ("2026-01-02", DateOrder.DAY_FIRST, date(2026, 1, 2)),
        ("02/03/2026", DateOrder.DAY_FIRST, date(2026, 3, 2)),
        ("2.3.2026", DateOrder.DAY_FIRST, date(2026, 3, 2)),
        ("02/03/2026", DateOrder.MONTH_FIRST, date(2026, 2, 3)),
    ],
)
def test_reads_a_date_in_the_order_that_was_chosen(text: str, order: DateOrder, on: date) -> None:
    assert row(order, date=text, daily="10").on == on


@pytest.mark.parametrize(
    ("text", "order", "words"),
    [
        ("02/03/2026", DateOrder.ISO, "it is not guessed"),
        ("31/02/2026", DateOrder.DAY_FIRST, "no such day"),
        ("13/11/2026", DateOrder.MONTH_FIRST, "no such day"),
        ("02/03/26", DateOrder.DAY_FIRST, "year-month-day"),
        ("2026-1-2", DateOrder.ISO, "year-month-day"),
        ("２０２６-01-02", DateOrder.ISO, "year-month-day"),
        ("45999", DateOrder.ISO, "year-month-day"),
        ("1026-01-02", DateOrder.ISO, "check the year"),
        ("", DateOrder.ISO, "write the date"),
    ],
)
def test_guesses_no_date(text: str, order: DateOrder, words: str) -> None:
    (problem,) = verdict(order, date=text, daily="10").problems
    assert (problem.row, problem.column) == (2, "date")
    assert words in problem.sentence


@pytest.mark.parametrize("text", ["1_0", "1e2", "2,5", ".5", "-5", "5mg", "１０", "2.55", "=1+1", NO_VALUE, "#REF!"])
def test_guesses_no_dose(text: str) -> None:
    (problem,) = verdict(daily=text).problems
    assert problem.words.startswith("Row 2, column “daily”: ")


def test_reads_the_doses_of_the_day() -> None:
    assert row(morning="10", midday="2.5", evening="0", bedtime="0").regimen == regimen(10, 2.5)
    assert row(morning="10", evening="5").regimen == regimen(10, 0, 5)
    assert row(daily="30").daily_mcg == 30_000
    assert row(morning="10", evening="5", daily="15").regimen == regimen(10, 0, 5)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        pytest.param({"morning": "10", "midday": ""}, "midday", "write 0 for none", id="a blank time of day"),
        pytest.param({"morning": "10", "daily": "30"}, "daily", "add up to 10", id="another total"),
        pytest.param({"sedation": "5"}, "sedation", "0 to 4", id="grade 5"),
        pytest.param({"pain": "11"}, "pain", "write one of 0, 1", id="pain 11"),
        pytest.param({"ashworth": "1-"}, "ashworth", "1+", id="half a score"),
        pytest.param({"effects": "nausea"}, "", "how severe", id="no severity"),
        pytest.param({"effects": "tall", "effect_severity": "mild"}, "effects", "of the list", id="unknown effect"),
        pytest.param({"effects": "other", "effect_severity": "mild"}, "effects", "other: ", id="other without words"),
        pytest.param({"signs": "nausea; green"}, "signs", "of the list", id="unknown sign"),
        pytest.param({"daily": "10", "time": "25:00"}, "time", "hour:minute", id="hour 25"),
        pytest.param({"daily": "10", "note": "a" * 501}, "note", "500 characters", id="a long note"),
        pytest.param({"daily": "10", "note": "a\x07"}, "note", "unprintable", id="a bell"),
        pytest.param({"note": "only words"}, "", "no dose and no report", id="nothing to import"),
    ],
)
def test_names_the_cell_that_is_wrong(cells: dict[str, str], column: str, words: str) -> None:
    found = verdict(**cells).problems[0]
    assert (found.column, words in found.sentence) == (column, True), found


def test_reads_reports() -> None:
    found = row(
        time="8:30", sedation="2", pain="7", ashworth="1+", effects="Drowsiness; other: itch", effect_severity="Mild",
        signs="seizure",
    )  # fmt: skip
    assert (found.at, found.sedation, found.scores) == (time(8, 30), 2, {"pain": "7", "ashworth": "1+"})
    assert [(each.code, each.severity, each.other_text) for each in found.symptoms] == [
        ("drowsiness", "mild", ""), ("other", "mild", "itch"), ("seizure", "severe", ""),
    ]  # fmt: skip


def test_tells_all_that_is_wrong_at_once() -> None:
    assert len(verdict(date="", daily="x", sedation="9").problems) == 3


def test_hostile_text_is_a_note_and_nothing_else() -> None:
    hostile = "</script><script>alert(1)</script>{{7*7}}"
    assert row(daily="10", note=hostile).note == hostile
