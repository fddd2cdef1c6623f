"""W1, W2 and W3 read a second time, from their definitions alone and in the plainest way that is still right.

It shares nothing with the engine: totals by day number in whole mg, every day worked out afresh, levels as numbers from
0 (info) to 3 (critical). Where both answer alike in random courses, a slip would have to be made twice.
`python -m tests.domain.second_reading 30000` compares as many as one likes.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from random import Random

from titration.domain.assess import assess
from titration.domain.case import Case
from titration.domain.findings import Severity
from titration.domain.guidance import load_guidance
from titration.domain.history import DoseHistory

MCG_PER_MG = 1000
FIRST_DAY = date(2026, 1, 1).toordinal()
STARTS_MG = (5, 10, 15, 20, 30, 40, 45, 60, 75, 80, 100, 120, 150, 200)
MONTHS_BEFORE = (None, Fraction(0), Fraction(0), Fraction(1), Fraction(2), Fraction(5, 2), Fraction(12))
RULES = ("W1", "W2", "W3")

type Levels = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A patient's days. mg: the total of each known day; c1: a condition that makes withdrawal more dangerous."""

    mg: dict[int, int]
    last: int
    months_before: Fraction | None
    c1: bool

    def levels(self) -> Levels:
        """What stands on the last day, by rule."""
        found: Levels = {}
        for day in range(self.last - 13, self.last + 1):
            for rule, level in self._fired(day).items():
                if not self._cleared(day):
                    found[rule] = max(level, found.get(rule, level))
        return {"W1": found["W1"]} if "W1" in found else found

    def _cleared(self, fired: int) -> bool:
        enough = self._maintenance(fired) * 9 / 10
        return any(self.mg.get(day, -1) >= enough for day in range(fired + 1, self.last + 1))

    def _fired(self, day: int) -> Levels:
        maintenance = self._maintenance(day)
        if not maintenance or day not in self.mg:
            return {}
        found = {
            "W1": self._stop(day, maintenance),
            "W2": self._drop(day, maintenance),
            "W3": self._week(day, maintenance),
        }
        return {rule: level for rule, level in found.items() if level is not None}

    def _level(self, day: int) -> int:
        """One high day alone is no level to fall from."""
        before = [self.mg[earlier] for earlier in range(day - 3, day) if earlier in self.mg]
        return min(self.mg[day], max(before)) if before else self.mg[day]

    def _maintenance(self, day: int) -> Fraction:
        """Zero where there is none yet."""
        days = range(day - 28, day)
        if not any(all(self.mg.get(first + more, 0) > 0 for more in range(3)) for first in days[:-2]):
            return Fraction(0)
        weeks = ([on for on in range(first, first + 7) if on in self.mg] for first in days[:-6])
        return max(Fraction(sum(map(self._level, week)), len(week)) for week in weeks if len(week) >= 3)

    def _before(self, day: int) -> list[int]:
        """Levels of the three days before, the nearest first."""
        return [self._level(earlier) for earlier in (day - 1, day - 2, day - 3) if earlier in self.mg]

    def _exposure(self, day: int) -> Fraction | None:
        """Days; None is unknown."""
        carried = None if self.months_before is None else self.months_before * Fraction(304375, 10000)
        begun, zeros = None, 0
        for on in range(FIRST_DAY, day + 1):
            zeros = zeros + 1 if self.mg.get(on) == 0 else 0
            if zeros == 14:
                carried, begun = Fraction(0), None
            if begun is None and self.mg.get(on, 0) > 0:
                begun = on
        return None if carried is None else carried + (day - begun if begun is not None else 0)

    def _is_long(self, day: int) -> bool:
        exposure = self._exposure(day)
        return exposure is None or exposure >= Fraction(60875, 1000)

    def _settled(self, level: int, day: int, cap: int = 3) -> int:
        exposure = self._exposure(day)
        is_short = exposure is not None and exposure < 14
        return min(max(level - is_short + self.c1, 0), 3, cap)

    def _stop(self, day: int, maintenance: Fraction) -> int | None:
        before = self._before(day)
        if self.mg[day] or not before or not before[0]:
            return None
        known = [self.mg[on] for on in range(day - 3, day + 1) if on in self.mg]
        steps = [abs(after - earlier) for earlier, after in pairwise(known)]
        peak = before[0] if max(steps) <= 5 else max(before)
        terminal = max(Fraction(10), maintenance / 10)
        if peak > terminal and peak > maintenance / 3 and (self._is_long(day) or maintenance >= 60):
            return self._settled(3, day)
        return self._settled(2, day) if before[0] > terminal and before[0] >= maintenance / 5 else None

    def _drop(self, day: int, maintenance: Fraction) -> int | None:
        before = self._before(day)
        if not before or before[0] <= max(Fraction(10), maintenance / 10):
            return None
        fall = before[0] - self.mg[day]
        of_level, of_maintenance = Fraction(fall, before[0]), fall / maintenance
        if of_level >= Fraction(3, 4) and of_maintenance > Fraction(1, 3) and self._is_long(day):
            return self._settled(3, day, self._cap(day, fall))
        if of_level >= Fraction(1, 2) and of_maintenance >= Fraction(1, 5):
            return self._settled(2, day, self._cap(day, fall))
        if of_level >= Fraction(1, 4) and of_maintenance >= Fraction(1, 10):
            return self._settled(1, day, self._cap(day, fall))
        return None

    def _cap(self, day: int, fall: int) -> int:
        if fall <= 5:
            return 0
        return 1 if fall <= 10 or (fall <= 15 and self._is_step_back(day)) else 3

    def _is_step_back(self, day: int) -> bool:
        """To what was held on three days at least directly before the last increase."""
        rises = [on for on in range(FIRST_DAY + 1, day) if self.mg.get(on, 0) > self.mg.get(on - 1, 1_000)]
        back_to = self.mg[day]
        return bool(rises and back_to) and all(self.mg.get(on) == back_to for on in range(rises[-1] - 3, rises[-1]))

    def _week(self, day: int, maintenance: Fraction) -> int | None:
        if day - 7 not in self.mg:
            return None
        fall = self._level(day - 7) - self.mg[day]
        if fall > maintenance / 2 + 5:
            return self._settled(2 if self._is_long(day) else 1, day)
        return self._settled(0, day) if fall > maintenance / 3 + 5 else None


def random_course(random: Random) -> Course:
    """Up to ten weeks with drops, rises, stops, days that nobody knows and single odd days."""
    days, mg, total = random.randint(4, 70), {}, random.choice(STARTS_MG)
    for day in range(FIRST_DAY, FIRST_DAY + days):
        if random.random() < 0.25:
            total = random.choice(
                [0, 0, *STARTS_MG[:11], total // 2, max(total - 5, 0), max(total - 10, 0), total + 15]
            )
        if random.random() > 0.08:
            mg[day] = random.choice([0, total * 2]) if random.random() < 0.03 else total
    months, c1 = random.choice(MONTHS_BEFORE), random.random() < 0.25
    return Course(mg=mg, last=FIRST_DAY + days - 1, months_before=months, c1=c1)


def engine_levels(course: Course) -> Levels:
    case = Case(
        as_of=date.fromordinal(course.last),
        taken=DoseHistory.from_daily((day, total * MCG_PER_MG) for day, total in course.mg.items()),
        exposure_months=course.months_before,
        conditions=frozenset({"seizure_disorder"} if course.c1 else ()),
    )
    order = (Severity.INFO, Severity.CAUTION, Severity.HIGH, Severity.CRITICAL)
    findings = assess(case, load_guidance()).findings
    return {finding.code: order.index(finding.severity) for finding in findings if finding.code in RULES}


def compared(count: int, seed: int = 1) -> Iterator[tuple[Course, Levels, Levels]]:
    """Random courses with the engine's levels and this reading's."""
    random = Random(seed)
    for _ in range(count):
        course = random_course(random)
        if course.mg:
            yield course, engine_levels(course), course.levels()


if __name__ == "__main__":
    answers = list(compared(int(sys.argv[1])))
    differing = [course for course, engine, second in answers if engine != second]
    print(f"{len(differing)} of {len(answers)} courses differ", *differing[:3], sep="\n")  # noqa: T201
