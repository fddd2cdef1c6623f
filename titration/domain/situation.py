"""What a rule is handed: the case, the guidance, and the terms worked out from both."""

from dataclasses import dataclass
from datetime import date

from titration.domain.case import Case
from titration.domain.findings import Finding, Undecided
from titration.domain.guidance import Guidance, Threshold
from titration.domain.history import Day
from titration.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Situation:
    """One case before the rules. `day` is the day judged, as an ordinal."""

    case: Case
    guidance: Guidance
    terms: Terms

    @classmethod
    def of(cls, case: Case, guidance: Guidance) -> "Situation":
        return cls(case, guidance, Terms(case.taken, case.exposure_months, guidance))

    @property
    def day(self) -> Day:
        return self.case.day

    def prescribed_or_taken(self, day: Day) -> int | None:
        """What prescribing rules look at: the prescribed total where there is one, else what was taken."""
        prescribed = self.case.prescribed.on(day) if self.case.prescribed else None
        return self.case.taken.on(day) if prescribed is None else prescribed

    @property
    def first_on(self) -> date:
        """The first day of the record: what was known then is a standing fact."""
        first = self.case.taken.first_day
        return self.case.as_of if first is None else min(as_date(first), self.case.as_of)

    def known_from(self, code: str) -> date:
        """From when a condition or another drug is known; the first day of the record where no date is on file."""
        return self.case.known_since.get(code, self.first_on)

    def thresholds(self, *names: str) -> tuple[Threshold, ...]:
        return tuple(self.guidance.threshold(name) for name in names)


type Answer = tuple[list[Finding], list[Undecided]]


def as_date(day: Day) -> date:
    return date.fromordinal(day)
