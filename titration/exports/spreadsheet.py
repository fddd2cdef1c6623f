"""A plan as CSV: one row a step, or one row a day and time of day.

Every row carries the plan's version, hash and guidance version as columns, so that a file that is sorted, cut or
merged still says where each row comes from. Text that a spreadsheet would run as a formula is made plain text;
numbers stay numbers. No names. Whatever the language of the papers, a table is in English.

Steps are all listed, and say whether they stand; days only as far as they are due, so that nobody who adds up a column
counts the tablets of a plan on hold.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titration.domain.days import WEEKDAYS
from titration.domain.regimen import TimeOfDay
from titration.exports.document import DocumentStep, PlanDay, PlanDocument
from titration.exports.language import language_of
from titration.exports.takings import take_words
from titration.exports.text import mg_number, one_line

BYTE_ORDER_MARK = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

type Cell = str | int | Decimal | date
type Cells = list[str | int]
type Columns[Row] = dict[str, Callable[[PlanDocument, Row], Cell]]


def guard(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what would begin a formula. Source: OWASP, CSV injection."""
    folded = unicodedata.normalize("NFKC", text.strip())
    starts_formula = folded.startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS)
    return f"'{text}" if starts_formula else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is due at one time of each day of a step."""

    step: DocumentStep
    time_of_day: TimeOfDay
    dose_mcg: int


def _origin(plan: PlanDocument) -> dict[str, Cell]:
    """The columns that say where a row comes from, the same in every row."""
    return {
        "plan_id": plan.id,
        "plan_number": plan.number,
        "plan_version": plan.version,
        "plan_state": plan.state.value,
        "signed_by": plan.signed.by if plan.signed else "",
        "signed_at": plan.local(plan.signed.at).isoformat(timespec="seconds") if plan.signed else "",
        "content_hash": plan.content_hash,
        "guidance_version": plan.guidance_version,
        "patient_identifier": plan.patient.identifier,
    }


def _take(step: DocumentStep, time_of_day: TimeOfDay) -> str:
    return take_words(language_of("en"), step.parts(time_of_day))


STEP_COLUMNS: Columns[DocumentStep] = {
    "step_number": lambda _, step: step.number,
    "step_id": lambda _, step: step.id,
    "starts_on": lambda _, step: step.starts_on,
    "last_day": lambda plan, step: plan.last_day_of(step),
    "morning_mg": lambda _, step: mg_number(step.regimen.morning_mcg),
    "midday_mg": lambda _, step: mg_number(step.regimen.midday_mcg),
    "evening_mg": lambda _, step: mg_number(step.regimen.evening_mcg),
    "bedtime_mg": lambda _, step: mg_number(step.regimen.bedtime_mcg),
    "daily_mg": lambda _, step: mg_number(step.regimen.daily_mcg),
    "change_mg": lambda _, step: mg_number(step.change_mcg),
    "morning_take": lambda _, step: _take(step, TimeOfDay.MORNING),
    "midday_take": lambda _, step: _take(step, TimeOfDay.MIDDAY),
    "evening_take": lambda _, step: _take(step, TimeOfDay.EVENING),
    "bedtime_take": lambda _, step: _take(step, TimeOfDay.BEDTIME),
    "step_state": lambda _, step: step.state,
    "stands": lambda plan, step: "yes" if plan.stands_on(step.starts_on) else "no",
}

DATE_COLUMNS: Columns[PlanDay] = {
    "date": lambda _, day: day.on,
    "weekday": lambda _, day: WEEKDAYS[day.on.weekday()],
}

INTAKE_COLUMNS: Columns[Intake] = {
    "time_of_day": lambda _, intake: intake.time_of_day.value,
    "clock_time": lambda plan, intake: plan.clinic.clock_times.get(intake.time_of_day, ""),
    "dose_mg": lambda _, intake: mg_number(intake.dose_mcg),
    "take": lambda _, intake: _take(intake.step, intake.time_of_day),
    "daily_mg": lambda _, intake: mg_number(intake.step.regimen.daily_mcg),
    "step_number": lambda _, intake: intake.step.number,
    "step_id": lambda _, intake: intake.step.id,
}


def write_steps(plan: PlanDocument) -> bytes:
    return _written(plan, [*STEP_COLUMNS], ([*_cells(plan, STEP_COLUMNS, step)] for step in plan.steps))


def write_days(plan: PlanDocument) -> bytes:
    return _written(plan, [*DATE_COLUMNS, *INTAKE_COLUMNS], _day_rows(plan))


def _day_rows(plan: PlanDocument) -> Iterator[Cells]:
    """What is due at a time of day is the same on every day of a step and is worded once."""
    intakes: dict[int, list[Cells]] = {}
    for day in plan.due_days():
        if day.step.number not in intakes:
            intakes[day.step.number] = [_cells(plan, INTAKE_COLUMNS, intake) for intake in _intakes(day.step)]
        date_cells = _cells(plan, DATE_COLUMNS, day)
        yield from (date_cells + cells for cells in intakes[day.step.number])


def _intakes(step: DocumentStep) -> Iterator[Intake]:
    for time_of_day, dose_mcg in zip(TimeOfDay, step.regimen.doses_mcg, strict=True):
        yield Intake(step=step, time_of_day=time_of_day, dose_mcg=dose_mcg)


def _cells[Row](plan: PlanDocument, columns: Columns[Row], row: Row) -> Cells:
    return [_shown(cell(plan, row)) for cell in columns.values()]


def _written(plan: PlanDocument, names: list[str], rows: Iterable[Cells]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    origin = _origin(plan)
    same = [_shown(cell) for cell in origin.values()]
    writer.writerow([*origin, *names])
    writer.writerows(same + row for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _shown(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return guard(one_line(cell))
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell if isinstance(cell, int) else cell.isoformat()
