"""The only place where a finding becomes sentences: code, variant and values in, words out.

Texts stand in `en.toml`, one entry a rule and variant. Values are filled in by the suffix of their name: `_mcg` as
mg, `_percent` with one decimal where it is not whole, `_on` as a date; `{limit1}`, `{limit2}` are the finding's
thresholds in order. A flag stores the words that it was shown with.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from titration.domain.days import show_full_day
from titration.domain.findings import Finding, Undecided
from titration.domain.guidance import Guidance, Threshold
from titration.domain.units import NO_BREAK_SPACE, format_mg, show_mg_per_day, show_percent

_DAYS_A_MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A finding in sentences: what happened, why it is said, what to consider, what would end it, what is not known."""

    title: str
    reason: str
    why: tuple[str, ...]
    consider: tuple[str, ...]
    clears: tuple[str, ...]
    missing: tuple[str, ...]


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("en.toml").read_text(encoding="utf-8"))


def wordings() -> frozenset[tuple[str, str]]:
    """Every (code, variant) that has words; a test compares it with what the rules can say."""
    shared = {"missing", "notes", "causes", "ways"}
    return frozenset((code, variant) for code, entries in _texts().items() if code not in shared for variant in entries)


def say(finding: Finding, guidance: Guidance) -> Words:
    """The finding in words. Raises KeyError where a rule says something that has none: a bug, found by a test."""
    text = _texts()[finding.code][finding.variant]
    filling = _filling(finding, guidance)
    filling["also"] = text["also"].format_map(filling) if finding.values.get("others") else ""
    notes = [_texts()["notes"][note] for note in finding.values.get("notes", ())]  # type: ignore[attr-defined]
    return Words(
        title=text["title"].format_map(filling),
        reason=text["reason"].format_map(filling).strip(),
        why=tuple(line.format_map(filling) for line in (*text["why"], *notes)),
        consider=tuple(line.format_map(filling) for line in text["consider"]),
        clears=tuple(line.format_map(filling) for line in _clears(finding, text)),
        missing=tuple(_texts()["missing"][code].format_map(filling) for code in finding.missing),
    )


def _clears(finding: Finding, text: Mapping[str, Any]) -> Iterable[str]:
    """By the way out that the rule found for this patient, else the one way of the wording."""
    way = finding.values.get("way")
    lines: list[str] = _texts()["ways"][way] if way else text["clears"]
    return lines


def say_undecided(undecided: Undecided, guidance: Guidance) -> str:
    """Why a rule could not decide, and which entry would let it."""
    text: str = _texts()["missing"][undecided.missing]
    return text.format_map(_threshold_words(guidance))


def _filling(finding: Finding, guidance: Guidance) -> dict[str, str]:
    filling = dict(_threshold_words(guidance))
    for name, value in finding.values.items():
        filling |= _show(name, value)
    filling |= {f"limit{place}": _limit(threshold) for place, threshold in enumerate(finding.thresholds, 1)}
    if "cause" in finding.values:
        filling["cause"] = _texts()["causes"].get(finding.values["cause"], "")
    if "exposure_days" in finding.values:
        filling["exposure"] = _exposure(finding.values, guidance)
    return filling


@cache
def _threshold_words(guidance: Guidance) -> Mapping[str, str]:
    return {name: _limit(threshold) for name, threshold in guidance.thresholds.items()}


def _limit(threshold: Threshold) -> str:
    return f"{threshold.value}{NO_BREAK_SPACE}{threshold.unit}"


def _show(name: str, value: object) -> dict[str, str]:
    if name.endswith("_mcg") and isinstance(value, int | Fraction):
        return {name.removesuffix("_mcg"): format_mg(value), name: show_mg_per_day(value)}
    if name.endswith("_percent") and isinstance(value, int | Fraction):
        return {name: show_percent(value)}
    if isinstance(value, datetime):
        return {name: f"{show_date(value)}, {value:%H:%M}"}
    if isinstance(value, date):
        return {name: show_date(value)}
    return {name: str(value)}


show_date = show_full_day
"""A date that cannot be misread: "12 Nov 2026"."""


def _exposure(values: Mapping[str, object], guidance: Guidance) -> str:
    days = values["exposure_days"]
    weight = "counts as long" if values["long"] else "does not count as long"
    if not isinstance(days, int | Fraction):
        return f"Exposure before the record is unknown and {weight}"
    months = int(days / guidance.amount(_DAYS_A_MONTH))
    length = f"{months} months" if months > 1 else f"{int(days)} days"
    return f"Exposure of {length} {weight}"
