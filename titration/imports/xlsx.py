"""The first sheet of an XLSX file as rows of text.

Read only: a formula counts with the value that was saved with it and is never worked out; one that was saved without a
value is refused where it stands. Nothing is unpacked as a whole: a file is read piece by piece, within an allowance of
elements, characters and seconds, so that no file, however it was made, holds a worker up. The unpacked size is the
declared one, beyond which the zip reader reads nothing.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from xml.parsers.expat import ExpatError

from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from titration.imports.sheets import GOES_ON, MOST_COLUMNS, MOST_ROWS, NotATable
from titration.imports.workbook import Workbook, read_workbook
from titration.imports.xml_parts import NO_SHEET, Allowance, TextReader

MOST_UNPACKED_BYTES = 60_000_000
MOST_PART_BYTES = 40_000_000
MOST_PARTS = 500
NO_VALUE = "=no value"
NOT_A_DATE = "#VALUE!"
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_UNREADABLE = (
    zipfile.BadZipFile, ExpatError, KeyError, ValueError, TypeError, IndexError, OSError, EOFError, AttributeError,
    NotImplementedError, RuntimeError, OverflowError, zlib.error,
)  # fmt: skip


def read_xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells as text) of the first sheet. Raises NotATable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_parts(package.infolist())
            yield from _rows(package, Allowance())
    except NotATable:
        raise
    except _UNREADABLE as error:  # whatever a broken package makes the reader stumble over
        raise NotATable(NO_SHEET) from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise NotATable("This file is locked with a password. Save it without one.")
    sizes = [part.file_size for part in parts]
    if len(parts) > MOST_PARTS or max(sizes, default=0) > MOST_PART_BYTES or sum(sizes) > MOST_UNPACKED_BYTES:
        raise NotATable("This file unpacks to more than is read. Copy the table into a new file.")
    if len({part.filename for part in parts}) < len(parts) or any(part.compress_type not in _PACKED for part in parts):
        raise NotATable(NO_SHEET)


def _rows(package: zipfile.ZipFile, allowance: Allowance) -> Iterator[tuple[int, list[str]]]:
    sheet = SheetReader(allowance, read_workbook(package, allowance))
    for _ in sheet.read(package, sheet.book.sheet):
        rows, sheet.rows = sheet.rows, []
        yield from rows


class SheetReader(TextReader):
    """rows: those read since somebody took them; of each the cells up to its last one, and no more than can be used."""

    def __init__(self, allowance: Allowance, book: Workbook) -> None:
        super().__init__(allowance)
        self.book = book
        self.rows: list[tuple[int, list[str]]] = []
        self._number = self._column = self._style = 0
        self._cells: list[str] = []
        self._kind, self._is_formula = "n", False
        self._epoch = MAC_EPOCH if book.counts_from_1904 else WINDOWS_EPOCH
        self._columns: dict[str, int] = {}

    def begin_row(self, attributes: dict[str, str]) -> None:
        number = _whole(attributes["r"]) if "r" in attributes else self._number + 1
        if number <= self._number:
            raise NotATable(NO_SHEET)
        if number > 2 * MOST_ROWS:
            raise NotATable(GOES_ON)
        self._number, self._column, self._cells = number, 0, []

    def end_row(self) -> None:
        self.rows.append((self._number, self._cells))

    def begin_c(self, attributes: dict[str, str]) -> None:
        self._kind, self._style = attributes.get("t", "n"), int(attributes.get("s", "0"))
        self.pieces, self._is_formula = [], False
        column = self._column_of(attributes["r"]) if "r" in attributes else self._column + 1
        if column <= self._column:
            raise NotATable(NO_SHEET)
        self._column = column

    def end_c(self) -> None:
        text = self._text_of_cell()
        if text:
            self._allowance.take_text(text)
            place = min(self._column, MOST_COLUMNS + 1)
            self._cells += [""] * (place - len(self._cells))
            self._cells[place - 1] = text

    def begin_f(self, _: dict[str, str]) -> None:
        self._is_formula = True

    def begin_v(self, _: dict[str, str]) -> None:
        self.words = []

    def end_v(self) -> None:
        self.pieces.append(self.taken())

    def _column_of(self, place: str) -> int:
        found = _PLACE.fullmatch(place)
        if found is None or int(found[2]) != self._number:
            raise NotATable(NO_SHEET)
        letters = found[1].upper()
        if letters not in self._columns:
            self._columns[letters] = column_index_from_string(letters)
        return self._columns[letters]

    def _text_of_cell(self) -> str:
        value = "".join(self.pieces)
        if not value:
            return NO_VALUE if self._is_formula else ""
        if self._kind == "n":
            return self._number_text(value)
        if self._kind == "s":
            return self.book.texts[_index(value)]
        if self._kind == "b":
            return str(bool(int(value)))
        return text_of(from_ISO8601(value)) if self._kind == "d" else value  # type: ignore[no-untyped-call]

    def _number_text(self, value: str) -> str:
        number = float(value) if set(value) & set(".eE") else int(value)
        is_date, is_span = self.book.styles.is_date(self._style)
        if not is_date:
            return text_of(number)
        try:
            return text_of(from_excel(number, self._epoch, timedelta=is_span))
        except (OverflowError, ValueError):
            return NOT_A_DATE


def _whole(text: str) -> int:
    """Some programs write a row's number as 2.0."""
    number = float(text)
    if not number.is_integer():
        raise NotATable(NO_SHEET)
    return int(number)


def _index(text: str) -> int:
    if not text.isdecimal():
        raise NotATable(NO_SHEET)
    return int(text)


def text_of(value: object) -> str:
    """A number as it would be typed, a date year first."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
