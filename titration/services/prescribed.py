"""What every prescribed and planned dose must pass before the database says no, and how a regimen becomes four
columns."""

from titration.domain.errors import AboveCeiling
from titration.domain.regimen import Regimen
from titration.domain.units import show_mg_per_day
from titration.models.bounds import CEILING_MCG, ceiling_sentence


def doses(regimen: Regimen) -> dict[str, int]:
    return {
        "morning_mcg": regimen.morning_mcg,
        "midday_mcg": regimen.midday_mcg,
        "evening_mcg": regimen.evening_mcg,
        "bedtime_mcg": regimen.bedtime_mcg,
    }


def check_dose(regimen: Regimen) -> None:
    """T3: refused on every path. The database holds the same ceiling."""
    if regimen.daily_mcg > CEILING_MCG:
        raise AboveCeiling(f"{show_mg_per_day(regimen.daily_mcg)} is not saved. {ceiling_sentence()}")
