"""From the cells of a row to values, or to what is wrong with which cell. Nothing is guessed.

Dates are year first, or in the one other order that was chosen for the whole file; doses are read as everywhere else.
A blank cell says nothing; in a row that names one time of day, the others must be written too, 0 for none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from titration.domain.errors import DomainError, NotADose
from titration.domain.record import SymptomList
from titration.domain.regimen import Regimen
from titration.domain.text import Hidden, note_of
from titration.domain.units import parse_mg, show_mg
from titration.domain.vocabulary import (
    ADVERSE_EFFECTS,
    SCORE_VALUES,
    SEDATION_GRADES,
    SYMPTOM_SEVERITIES,
    WITHDRAWAL_SEVERITY,
    WITHDRAWAL_SIGNS,
)
from titration.imports.columns import DOSES, SCALES, TIMES
from titration.imports.sheets import Sheet
from titration.imports.xlsx import NO_VALUE

LONGEST_NOTE = 500


class DateOrder(StrEnum):
    """How the dates of a file are written. Year first is always read."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


DATE_ORDERS = {
    DateOrder.ISO: "year-month-day, as 2026-11-13",
    DateOrder.DAY_FIRST: "day, month, year, as 13/11/2026 or 13.11.2026",
    DateOrder.MONTH_FIRST: "month, day, year, as 11/13/2026",
}
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_OTHER = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", re.ASCII)
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one cell, or with the row where column is ""."""

    row: int
    column: str
    sentence: str

    @property
    def words(self) -> str:
        place = f"Row {self.row}, column “{self.column}”" if self.column else f"Row {self.row}"
        return f"{place}: {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    symptom_list: SymptomList
    code: str
    severity: str
    other_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """What one row says. at: the clock time of its reports, None when not given."""

    number: int
    on: date
    at: time | None = None
    regimen: Regimen | None = None
    daily_mcg: int | None = None
    sedation: int | None = None
    scores: Mapping[str, str] = field(default_factory=dict)
    symptoms: tuple[Symptom, ...] = ()
    note: str = ""

    @property
    def has_dose(self) -> bool:
        return self.regimen is not None or self.daily_mcg is not None

    @property
    def total_mcg(self) -> int | None:
        """Of the day, written as such or added up; None without a dose."""
        return self.regimen.daily_mcg if self.regimen is not None else self.daily_mcg


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVerdict:
    """One row: what it says (None when it cannot be read), what is wrong with it, and what to check in a good one."""

    number: int
    cells: tuple[str, ...]
    row: HistoryRow | None
    problems: tuple[Problem, ...] = ()
    to_check: tuple[str, ...] = ()


class _Unreadable(DomainError):
    """A cell that cannot be read, with its sentence."""


def read_rows(sheet: Sheet, columns: Sequence[str], order: DateOrder) -> tuple[RowVerdict, ...]:
    """Every row with its verdict. columns: what each column of the header holds."""
    names = {code: name for code, name in zip(columns, sheet.header, strict=True) if code}
    return tuple(_verdict(number, cells, columns, names, order) for number, cells in sheet.rows)


def _verdict(
    number: int, cells: tuple[str, ...], columns: Sequence[str], names: Mapping[str, str], order: DateOrder
) -> RowVerdict:
    reader = _RowReader({code: cell for code, cell in zip(columns, cells, strict=True) if code}, order)
    row = reader.read(number)
    problems = tuple(
        Problem(row=number, column=names.get(code, ""), sentence=sentence) for code, sentence in reader.problems
    )
    return RowVerdict(number=number, cells=cells, row=None if problems else row, problems=problems)


class _RowReader:
    """Reads the cells of one row and collects what is wrong, so that all of it is told at once."""

    def __init__(self, cells: Mapping[str, str], order: DateOrder) -> None:
        self.problems: list[tuple[str, str]] = []
        self._cells, self._order = cells, order

    def read(self, number: int) -> HistoryRow | None:
        unsaved = [code for code, text in self._cells.items() if text == NO_VALUE]
        if unsaved:
            self.problems += [(code, "this formula was saved without a value. Write the value.") for code in unsaved]
            return None
        on, moment = self._day_and_time()
        regimen, daily_mcg = self._doses()
        row = HistoryRow(
            number=number,
            on=on or date.min,
            at=moment,
            regimen=regimen,
            daily_mcg=daily_mcg,
            sedation=self._sedation(),
            scores=self._scores(),
            symptoms=self._symptoms(),
            note=self._note(),
        )
        if not self.problems and not (row.has_dose or row.sedation is not None or row.scores or row.symptoms):
            self.problems.append(("", "there is no dose and no report in it. Fill it in or delete it."))
        return row

    def _fail(self, code: str, sentence: str) -> None:
        self.problems.append((code, sentence))

    def _day_and_time(self) -> tuple[date | None, time | None]:
        text, clock = self._cells.get("date", ""), self._cells.get("time", "")
        if not clock and " " in text:
            text, _, clock = text.partition(" ")
        match = _TIME.fullmatch(clock)
        if clock and match is None:
            self._fail("time" if self._cells.get("time") else "date", "write the time as hour:minute, as 08:30.")
        try:
            day = read_day(text, self._order)
        except _Unreadable as refusal:
            self._fail("date", refusal.sentence)
            return None, None
        return day, time(int(match[1]), int(match[2])) if match else None

    def _doses(self) -> tuple[Regimen | None, int | None]:
        mcg = {code: self._dose(code) for code in DOSES if self._cells.get(code)}
        if any(amount is None for amount in mcg.values()):
            return None, None
        amounts = {code: amount for code, amount in mcg.items() if amount is not None}
        if not any(code in amounts for code in TIMES):
            return None, amounts.get("daily")
        for code in TIMES:
            if code in self._cells and code not in amounts:
                self._fail(code, "write the dose in mg; write 0 for none.")
        regimen = Regimen(**{f"{code}_mcg": amounts.get(code, 0) for code in TIMES})
        if amounts.get("daily", regimen.daily_mcg) != regimen.daily_mcg:
            self._fail("daily", f"the doses of the day add up to {show_mg(regimen.daily_mcg)}. Check the row.")
        return regimen, None

    def _dose(self, code: str) -> int | None:
        try:
            return parse_mg(self._cells[code])
        except NotADose as refusal:
            self._fail(code, _lowered(refusal.sentence))
            return None

    def _sedation(self) -> int | None:
        text = self._cells.get("sedation", "")
        if text and text not in {str(grade) for grade in SEDATION_GRADES}:
            self._fail("sedation", "write a grade from 0 to 4.")
            return None
        return int(text) if text else None

    def _scores(self) -> dict[str, str]:
        given = {scale: self._cells[scale] for scale in SCALES if self._cells.get(scale)}
        for scale, value in given.items():
            if value not in SCORE_VALUES[scale]:
                self._fail(scale, f"write one of {', '.join(SCORE_VALUES[scale])}.")
        return given

    def _symptoms(self) -> tuple[Symptom, ...]:
        return (*self._effects(), *self._signs())

    def _effects(self) -> Iterator[Symptom]:
        texts, severity = _parts(self._cells.get("effects", "")), self._cells.get("effect_severity", "").casefold()
        if texts and severity not in SYMPTOM_SEVERITIES:
            self._fail("effect_severity", "write how severe the side effect was: mild, moderate or severe.")
            return
        for text in texts:
            head, _, other = text.partition(":")
            code = _code(head, ADVERSE_EFFECTS)
            if code is None or (code == "other") != bool(other.strip()):
                self._fail("effects", "write a side effect of the list, or “other: ” and what it was.")
            else:
                other = self._seen("effects", other.strip()[:200])
                effect = SymptomList.ADVERSE_EFFECT
                yield Symptom(symptom_list=effect, code=code, severity=severity, other_text=other)

    def _signs(self) -> Iterator[Symptom]:
        for text in _parts(self._cells.get("signs", "")):
            code = _code(text, WITHDRAWAL_SIGNS)
            if code is None:
                self._fail("signs", "write a withdrawal sign of the list.")
            else:
                sign = SymptomList.WITHDRAWAL_SIGN
                yield Symptom(symptom_list=sign, code=code, severity=WITHDRAWAL_SEVERITY[code])

    def _note(self) -> str:
        note = self._cells.get("note", "")
        if len(note) > LONGEST_NOTE:
            self._fail("note", f"shorten the note to {LONGEST_NOTE} characters.")
        return self._seen("note", note)

    def _seen(self, code: str, text: str) -> str:
        try:
            return note_of(text)
        except Hidden:
            self._fail(code, "remove the unprintable character.")
            return ""


def read_day(text: str, order: DateOrder) -> date:
    """Raises _Unreadable with a sentence."""
    iso, other = _ISO.fullmatch(text), _OTHER.fullmatch(text)
    if iso:
        parts = int(iso[1]), int(iso[2]), int(iso[3])
    elif other and order is not DateOrder.ISO:
        first, second, year = int(other[1]), int(other[3]), int(other[4])
        parts = (year, second, first) if order is DateOrder.DAY_FIRST else (year, first, second)
    else:
        raise _Unreadable(_why_no_date(text, is_other=other is not None))
    try:
        day = date(*parts)
    except ValueError as error:
        raise _Unreadable("there is no such day in the calendar. Check the order of the dates.") from error
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise _Unreadable("check the year: no patient is treated in that year.")
    return day


def _why_no_date(text: str, *, is_other: bool) -> str:
    if not text:
        return "write the date."
    if is_other:
        return "choose above how the dates of this file are written; it is not guessed."
    return "write the date as year-month-day, as 2026-11-13."


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _code(text: str, known: Mapping[str, str]) -> str | None:
    plain = " ".join(text.casefold().split())
    return next((code for code, words in known.items() if plain in (code, words.casefold())), None)


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
