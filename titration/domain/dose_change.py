"""What a dose change does to the daily total, in mg and per cent. From nothing there is no per cent."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from titration.domain.days import show_full_day
from titration.domain.history import is_told_nothing, prescribed_changes, prescribed_history, taken_history
from titration.domain.intake_span import report_of
from titration.domain.plan_versions import begun_since
from titration.domain.record import IntakeEntry, IntakeKind, PatientRecord, PlanState
from titration.domain.regimen import Regimen, describe
from titration.domain.units import format_mg, show_mg, show_mg_per_day, show_percent

MINUS = "\u2212"


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
        """60 → 30 mg/day (−30 mg, −50 %)."""
        if self.before_mcg is None:
            return "The first dose on file"
        if self.before_mcg == self.after_mcg:
            return f"No change of the total of {show_mg_per_day(self.before_mcg)}"
        sign = "+" if self.after_mcg > self.before_mcg else MINUS
        share = f", {sign}{show_percent(abs(self.change_percent))}" if self.change_percent is not None else ""
        difference = show_mg(abs(self.after_mcg - self.before_mcg))
        return f"{format_mg(self.before_mcg)} → {show_mg_per_day(self.after_mcg)} ({sign}{difference}{share})"


def compared_words(record: PatientRecord, starts_on: date) -> str:
    """What a change is compared with, where less or more was taken on the day before than was prescribed; else ""."""
    day_before = starts_on.toordinal() - 1
    taken, prescribed = taken_history(record).on(day_before), prescribed_history(record).on(day_before)
    if taken == prescribed:
        return ""
    amount = "what was taken then is not known" if taken is None else f"{show_mg_per_day(taken)} was taken then"
    return f"Compared with what was prescribed on the day before; {amount}, and the rules judge what is taken."


def goes_on_otherwise(record: PatientRecord, on: date) -> bool:
    """Whether a report without an end says that from a day on something else is taken than what is prescribed."""
    day, report = on.toordinal(), report_of(record, on)
    is_open = report is not None and report.ends_on is None
    return is_open and taken_history(record).on(day) != prescribed_history(record).on(day)


def taken_as_ordered(record: PatientRecord, since: date, *, at: datetime) -> PatientRecord:
    """The record as it would be if from a day on what is prescribed were taken, whatever a report that goes on says.
    at: now, aware.
    """
    followed = IntakeEntry(
        id="supposed", recorded_at=at, recorded_by="", kind=IntakeKind.AS_PRESCRIBED, starts_on=since, ends_on=None
    )
    return replace(record, intakes=(*record.intakes, followed))


def supposed_words(proposed: PatientRecord, on: date) -> str:
    """Beside a change where such a report stands: how it was judged; "" where none does. proposed: with the change."""
    if not goes_on_otherwise(proposed, on):
        return ""
    taken = taken_history(proposed).on(on.toordinal())
    amount = "that it is not known what is taken" if taken is None else f"that {show_mg_per_day(taken)} is taken"
    return (
        f"A report says {amount} on {show_full_day(on)}, and it goes on after saving. Judged with it, and as if the "
        "new dose were taken. Once the new dose is taken, log it under Taken."
    )


def regimen_before(record: PatientRecord, starts_on: date) -> Regimen | None:
    """What is prescribed on the day before a change: the change takes the place of an entry or a planned step of its
    own day. None where nothing is on file yet; 0 where it was told that nothing was taken.
    """
    told = [entry.regimen for entry in record.regimens if entry.starts_on == starts_on and is_told_nothing(entry)]
    begun = [regimen for day, regimen in prescribed_changes(record) if day < starts_on]
    return [*told, *begun][-1] if told or begun else None


def held_words(record: PatientRecord, starts_on: date, today: date) -> str:
    """What a dose change does to the plan that runs, "" where none does: it is held, and nothing is re-dated. One that
    began after the change's day has begun for good, and is held from tomorrow.
    """
    running = [plan for plan in record.plans if plan.state is PlanState.RUNNING]
    since = begun_since(record.plans, starts_on, today)
    told = [
        (plan.number in since, f"{plan.kind.value} (plan {plan.number}, version {plan.version})") for plan in running
    ]
    parts = ((True, " from tomorrow: no further step begins"), (False, ": no later step counts"))
    said = ((" and ".join(name for is_begun, name in told if is_begun is of), what) for of, what in parts)
    return " ".join(f"This holds the running {named}{what} until someone resumes it." for named, what in said if named)


def same_words(record: PatientRecord, starts_on: date, regimen: Regimen) -> str:
    """The same doses at the same times of day are no change; "" where something differs."""
    begun = [each for day, each in prescribed_changes(record) if day <= starts_on]
    if begun[-1:] != [regimen]:
        return ""
    how = f" ({describe(regimen)})" if regimen.daily_mcg else ""
    dose, on = show_mg_per_day(regimen.daily_mcg), show_full_day(starts_on)
    return f"{dose}{how} is the dose already on {on}. Change a dose, or log what was taken instead."
