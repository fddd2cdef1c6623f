"""What is taken at which time of day.

A regimen is four doses a day, unequal amounts allowed. Alternate-day and as-needed use are not regimens; they are
recorded as intake reports.
"""

from dataclasses import dataclass
from enum import StrEnum

from titration.domain.units import NO_BREAK_SPACE, format_mg


class TimeOfDay(StrEnum):
    """The four times of day, in the order of the day."""

    MORNING = "morning"
    MIDDAY = "midday"
    EVENING = "evening"
    BEDTIME = "bedtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """Micrograms by time of day. Each is 0 or more; the ceiling is judged elsewhere, since taken doses may exceed
    it.
    """

    morning_mcg: int = 0
    midday_mcg: int = 0
    evening_mcg: int = 0
    bedtime_mcg: int = 0

    def __post_init__(self) -> None:
        if min(self.doses_mcg) < 0:
            raise ValueError("a dose is never negative")

    @property
    def doses_mcg(self) -> tuple[int, int, int, int]:
        """The four doses in the order of TimeOfDay."""
        return self.morning_mcg, self.midday_mcg, self.evening_mcg, self.bedtime_mcg

    @property
    def daily_mcg(self) -> int:
        return self.morning_mcg + self.midday_mcg + self.evening_mcg + self.bedtime_mcg

    @classmethod
    def of(cls, doses_mcg: tuple[int, int, int, int]) -> "Regimen":
        """The regimen of four doses in the order of TimeOfDay."""
        morning, midday, evening, bedtime = doses_mcg
        return cls(morning_mcg=morning, midday_mcg=midday, evening_mcg=evening, bedtime_mcg=bedtime)


_TIMES_A_DAY = {1: "once a day", 2: "twice a day", 3: "three times a day", 4: "four times a day"}


def describe(regimen: Regimen) -> str:
    """In plain words: "20 mg three times a day"; unequal doses as "15 + 10 + 15 + 0 mg"; zero as "none"."""
    given = [mcg for mcg in regimen.doses_mcg if mcg]
    if not given:
        return "none"
    if len(set(given)) == 1:
        return f"{format_mg(given[0])}{NO_BREAK_SPACE}mg {_TIMES_A_DAY[len(given)]}"
    return " + ".join(format_mg(mcg) for mcg in regimen.doses_mcg) + f"{NO_BREAK_SPACE}mg"
