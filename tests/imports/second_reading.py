"""The first sheet by openpyxl's own reader, which shares nothing with ours: slow, and only for good files."""

import io
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook


def read_by_openpyxl(content: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    return [[_text(cell.value) for cell in row] for row in sheet.iter_rows()]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
