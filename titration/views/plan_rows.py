"""Rows of the planner as texts: one more at the end, one less in the middle, all steps that follow one a week later.

Without a script the same buttons do it. Steps by hand and stays are rows of two kinds.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from titration.domain.regimen import TimeOfDay
from titration.forms.plan_rows import MOST_ROWS, MOST_STAYS
from titration.forms.plan_texts import USUAL_STAY_DAYS

type Texts = dict[str, Any]
type Row = dict[str, str]

_USUAL_GAP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Kind:
    """What the fields of a row begin with, with an s their number; the fields, and how many rows there may be."""

    prefix: str
    fields: tuple[str, ...]
    most: int

    @property
    def count(self) -> str:
        return f"{self.prefix}s"


STEPS = Kind("row", ("on", *(time.value for time in TimeOfDay)), MOST_ROWS)
STAYS = Kind("stay", ("at", "days"), MOST_STAYS)


def with_row(texts: Texts) -> Texts:
    """A row a week after the last, with its doses to be lowered or raised."""
    rows = _rows(texts, STEPS)
    last = rows[-1] if rows else {"on": str(texts.get("first_step_on", ""))}
    added = {**last, "on": _a_week_later(last["on"]) if rows else last["on"]}
    return _with(texts, STEPS, [*rows, added])


def without_row(texts: Texts, place: str) -> Texts:
    return _without(texts, STEPS, place)


def with_stay_row(texts: Texts) -> Texts:
    """One empty stay more."""
    return _with(texts, STAYS, [*_rows(texts, STAYS), {"at": "", "days": USUAL_STAY_DAYS}])


def without_stay_row(texts: Texts, place: str) -> Texts:
    return _without(texts, STAYS, place)


def with_stay(texts: Texts, place: str) -> Texts:
    """Stay a week longer at a step by hand: every later one starts a week later."""
    after = int(place) if place.isascii() and place.isdigit() and len(place) < 6 else MOST_ROWS
    rows = [
        {**row, "on": _a_week_later(row["on"]) or row["on"]} if index > after else row
        for index, row in enumerate(_rows(texts, STEPS))
    ]
    return _with(texts, STEPS, rows)


def _rows(texts: Texts, kind: Kind) -> list[Row]:
    typed = str(texts.get(kind.count) or "0")
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_ROWS)) else 0
    places = range(min(count, kind.most))
    return [{name: str(texts.get(f"{kind.prefix}{place}-{name}", "")) for name in kind.fields} for place in places]


def _without(texts: Texts, kind: Kind, place: str) -> Texts:
    return _with(texts, kind, [row for index, row in enumerate(_rows(texts, kind)) if str(index) != place])


def _with(texts: Texts, kind: Kind, rows: list[Row]) -> Texts:
    kept = rows[: kind.most]
    others = {name: text for name, text in texts.items() if not name.startswith(kind.prefix)}
    numbered = {f"{kind.prefix}{place}-{name}": text for place, row in enumerate(kept) for name, text in row.items()}
    return {**others, **numbered, kind.count: str(len(kept))}


def _a_week_later(text: str) -> str:
    try:
        return (date.fromisoformat(text) + _USUAL_GAP).isoformat()
    except (ValueError, OverflowError):
        return ""
