"""Our reader of workbooks against openpyxl's, and what spreadsheet programs write in other ways."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.imports.bombs import RELATIONS, SHEET, STRINGS, STYLES, WORKBOOK, part, with_part, with_parts
from tests.imports.books import saved
from tests.imports.second_reading import read_by_openpyxl
from titration.imports.sheets import MOST_COLUMNS, NotATable, read_sheet
from titration.imports.xlsx import NO_VALUE, read_xlsx

TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12).filter(
    lambda text: not text.startswith("=")
)
VALUES = st.one_of(
    st.none(), TEXT, st.integers(-(10**6), 10**6), st.booleans(),
    st.decimals(-1000, 1000, places=2).map(float),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - a cell knows no zone
    st.times().filter(lambda at: at.replace(microsecond=0) > time(0)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)  # fmt: skip
FORMATS = ("General", "0.0", "dd/mm/yyyy", "yyyy-mm-dd hh:mm", "[h]:mm", '0" mg"', '[Red]0.0" day"', "@", "h:mm AM/PM")


@given(rows=st.lists(st.lists(VALUES, max_size=6), max_size=6), form=st.sampled_from(FORMATS))
def test_reads_what_openpyxl_reads(rows: list[list[Any]], form: str) -> None:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.worksheets[0]["G1"] = 45000.25
    book.worksheets[0]["G1"].number_format = form
    content = saved(book)
    assert told(read_xlsx(content)) == told(enumerate(read_by_openpyxl(content), start=1))


def told(rows: Iterable[tuple[int, list[str]]]) -> dict[tuple[int, int], str]:
    """What stands in which row and column."""
    return {(row, column): text for row, cells in rows for column, text in enumerate(cells) if text}


def sheet_with(row: str) -> bytes:
    head = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    return with_part(SHEET, f"<worksheet><sheetData>{head}<row r='2'>{row}</row></sheetData></worksheet>".encode())


def second_row(content: bytes) -> tuple[str, ...]:
    ((number, cells),) = read_sheet(content).rows
    assert number == 2
    return cells


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        pytest.param("<c><v>10</v></c><c><v>2.5</v></c>", ("10", "2.5"), id="cells without places"),
        pytest.param('<c r="B2"><v>10</v></c>', ("", "10"), id="a cell after a gap"),
        pytest.param('<c r="b2"><v>1E1</v></c>', ("", "10"), id="a small letter and an exponent"),
        pytest.param('<c><v>1</v></c><c r="B2"><f>A2*2</f><v>2</v></c>', ("1", "2"), id="a formula"),
        pytest.param('<c><v>1</v></c><c r="B2"><f>A2*2</f></c>', ("1", NO_VALUE), id="a formula without a value"),
        pytest.param('<c><v>1</v></c><c><f t="array" ref="B2">A2</f></c>', ("1", NO_VALUE), id="an array without one"),
        pytest.param('<c t="str"><f>A1</f><v>told</v></c>', ("told", ""), id="a formula that makes text"),
        pytest.param('<c t="b"><v>1</v></c><c t="b"><v>0</v></c>', ("True", "False"), id="yes and no"),
        pytest.param('<c t="e"><v>#REF!</v></c>', ("#REF!", ""), id="an error"),
        pytest.param(
            '<c t="inlineStr"><is><r><t>fe</t></r><r><t>ll</t></r><rPh><t>FEL</t></rPh></is></c>', ("fell", ""),
            id="rich text, and how it is read aloud",
        ),
    ],
)  # fmt: skip
def test_reads_a_row_however_it_was_written(row: str, cells: tuple[str, ...]) -> None:
    assert second_row(sheet_with(row)) == cells


def test_shared_texts_may_be_rich_and_told_aloud() -> None:
    strings = b"<sst><si><r><t>da</t></r><r><t>te</t></r><rPh><t>x</t></rPh></si><si><t>daily</t></si></sst>"
    assert read_sheet(with_part(STRINGS, strings)).header == ("date", "daily")


def test_elements_may_have_a_prefix() -> None:
    prefixed = part(SHEET)
    for name in (b"worksheet", b"sheetData", b"row", b"c", b"v"):
        prefixed = prefixed.replace(b"<" + name + b" ", b"<x:" + name + b" ").replace(
            b"<" + name + b">", b"<x:" + name + b">"
        )
        prefixed = prefixed.replace(b"</" + name + b">", b"</x:" + name + b">")
    assert second_row(with_part(SHEET, prefixed)) == ("2026-01-02", "10")


@pytest.mark.parametrize(("since", "day"), [("0", "2026-01-02"), ("1", "2030-01-03")])
def test_days_are_counted_from_the_year_that_the_book_says(since: str, day: str) -> None:
    numbered = part(SHEET).replace(b'<c t="d"><v>2026-01-02</v>', b'<c s="1"><v>46024</v>')
    content = with_parts({
        SHEET: numbered,
        STYLES: b'<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        WORKBOOK: part(WORKBOOK).replace(b"<sheets>", f'<workbookPr date1904="{since}"/><sheets>'.encode()),
    })  # fmt: skip
    assert second_row(content)[0] == day


def test_a_format_of_a_conditional_style_is_no_format_of_a_cell() -> None:
    styles = b'<styleSheet><cellXfs><xf numFmtId="200"/></cellXfs>'
    styles += b'<dxfs><dxf><numFmt numFmtId="200" formatCode="yyyy"/></dxf></dxfs></styleSheet>'
    assert second_row(with_part(STYLES, styles))[1] == "10"


def test_a_chart_before_the_table_is_passed_over() -> None:
    relation = b'<Relationship Id="rId7" Type="/chartsheet" Target="chartsheets/sheet1.xml"/>'
    content = with_parts({
        RELATIONS: part(RELATIONS).replace(b"<Relationships>", b"<Relationships>" + relation),
        WORKBOOK: part(WORKBOOK).replace(b"<sheets>", b'<sheets><sheet name="c" sheetId="2" r:id="rId7"/>'),
    })  # fmt: skip
    assert second_row(content) == ("2026-01-02", "10")


def test_a_book_of_charts_alone_has_no_table() -> None:
    with pytest.raises(NotATable, match="no sheet with a table"):
        read_sheet(with_part(WORKBOOK, part(WORKBOOK).replace(b"rId1", b"rId2")))


@pytest.mark.parametrize("place", ["AP2", "XFD2"])
def test_a_cell_far_to_the_right_is_not_left_out(place: str) -> None:
    with pytest.raises(NotATable, match="Row 2 has more cells"):
        read_sheet(sheet_with(f'<c r="A2"><v>1</v></c><c r="{place}"><v>20</v></c>'))


def test_a_wide_header_is_refused() -> None:
    book = Workbook()
    book.worksheets[0].append(["a"] * (MOST_COLUMNS + 5))
    book.worksheets[0].append([1])
    with pytest.raises(NotATable, match=f"more than {MOST_COLUMNS} columns"):
        read_sheet(saved(book))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param('<c r="A3"><v>1</v></c>', id="a cell of another row"),
        pytest.param('<c r="B2"><v>1</v></c><c r="A2"><v>2</v></c>', id="cells out of order"),
        pytest.param('<c t="s"><v>7</v></c>', id="a shared text that is not there"),
        pytest.param("<c><v>ten</v></c>", id="a number that is none"),
        pytest.param('<c t="d"><v>soon</v></c>', id="a date that is none"),
        pytest.param("<c><v>1</v>", id="a cell without an end"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(row: str) -> None:
    with pytest.raises(NotATable, match="no spreadsheet"):
        read_sheet(sheet_with(row))


def test_a_format_that_is_too_long_for_one_is_refused_where_a_cell_has_it() -> None:
    styles = f'<styleSheet><numFmts><numFmt numFmtId="200" formatCode="{"[" * 300}"/></numFmts>'
    styles += '<cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>'
    with pytest.raises(NotATable, match="no spreadsheet"):
        read_sheet(with_part(STYLES, styles.encode()))
