"""The first sheet of an XLSX file as rows of text.

Read only: a formula counts with the value that was saved with it and is never worked out; one that was saved without a
value is refused where it stands. A file that unpacks to more than it may, or that declares entities, is refused before
anything of it is parsed; the unpacked size is the declared one, beyond which the zip reader reads nothing.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from titration.imports.sheets import MOST_COLUMNS, MOST_ROWS, NotATable

MOST_UNPACKED_BYTES = 60_000_000
MOST_PARTS = 500
NO_VALUE = "=no value"
_NO_SHEET = "This file is no spreadsheet that can be read. Save it as XLSX again, or as CSV."
_UNREADABLE = (
    zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError, OSError,
    EOFError, AttributeError, NotImplementedError, RuntimeError, zlib.error,
)  # fmt: skip


def read_xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells as text) of the first sheet. Raises NotATable."""
    try:
        _check_parts(content)
        yield from _rows(content)
    except NotATable:
        raise
    except _UNREADABLE as error:  # whatever a broken package makes the reader stumble over
        raise NotATable(_NO_SHEET) from error


def _check_parts(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
            raise NotATable("This file unpacks to more than is read. Copy the table into a new file.")
        if any(part.flag_bits & 1 for part in parts):
            raise NotATable("This file is locked with a password. Save it without one.")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and _declares_entities(package.read(part)):
                raise NotATable(_NO_SHEET)


def _declares_entities(xml: bytes) -> bool:
    """A spreadsheet's parts have no document type; whatever its encoding, its zero bytes hide nothing."""
    return b"<!DOCTYPE" in xml.replace(b"\0", b"")


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    written = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    if not values.worksheets:
        raise NotATable("The file has no sheet with a table.")
    pairs = zip(_every_row(values), _every_row(written), strict=True)
    for number, (cells, formulas) in enumerate(pairs, start=1):
        if number > 2 * MOST_ROWS:
            raise NotATable(f"The sheet goes on beyond row {2 * MOST_ROWS:,}. Delete the empty rows below the table.")
        yield number, [_text(cell.value, formula.value) for cell, formula in zip(cells, formulas, strict=True)]


def _every_row(book: Workbook) -> Iterator[tuple[Any, ...]]:
    """Of the first sheet, whatever size the sheet says it has: rows beyond that size would be left out unseen."""
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    return sheet.iter_rows(max_col=MOST_COLUMNS + 1)


def _text(value: object, written: object) -> str:
    """A number as it would be typed, a date year first; a formula without a saved value is told as such."""
    if value is None:
        return NO_VALUE if isinstance(written, str) and written.startswith("=") else ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
