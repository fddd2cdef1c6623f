"""The ways that the planner offers and the limits of a plan, read from `guidance/presets.toml`, each with its
source."""

import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from titration.domain.planning.request import WayDown, WayUp
from titration.domain.units import parse_mg

_FILE = Path(__file__).parent.parent / "guidance" / "presets.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One way to go down or up with its size, pace and citation. percent is of the current daily dose; days is the
    whole length."""

    code: str
    way: WayDown | WayUp
    title: str
    note: str
    source: str
    locator: str
    origin: str
    reviewed_on: date
    step_mcg: int | None = None
    step_days: int | None = None
    percent: Fraction | None = None
    days: int | None = None
    maximum_mcg: int | None = None
    single_maximum_mcg: int | None = None
    default_when: str = ""

    @property
    def is_taper(self) -> bool:
        return isinstance(self.way, WayDown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes and bounds of every plan; doses in mcg."""

    smallest_step: int
    second_grid: int
    liquid_grid: int
    half_mg_grid: int
    maximum_steps: int
    maximum_days: int
    stable_days: int


@cache
def load_limits() -> Limits:
    """The limits of a plan."""
    return Limits(**{name: _amount(entry) for name, entry in _read()["limits"].items()})


def preset_of(way: WayDown | WayUp) -> Preset | None:
    """The first preset of a way; None for steps by hand."""
    return next((preset for preset in PRESETS.values() if preset.way is way), None)


def default_preset(exposure_is_long: bool | None) -> Preset:
    """The taper that is offered first: the Swiss label's pace when exposure is long or unknown (None), else the usual
    label's."""
    wanted = "not_long" if exposure_is_long is False else "long"
    return next(preset for preset in PRESETS.values() if preset.default_when == wanted)


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _amount(entry: dict[str, Any]) -> int:
    return parse_mg(entry["value"]) if entry["unit"].startswith("mg") else int(entry["value"])


def _preset(entry: dict[str, Any]) -> Preset:
    ways: list[WayDown | WayUp] = [*WayDown, *WayUp]
    fields = {
        name.removesuffix("_mg") + "_mcg" if name.endswith("_mg") else name: value for name, value in entry.items()
    }
    doses = {name: parse_mg(value) for name, value in fields.items() if name.endswith("_mcg")}
    percent = Fraction(entry["percent"]) if "percent" in entry else None
    way = next(way for way in ways if way.value == entry["way"])
    return Preset(**{**fields, **doses, "percent": percent, "way": way})


PRESETS: dict[str, Preset] = {entry["code"]: _preset(entry) for entry in _read()["preset"]}
