"""Rows by hand as texts: one more at the end, one less in the middle, all that follow one a week later.

Without a script the same buttons do it.
"""

from datetime import date, timedelta
from typing import Any

from titration.domain.regimen import TimeOfDay
from titration.forms.plan_rows import MOST_ROWS

type Texts = dict[str, Any]

_FIELDS = ("on", *(time.value for time in TimeOfDay))
_USUAL_GAP = timedelta(days=7)


def with_row(texts: Texts) -> Texts:
    """A row a week after the last, with its doses to be lowered or raised."""
    rows = _rows(texts)
    last = rows[-1] if rows else {"on": str(texts.get("first_step_on", ""))}
    added = {**last, "on": _a_week_later(last["on"]) if rows else last["on"]}
    return _with(texts, [*rows, added][:MOST_ROWS])


def without_row(texts: Texts, place: str) -> Texts:
    return _with(texts, [row for index, row in enumerate(_rows(texts)) if str(index) != place])


def with_stay(texts: Texts, place: str) -> Texts:
    """Stay a week longer at a row: every later one starts a week later."""
    after = int(place) if place.isascii() and place.isdigit() and len(place) < 6 else MOST_ROWS
    rows = [
        {**row, "on": _a_week_later(row["on"]) or row["on"]} if index > after else row
        for index, row in enumerate(_rows(texts))
    ]
    return _with(texts, rows)


def _rows(texts: Texts) -> list[dict[str, str]]:
    typed = str(texts.get("rows") or "0")
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_ROWS)) else 0
    return [{name: str(texts.get(f"row{place}-{name}", "")) for name in _FIELDS} for place in range(count)]


def _with(texts: Texts, rows: list[dict[str, str]]) -> Texts:
    others = {name: text for name, text in texts.items() if not name.startswith("row")}
    numbered = {f"row{place}-{name}": text for place, row in enumerate(rows) for name, text in row.items()}
    return {**others, **numbered, "rows": str(len(rows))}


def _a_week_later(text: str) -> str:
    try:
        return (date.fromisoformat(text) + _USUAL_GAP).isoformat()
    except (ValueError, OverflowError):
        return ""
