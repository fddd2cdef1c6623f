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
class Hold:
    """on: its first day. told: when it was decided. by_change: whether a dose change did it."""

    on: date
    told: date
    by_change: bool


@dataclass
class Prescribed:
    """changes: by the day they begin. steps: those that stand, by the day they begin, with the number of their plan.
    began: the first day of each plan as it was first signed. Of the version signed last: its steps, its holds, and the
    days of the changes since. live: the plan that is under way, as whoever acts sees it.
    """

    changes: dict[date, Regimen] = field(default_factory=dict)
    steps: dict[date, tuple[int, Regimen]] = field(default_factory=dict)
    began: dict[int, date] = field(default_factory=dict)
    signed: dict[date, tuple[int, Regimen]] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    since: set[date] = field(default_factory=set)

    def change(self, on: date, takes: Regimen, today: date, live: int | None) -> None:
        """It takes the place of one of that day, and no step of a plan begins from that day on. Of a plan that began
        since, what has begun stands, and no further step begins; one that has not begun is held from today.
        """
        for number in self.began:
            first = self.first_of(number)
            begins_later = first is None or first > today
            from_on = max(on, today) if begins_later else today + ONE_DAY if on < first else on
            self.no_step_from(from_on, number=number)
            if number == live:
                self.hold(from_on, today, by_change=True)
        self.changes[on] = takes
        self.since.add(on)

    def first_of(self, number: int) -> date | None:
        return min((day for day, (of, _) in self.steps.items() if of == number), default=None)

    def hold(self, on: date, today: date, *, by_change: bool = False) -> None:
        """A later one changes nothing."""
        if not self.holds or on < self.holds[-1].on:
            self.holds.append(Hold(on, today, by_change))

    def hold_by_hand(self, on: date, today: date) -> None:
        self.no_step_from(on)
        self.hold(on, today)

    def release(self, days: list[date], live: int | None) -> None:
        """What had begun when an error was entered that holds the plan, and that nothing else keeps back."""
        if live is None or not self.holds or not self.holds[-1].by_change or self.holds[-1].on not in days:
            return
        last = self.holds[-1]
        kept = [day for day in self.since & self.changes.keys() if day >= last.on]
        for each in self.holds:
            is_error = each.by_change and each.on not in self.changes
            kept.append(each.told + ONE_DAY if is_error else each.on)
        if min(kept) > last.on:
            self.steps |= {day: step for day, step in self.signed.items() if day < min(kept)}
            self.holds.append(Hold(min(kept), last.told, min(kept) in self.changes))

    def no_step_from(self, on: date, *, number: int | None = None) -> None:
        """Of one plan, else of all."""
        self.steps = {
            day: step for day, step in self.steps.items() if day < on or number not in (None, step[0])
        }  # fmt: skip

    def sign(self, number: int, steps: Steps) -> None:
        self.no_step_from(steps[0][0])
        self.began.setdefault(number, steps[0][0])
        self.signed = {day: (number, takes) for day, takes in steps}
        self.steps |= self.signed
        self.holds, self.since = [], set()

    def redate(self, number: int, steps: Steps, today: date) -> None:
        """What began today has begun; of the same plan nothing else is left but the new steps."""
        self.no_step_from(today + ONE_DAY, number=number)
        self.sign(number, steps)

    def error(self, on: date, today: date, live: int | None) -> None:
        """A change that was none."""
        self.taken_back([on], today, live)

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

    def imported(self, changes: dict[date, Regimen], today: date, live: int | None) -> None:
        self._settled(lambda: self.changes.update(changes), today, live)
        self.since |= changes.keys()

    def taken_back(self, days: list[date], today: date, live: int | None) -> None:
        self._settled(lambda: [self.changes.pop(day) for day in days], today, live)
        self.release(days, live)

    def _settled(self, correct: Callable[[], object], today: date, live: int | None) -> None:
        """Where the next step would go on from another dose than before, no step begins."""
        coming = [day for day in self.steps if day > today]
        before = self.on(min(coming) - ONE_DAY) if coming else None
        correct()
        if coming and self.on(min(coming) - ONE_DAY) != before:
            self.no_step_from(today + ONE_DAY)
            if live is not None:
                self.hold(today + ONE_DAY, today)
