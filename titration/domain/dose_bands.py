"""Bands of the daily dose: what is said of a dose is new again where its band rises, not with each milligram."""

import tomllib
from bisect import bisect_left
from functools import cache
from importlib.resources import files

from titration.domain.units import parse_mg


@cache
def dose_bands_mcg() -> tuple[int, ...]:
    """The highest dose of each band in mcg/day, the lowest band first."""
    text = files("titration.domain.guidance").joinpath("dose_bands.toml").read_text(encoding="utf-8")
    return tuple(parse_mg(dose) for dose in tomllib.loads(text)["up_to_mg"])


def dose_band_mcg(daily_mcg: int) -> int:
    """The highest dose of the band that a daily dose is in; of the highest band also for what is above it."""
    bands = dose_bands_mcg()
    return bands[min(bisect_left(bands, daily_mcg), len(bands) - 1)]


def higher_bands_mcg(daily_mcg: int) -> tuple[int, ...]:
    """Those above the band that a daily dose is in."""
    return tuple(band for band in dose_bands_mcg() if band > dose_band_mcg(daily_mcg))
