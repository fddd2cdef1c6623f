"""A table out of a file: cells as text with the number of their row, and refusals that name the place."""

from datetime import date, datetime, time

import pytest

from tests.imports.books import bomb, changed, with_saved_value, xlsx
from titration.imports.sheets import MOST_ROWS, NotATable, Sheet, read_sheet, read_text, sheet_of
from titration.imports.xlsx import NO_VALUE


def refusal(content: bytes) -> str:
    with pytest.raises(NotATable) as refused:
        read_sheet(content)
    return refused.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("date,daily\n2026-01-02,10\n", id="commas"),
        pytest.param("date;daily\n2026-01-02;10\n", id="semicolons"),
        pytest.param("date\tdaily\r\n2026-01-02\t10", id="tabs, as pasted"),
        pytest.param("\ufeffdate,daily\n\n2026-01-02,10,,\n,\n", id="a byte order mark, blank rows and cells"),
        pytest.param('"date","daily"\n"2026-01-02"," 10 "', id="quoted"),
    ],
)
def test_reads_text(text: str) -> None:
    sheet = read_sheet(text.encode())
    assert (sheet.header, [cells for _, cells in sheet.rows]) == (("date", "daily"), [("2026-01-02", "10")])


def test_rows_are_numbered_as_in_the_file() -> None:
    sheet = read_text('date,note\n\n2026-01-02,"two\nlines"\n2026-01-03,x\n')
    assert [number for number, _ in sheet.rows] == [3, 5]


def test_reads_a_spreadsheet_as_it_would_be_typed() -> None:
    content = xlsx(
        ["date", "time", "dose", "whole", "note"],
        [date(2026, 1, 2), time(8, 30), 2.5, 20.0, "fell"],
        [
            datetime(2026, 1, 3, 9, 15),  # noqa: DTZ001 - a cell knows no zone
            None,
            10,
            None,
            True,
        ],
    )
    assert read_sheet(content) == Sheet(
        header=("date", "time", "dose", "whole", "note"),
        rows=((2, ("2026-01-02", "08:30", "2.5", "20", "fell")), (3, ("2026-01-03 09:15", "", "10", "", "True"))),
    )


def test_a_formula_counts_with_its_saved_value() -> None:
    content = with_saved_value(xlsx(["date", "daily"], ["2026-01-02", "=10+20"]), "10+20", "30")
    assert read_sheet(content).rows == ((2, ("2026-01-02", "30")),)


def test_a_formula_without_a_saved_value_is_told() -> None:
    assert read_sheet(xlsx(["date", "daily"], ["2026-01-02", "=10+20"])).rows == ((2, ("2026-01-02", NO_VALUE)),)


def test_a_formula_in_text_stays_text() -> None:
    hostile = '=HYPERLINK("http://example.org")'
    quoted = '"' + hostile.replace('"', '""') + '"'
    assert read_text(f"date,note\n2026-01-02,{quoted}\n").rows == ((2, ("2026-01-02", hostile)),)


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "There is no table", id="empty"),
        pytest.param(b"date,daily\n", "There is no table", id="a header alone"),
        pytest.param(b"x" * 5_000_001, "larger than 5 MB", id="too large"),
        pytest.param(b"date,note\n2026-01-02,\xff\n", "Row 2 is not UTF-8", id="another encoding"),
        pytest.param(b"date,note\n2026-01-02,\0\n", "unprintable", id="a zero byte"),
        pytest.param(b'date,note\n2026-01-02,"open\n', "Row 2 cannot be read", id="an open quotation mark"),
        pytest.param(b"date,note\n2026-01-02,a,b\n", "Row 2 has more cells", id="more cells than columns"),
        pytest.param(b"date,note\n2026-01-02," + b"a" * 2001, "Row 2, column “note”", id="a long text"),
        pytest.param(b",".join([b"a"] * 41) + b"\n1\n", "more than 40 columns", id="too many columns"),
        pytest.param(b"\xd0\xcf\x11\xe0 old", "old or locked Excel", id="an old Excel file"),
        pytest.param(b"PK\x03\x04 no package", "no spreadsheet", id="a broken package"),
        pytest.param(bomb(), "unpacks to more", id="a zip bomb"),
        pytest.param(bomb(10), "no spreadsheet", id="a package that is no workbook"),
        pytest.param(
            changed(xlsx(["date"], ["x"]), "xl/worksheets/sheet1.xml", "<worksheet", ENTITY), "no spreadsheet",
            id="declared entities",
        ),
    ],
)  # fmt: skip
def test_refuses_with_the_place(content: bytes, words: str) -> None:
    assert words in refusal(content)


@pytest.mark.parametrize("mark", ["\0", "\ud800"])
def test_refuses_what_no_database_keeps(mark: str) -> None:
    with pytest.raises(NotATable, match="Row 2 holds unprintable"):
        sheet_of([(1, ["date", "note"]), (2, ["2026-01-02", f"a{mark}"])])
    with pytest.raises(NotATable, match="header holds unprintable"):
        sheet_of([(1, ["date", f"a{mark}"]), (2, ["2026-01-02", "a"])])


def test_refuses_one_row_too_many() -> None:
    line = "2026-01-02,10\n"
    assert len(read_text("date,daily\n" + line * MOST_ROWS).rows) == MOST_ROWS
    assert f"Row {MOST_ROWS + 2} is beyond" in refusal(("date,daily\n" + line * (MOST_ROWS + 1)).encode())


def test_refuses_a_sheet_that_goes_on_for_ever() -> None:
    content = xlsx(["date", "daily"], ["2026-01-02", 10])
    content = changed(content, "xl/worksheets/sheet1.xml", '<row r="2"', '<row r="1048576"')
    content = changed(content, "xl/worksheets/sheet1.xml", 'r="A2"', 'r="A1048576"')
    content = changed(content, "xl/worksheets/sheet1.xml", 'r="B2"', 'r="B1048576"')
    assert "goes on beyond row" in refusal(content)
