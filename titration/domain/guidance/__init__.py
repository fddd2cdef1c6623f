"""Every clinical number, once, with its source: thresholds as data, and a card for each rule.

The TOML files beside this module are the only place where a clinical number stands. A threshold says its value,
unit, source, locator, origin (monograph, label, literature or design) and the day it was reviewed. Nothing here
decides; rules ask for amounts by name.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from titration.domain.units import MCG_PER_MG

ORIGINS = ("monograph", "label", "literature", "design")
_THRESHOLD_FILES = (
    *("terms.toml", "withdrawal.toml", "titration.toml", "sedation.toml", "renal.toml", "making.toml", "limits.toml"),
)
_PER_CENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number of the guidance. `amount` is what rules compare with: mcg for mg, a share for %, else the number
    itself.
    """

    name: str
    label: str
    value: str
    unit: str
    source: str
    locator: str
    origin: str
    reviewed_on: date
    amount: Fraction | int

    def __post_init__(self) -> None:
        if not (self.source and self.locator and self.origin in ORIGINS):
            raise ValueError(f"threshold {self.name} lacks a source, a locator or a known origin")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """What "About this rule" tells: purpose, trigger in plain words, inputs, its thresholds, its sources and what it
    does not consider.
    """

    code: str
    name: str
    purpose: str
    trigger: tuple[str, ...]
    inputs: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    sources: tuple[str, ...]
    monograph: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Guidance:
    """One reviewed version of all thresholds and rule cards."""

    version: str
    reviewed_on: date
    reviewed_by: str
    thresholds: Mapping[str, Threshold]
    rules: tuple[RuleCard, ...]

    def threshold(self, name: str) -> Threshold:
        return self.thresholds[name]

    def amount(self, name: str) -> Fraction | int:
        """The number to compare with: mcg for mg, a share of one for %, else as written."""
        return self.thresholds[name].amount

    def count(self, name: str) -> int:
        """A whole number, such as days."""
        return int(self.thresholds[name].amount)

    @property
    def ceiling_mcg(self) -> int:
        """The daily total above which nothing may be prescribed or planned (T3)."""
        return self.count("ceiling")

    def labelled_maximum_mcg(self, label_set: str) -> int:
        """The labelled daily maximum of a label set: US, UK or AU."""
        return self.count(f"labelled_maximum_{label_set.lower()}")

    def rule(self, code: str) -> RuleCard:
        return next(card for card in self.rules if card.code == code)


@cache
def load_guidance() -> Guidance:
    """The guidance that ships with this version. Raises ValueError where a threshold lacks its source."""
    about = _read("about.toml")
    thresholds = {
        name: _threshold(name, entry, about["reviewed_on"])
        for file_name in _THRESHOLD_FILES
        for name, entry in _read(file_name).items()
    }
    rules = tuple(_card(code, entry, thresholds) for code, entry in _read("rules.toml").items())
    return Guidance(about["version"], about["reviewed_on"], about["reviewed_by"], thresholds, rules)


def _read(file_name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(file_name).read_text(encoding="utf-8"))


def _threshold(name: str, entry: Mapping[str, Any], reviewed_on: date) -> Threshold:
    return Threshold(name=name, amount=_amount(entry["value"], entry["unit"]), **{"reviewed_on": reviewed_on, **entry})


def _amount(value: str, unit: str) -> Fraction | int:
    number = Fraction(value)
    if unit.startswith("mg"):
        number *= MCG_PER_MG
    if unit.startswith("%"):
        number /= _PER_CENT
    return number.numerator if number.denominator == 1 else number


def _card(code: str, entry: Mapping[str, Any], thresholds: Mapping[str, Threshold]) -> RuleCard:
    return RuleCard(
        code=code,
        name=entry["name"],
        purpose=entry["purpose"],
        trigger=tuple(entry["trigger"]),
        inputs=tuple(entry["inputs"]),
        thresholds=tuple(thresholds[name] for name in entry["thresholds"]),
        sources=tuple(entry["sources"]),
        monograph=entry["monograph"],
        limits=tuple(entry["limits"]),
    )
