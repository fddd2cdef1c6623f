"""Spreadsheets made for tests: good ones, and packages that should never be parsed."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook, load_workbook


def xlsx(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_saved_value(content: bytes, formula: str, value: str) -> bytes:
    """The same file as a spreadsheet program would save it: the formula with its value."""
    assert load_workbook(io.BytesIO(content))
    return changed(content, "xl/worksheets/sheet1.xml", f"<f>{formula}</f><v />", f"<f>{formula}</f><v>{value}</v>")


def changed(content: bytes, part: str, old: str, new: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(made, "w") as copy:
        for name in package.namelist():
            text = package.read(name)
            if name == part:
                assert old.encode() in text, text
                text = text.replace(old.encode(), new.encode())
            copy.writestr(name, text)
    return made.getvalue()


def bomb(unpacked_bytes: int = 70_000_000) -> bytes:
    """A small file that unpacks to a large one."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * unpacked_bytes)
    return made.getvalue()
