"""What is prescribed on a day, kept a second time by hand: two lists of days, and what each act takes out or puts in.

It shares nothing with the product but the Regimen. Doses changed by hand stand beside steps of plans; on one day the
dose changed by hand counts. Written from the product's description: an unplanned change holds the plan, a plan goes on
until the next one begins, and nothing that was put aside begins later by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from titration.domain.regimen import Regimen

ONE_DAY = timedelta(days=1)

type Steps = Sequence[tuple[date, Regimen]]


@dataclass
class Prescribed:
    """changes: by the day they begin. steps: those that stand, by the day they begin, with the number of their plan.
    began: the first day of each plan as it was first signed.
    """

    changes: dict[date, Regimen] = field(default_factory=dict)
    steps: dict[date, tuple[int, Regimen]] = field(default_factory=dict)
    began: dict[int, date] = field(default_factory=dict)

    def change(self, on: date, takes: Regimen, today: date) -> None:
        """It takes the place of one of that day, and no step of a plan begins from that day on. Of a plan that began
        since, what has begun stands, and no further step begins.
        """
        for number, first in self.began.items():
            self.no_step_from(today + ONE_DAY if on < first <= today else on, number=number)
        self.changes[on] = takes

    def no_step_from(self, on: date, *, number: int | None = None) -> None:
        """Of one plan, else of all."""
        self.steps = {
            day: step for day, step in self.steps.items() if day < on or number not in (None, step[0])
        }  # fmt: skip

    def sign(self, number: int, steps: Steps) -> None:
        self.no_step_from(steps[0][0])
        self.began.setdefault(number, steps[0][0])
        self.steps |= {day: (number, takes) for day, takes in steps}

    def redate(self, number: int, steps: Steps, today: date) -> None:
        """What began today has begun; of the same plan nothing else is left but the new steps."""
        self.no_step_from(today + ONE_DAY, number=number)
        self.sign(number, steps)

    def error(self, on: date, today: date) -> None:
        """A change that was none."""
        self._settled(lambda: self.changes.pop(on), today)

    @property
    def course(self) -> list[tuple[date, Regimen]]:
        steps = {day: takes for day, (_, takes) in self.steps.items()}
        return sorted((steps | self.changes).items(), key=lambda each: each[0])

    def on(self, day: date) -> Regimen | None:
        begun = [takes for starts_on, takes in self.course if starts_on <= day]
        return begun[-1] if begun else None

    def mcg_on(self, day: date) -> int | None:
        takes = self.on(day)
        return None if takes is None else sum(takes.doses_mcg)

    def imported(self, changes: dict[date, Regimen], today: date) -> None:
        self._settled(lambda: self.changes.update(changes), today)

    def taken_back(self, days: list[date], today: date) -> None:
        self._settled(lambda: [self.changes.pop(day) for day in days], today)

    def _settled(self, correct: Callable[[], object], today: date) -> None:
        """Where the next step would go on from another dose than before, no step begins."""
        coming = [day for day in self.steps if day > today]
        before = self.on(min(coming) - ONE_DAY) if coming else None
        correct()
        if coming and self.on(min(coming) - ONE_DAY) != before:
            self.no_step_from(today + ONE_DAY)
