"""The terms of withdrawal over one dose history: level, previous level, peak, maintenance, exposure.

The definitions are ours and stand with their reasons in `guidance/terms.toml`. All arithmetic is exact: whole
micrograms, and fractions for means and shares.
Unknown stays None. One Terms object serves one assessment and remembers what it has worked out.
"""

from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise

from titration.domain.guidance import Guidance
from titration.domain.history import Day, DoseHistory

_FOREVER = date.max.toordinal()


class Terms:
    """The words in which withdrawal is defined, for one history, each as a function of the day."""

    def __init__(self, taken: DoseHistory, exposure_months: Fraction | None, guidance: Guidance) -> None:
        self._taken = taken
        self._exposure_months = exposure_months
        self._guidance = guidance
        self._levels: dict[Day, int | None] = {}
        self._maintenance: dict[Day, Fraction | None] = {}
        self._exposure: dict[Day, Fraction | None] = {}
        self._restarts: list[tuple[Day, Day]] | None = None

    def dose(self, day: Day) -> int | None:
        """D: mcg taken on the day."""
        return self._taken.on(day)

    def level(self, day: Day) -> int | None:
        """L: the dose, at most the highest known one of the days before, so that one isolated high day is no level."""
        if day not in self._levels:
            (self._levels[day],) = self._levels_between(day, day)
        return self._levels[day]

    def _levels_between(self, first: Day, last: Day) -> list[int | None]:
        back = self._guidance.count("isolated_day_lookback")
        doses = self._taken.span(first - back, last)
        return [_level(doses[place : place + back], dose) for place, dose in enumerate(doses[back:])]

    def is_steady(self, day: Day) -> bool:
        """Whether the dose is that of the day before, so that it cannot have dropped."""
        return not self._taken.changed_between(day, day)

    def previous(self, day: Day) -> int | None:
        """prev: the level of the last known day among the three before."""
        return next((level for level in reversed(self._levels_before(day)) if level is not None), None)

    def peak(self, day: Day) -> int | None:
        """P: the highest level of the three days before; the previous level where the way down was in small even
        steps.
        """
        known = [level for level in self._levels_before(day) if level is not None]
        if not known:
            return None
        return self.previous(day) if self._went_in_small_steps(day) else max(known)

    def _levels_before(self, day: Day) -> list[int | None]:
        return [self.level(earlier) for earlier in range(day - self._guidance.count("previous_days"), day)]

    def _went_in_small_steps(self, day: Day) -> bool:
        """Steps are taken from one known day to the next known one, so that an unknown day between hides no large
        step.
        """
        doses = self._taken.span(day - self._guidance.count("previous_days"), day)
        known = [mcg for mcg in doses if mcg is not None]
        small = self._guidance.amount("small_even_step")
        return all(abs(later - earlier) <= small for earlier, later in pairwise(known))

    def maintenance(self, day: Day) -> Fraction | None:
        """M: the highest mean level of 7 days in a row within the 28 before; None without 3 known days in a row
        above 0.
        """
        if day not in self._maintenance:
            self._maintenance[day] = self._usual_dose(day)
        return self._maintenance[day]

    def _usual_dose(self, day: Day) -> Fraction | None:
        first = day - self._guidance.count("maintenance_window")
        steady = self._taken.on(day - 1)
        if steady and not self._taken.changed_between(first - self._guidance.count("isolated_day_lookback"), day - 1):
            return Fraction(steady)
        if not self._has_a_run_above_zero(self._taken.span(first, day - 1)):
            return None
        return _highest_mean(
            self._levels_between(first, day - 1),
            width=self._guidance.count("maintenance_mean"),
            known_needed=self._guidance.count("maintenance_known"),
        )

    def _has_a_run_above_zero(self, doses: list[int | None]) -> bool:
        needed, run = self._guidance.count("maintenance_run"), 0
        for mcg in doses:
            run = run + 1 if mcg else 0
            if run == needed:
                return True
        return False

    def exposure_days(self, day: Day) -> Fraction | None:
        """Days of treatment up to the day, None when the time before the record is not known; starts again after 14
        known days at zero.
        """
        if day not in self._exposure:
            self._exposure[day] = self._exposure_until(day)
        return self._exposure[day]

    def _exposure_until(self, day: Day) -> Fraction | None:
        restarts = [restart for restart in self._zero_runs() if restart[0] + self._restart_length - 1 <= day]
        if restarts:
            return Fraction(self._days_of_treatment(restarts[-1][1], day))
        if self._exposure_months is None:
            return None
        before = self._exposure_months * self._guidance.amount("month")
        return before + self._days_of_treatment(self._taken.first_day or day, day)

    def _days_of_treatment(self, first: Day, day: Day) -> int:
        """Days from the first dose on or after `first` until `day`; 0 when there was none."""
        start: Day | None = first
        while start is not None and not self._taken.on(start):
            start = self._taken.next_change_after(start)
        return max(0, day - start) if start is not None else 0

    @property
    def _restart_length(self) -> int:
        return self._guidance.count("exposure_restart")

    def _zero_runs(self) -> list[tuple[Day, Day]]:
        """The stretches of known zero that are long enough to end exposure, first and last day; the last may be
        open.
        """
        if self._restarts is None:
            ends = (*(day - 1 for day in self._taken.days[1:]), _FOREVER)
            stretches = zip(self._taken.days, ends, self._taken.values, strict=False)
            self._restarts = [(a, b) for a, b, mcg in stretches if mcg == 0 and b - a + 1 >= self._restart_length]
        return self._restarts

    def is_long(self, day: Day) -> bool:
        """Whether exposure counts as long; unknown counts as long."""
        exposure = self.exposure_days(day)
        return exposure is None or exposure >= self._guidance.amount("long_exposure")

    def is_short(self, day: Day) -> bool:
        exposure = self.exposure_days(day)
        return exposure is not None and exposure < self._guidance.amount("short_exposure")

    def is_terminal(self, mcg: int, maintenance: Fraction) -> bool:
        """Whether a dose is small enough to end in one step."""
        share = self._guidance.amount("terminal_share")
        return mcg <= self._guidance.amount("terminal_dose") or mcg <= maintenance * share

    def cleared_between(self, first: Day, last: Day, maintenance: Fraction) -> bool:
        """Whether on a known day from first to last enough was taken again to end a finding that rests on this
        maintenance.
        """
        enough = maintenance * self._guidance.amount("clears_share")
        return any(mcg is not None and mcg >= enough for mcg in self._taken.span(first, last))


def _level(before: list[int | None], dose: int | None) -> int | None:
    known = [mcg for mcg in before if mcg is not None]
    if dose is None or not known:
        return dose
    return min(dose, max(known))


def _highest_mean(levels: list[int | None], *, width: int, known_needed: int) -> Fraction:
    """The highest mean of any `width` levels in a row with enough known ones, by running sums; callers know a run above
    0, so there is one.
    """
    sums = [0, *accumulate(level or 0 for level in levels)]
    counts = [0, *accumulate(level is not None for level in levels)]
    best_sum, best_count = 0, 1
    for start in range(len(levels) - width + 1):
        total, known = sums[start + width] - sums[start], counts[start + width] - counts[start]
        if known >= known_needed and total * best_count > best_sum * known:
            best_sum, best_count = total, known
    return Fraction(best_sum, best_count)
