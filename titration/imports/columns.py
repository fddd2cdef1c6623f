"""What a column may hold, and what its header lets us suppose. A guess is shown and can be changed before it counts."""

import re
from collections.abc import Sequence

from titration.domain.errors import DomainError

COLUMNS = {
    "date": "Date",
    "time": "Time of the day, for reports",
    "morning": "Dose in the morning, mg",
    "midday": "Dose at midday, mg",
    "evening": "Dose in the evening, mg",
    "bedtime": "Dose at bedtime, mg",
    "daily": "Daily total, mg",
    "sedation": "Sedation, 0 to 4",
    "spasticity": "Spasticity, 0 to 10",
    "pain": "Pain, 0 to 10",
    "penn": "Spasm frequency, 0 to 4",
    "ashworth": "Tone on passive movement, 0 to 4",
    "effects": "Side effects",
    "effect_severity": "How severe the side effects are",
    "signs": "Withdrawal signs",
    "note": "Note",
}
TIMES = ("morning", "midday", "evening", "bedtime")
SCALES = ("spasticity", "pain", "penn", "ashworth")
DOSES = (*TIMES, "daily")
_HEADERS = {
    "date": ("date", "day", "on", "from", "start", "start date", "starts on"),
    "time": ("time", "clock", "hour", "time of day"),
    "morning": ("morning", "am", "breakfast"),
    "midday": ("midday", "noon", "lunch", "afternoon"),
    "evening": ("evening", "pm", "dinner", "supper"),
    "bedtime": ("bedtime", "night", "bed"),
    "daily": ("daily", "total", "daily total", "day total", "total day", "per day", "a day", "baclofen", "dose"),
    "sedation": ("sedation", "sedation grade", "drowsiness grade"),
    "spasticity": ("spasticity", "spasticity score"),
    "pain": ("pain", "pain score"),
    "penn": ("penn", "spasm frequency", "spasms"),
    "ashworth": ("ashworth", "modified ashworth", "mas", "tone"),
    "effects": ("effects", "effect", "side effects", "side effect", "adverse effects", "adverse effect"),
    "effect_severity": ("severity", "effect severity"),
    "signs": ("signs", "sign", "withdrawal signs", "withdrawal sign", "withdrawal"),
    "note": ("note", "notes", "comment", "comments", "remarks"),
}
_MEANING = {header: code for code, headers in _HEADERS.items() for header in headers}
_IGNORED = re.compile(r"\b(mg|dose|dose of|in the|at|of the|score|0 ?(-|to) ?(4|10))\b|[^a-z ]")


def guess_columns(header: Sequence[str]) -> tuple[str, ...]:
    """What each column seems to hold, "" for what is not known; nothing is supposed twice."""
    found: list[str] = []
    for text in header:
        code = _meaning(text)
        found.append("" if code in found else code)
    return tuple(found)


def _meaning(text: str) -> str:
    plain = " ".join(text.casefold().replace("_", " ").replace("/", " ").split())
    bare = " ".join(_IGNORED.sub(" ", plain).split())
    return _MEANING.get(plain) or _MEANING.get(bare, "")


def check_columns(chosen: Sequence[str], header: Sequence[str]) -> None:
    """Raises DomainError with a sentence where these columns make no history."""
    used = [code for code in chosen if code]
    if len(chosen) != len(header) or any(code not in COLUMNS for code in used):
        raise DomainError("Choose for each column what it holds, from the list.")
    twice = next((code for code in used if used.count(code) > 1), None)
    if twice:
        raise DomainError(f"“{COLUMNS[twice]}” is chosen for two columns. Choose it once.")
    if "date" not in used:
        raise DomainError("Choose which column holds the date.")
    if not set(used) - {"date", "time", "note", "effect_severity"}:
        raise DomainError("Choose at least one column with doses or reports.")
