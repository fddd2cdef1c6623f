"""An uploaded or pasted table as plain text cells, each row with its number in the file.

Text is UTF-8 with one of three separators; XLSX is read by `xlsx`. Limits come first, so that a file that is too large
or is no table costs nothing. A cell is only ever text: nothing is calculated, followed or run.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from titration.domain.errors import DomainError

if TYPE_CHECKING:
    import _csv

MOST_BYTES = 5_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 40
LONGEST_CELL = 2000
# Each cell between quotation marks and full of them.
LONGEST_LINE = MOST_COLUMNS * 2 * (LONGEST_CELL + 2)
SEPARATORS = ("\t", ";", ",")
GOES_ON = f"The sheet goes on beyond row {2 * MOST_ROWS:,}. Delete the empty rows below the table."
NO_TABLE = "There is no table: the first row names the columns, each later row is one day."
_UNPRINTABLE = re.compile("[\0\ud800-\udfff]")
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class NotATable(DomainError):
    """A file that cannot be read as a table; the sentence says what to save or paste instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """rows: (number in the file, cells), as many cells as the header has; blank rows are left out."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(content: bytes) -> Sheet:
    """The table of a file, by what it is and not by what it is called. Raises NotATable."""
    from titration.imports.xlsx import read_xlsx

    if len(content) > MOST_BYTES:
        raise NotATable("The file is larger than 5 MB. Split it, or leave out columns that are not imported.")
    if content.startswith(_OLD_OFFICE):
        raise NotATable("This is an old or locked Excel file. Save it as XLSX without a password, or as CSV.")
    if content.startswith(_ZIP):
        return sheet_of(read_xlsx(content))
    return read_text(_decoded(content))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotATable(f"Row {line} is not UTF-8 text. Save the file as “CSV UTF-8” or as XLSX.") from error


def read_text(text: str) -> Sheet:
    """A table of text, separated by tabs (as pasted from a spreadsheet), semicolons or commas. Raises NotATable."""
    if len(text.encode()) > MOST_BYTES:
        raise NotATable("The text is larger than 5 MB. Split it, or leave out columns that are not imported.")
    if "\0" in text:
        raise NotATable("The file holds unprintable characters and is no table. Save it as CSV or XLSX.")
    lines = csv.reader(_lines(text), delimiter=_separator(text), strict=True)
    return sheet_of(_numbered(lines))


def _lines(text: str) -> Iterator[str]:
    """A line that no row could fill is refused before it is split into cells."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > LONGEST_LINE:
            raise NotATable(
                f"Row {number} is longer than {MOST_COLUMNS} cells can be. Save the table again, one row a line."
            )
        yield line


def _separator(text: str) -> str:
    """The one that splits the header most often; of equals the tab, then the semicolon."""
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _numbered(lines: "_csv.Reader") -> Iterable[tuple[int, list[str]]]:
    """Each row with the number of its line; cells that span lines count from where the row begins."""
    number = 1
    while True:
        try:
            cells = next(lines, None)
        except csv.Error as error:
            raise NotATable(f"Row {number} cannot be read: check its quotation marks.") from error
        if cells is None:
            return
        yield number, cells
        number = lines.line_num + 1


def sheet_of(lines: Iterable[tuple[int, list[str]]]) -> Sheet:
    """The first row that is not blank is the header. Raises NotATable beyond the limits."""
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    for count, (number, cells) in enumerate(lines):
        texts = _trimmed(cells)
        if not texts:
            _check_blank(count)
            continue
        if not header:
            header = _header(texts)
            continue
        if len(rows) == MOST_ROWS:
            raise NotATable(f"Row {number} is beyond the {MOST_ROWS:,} rows that are read at once. Split the file.")
        rows.append((number, _fitted(number, texts, header)))
    if not rows:
        raise NotATable(NO_TABLE)
    return Sheet(header=header, rows=tuple(rows))


def _check_blank(count: int) -> None:
    if count > 2 * MOST_ROWS:
        raise NotATable(GOES_ON)


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    texts = [cell.strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _header(texts: tuple[str, ...]) -> tuple[str, ...]:
    if any(_UNPRINTABLE.search(text) for text in texts):
        raise NotATable("The header holds unprintable characters. Write its cells anew.")
    if len(texts) > MOST_COLUMNS:
        raise NotATable(f"The table has more than {MOST_COLUMNS} columns. Leave out those that are not imported.")
    return tuple(text[:80] or f"Column {place}" for place, text in enumerate(texts, start=1))


def _fitted(number: int, texts: tuple[str, ...], header: tuple[str, ...]) -> tuple[str, ...]:
    if len(texts) > len(header):
        raise NotATable(f"Row {number} has more cells than the header has columns. Check its separators.")
    if any(_UNPRINTABLE.search(text) for text in texts):
        raise NotATable(f"Row {number} holds unprintable characters. Write its cells anew.")
    if any(len(text) > LONGEST_CELL for text in texts):
        column = next(name for name, text in zip(header, texts, strict=False) if len(text) > LONGEST_CELL)
        raise NotATable(f"Row {number}, column “{column}”: shorten this text to {LONGEST_CELL} characters.")
    return texts + ("",) * (len(header) - len(texts))
