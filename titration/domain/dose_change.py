"""What a dose change does to the daily total, in mg and per cent. From nothing there is no per cent."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from titration.domain.history import is_told_nothing, prescribed_regimens
from titration.domain.record import PatientRecord, PlanState
from titration.domain.regimen import Regimen
from titration.domain.units import NO_BREAK_SPACE, show_mg_per_day


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseChange:
    """before_mcg is None where nothing is prescribed on the day."""

    before_mcg: int | None
    after_mcg: int

    @property
    def change_percent(self) -> Fraction | None:
        """Signed; None from nothing or from zero."""
        return Fraction((self.after_mcg - self.before_mcg) * 100, self.before_mcg) if self.before_mcg else None

    @property
    def words(self) -> str:
        """15 mg/day more than 45 mg/day, 33 %."""
        if self.before_mcg is None:
            return "The first dose on file"
        if self.before_mcg == self.after_mcg:
            return f"No change of the total of {show_mg_per_day(self.before_mcg)}"
        more = "more" if self.after_mcg > self.before_mcg else "less"
        share = f", {_rounded(abs(self.change_percent))}{NO_BREAK_SPACE}%" if self.change_percent is not None else ""
        difference = show_mg_per_day(abs(self.after_mcg - self.before_mcg))
        return f"{difference} {more} than {show_mg_per_day(self.before_mcg)}{share}"


def _rounded(percent: Fraction) -> int:
    return int(percent + Fraction(1, 2))


def regimen_before(record: PatientRecord, starts_on: date) -> Regimen | None:
    """What would be prescribed on a day without a change on it; an entry of that day is replaced by the change, so
    the day before counts. None where nothing is on file yet; 0 where it was told that nothing was taken.
    """
    replaced = [entry for entry in record.regimens if entry.counts and entry.starts_on == starts_on]
    begun = [
        regimen
        for day, regimen in prescribed_regimens(record)
        if day < starts_on or (day == starts_on and not replaced)
    ]
    told = [entry.regimen for entry in replaced if is_told_nothing(entry)]
    return [*told, *begun][-1] if told or begun else None


def held_words(record: PatientRecord) -> str:
    """What a dose change does to the plan that runs, "" where none does: it is held, and nothing is re-dated."""
    running = [plan for plan in record.plans if plan.state is PlanState.RUNNING]
    named = " and ".join(f"{plan.kind.value} (plan {plan.number}, version {plan.version})" for plan in running)
    return f"This holds the running {named}: no later step counts until someone resumes it." if named else ""
