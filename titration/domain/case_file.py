"""Case files: the JSON that `manage.py assess` reads and the JSON that it answers with. Schema `titration.case/1`.

Reading is strict: what would have to be guessed is refused with the name of the field. `taken` stands alone:
a day without a row is not known, and nothing is filled in.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NoReturn

from titration.domain.assess import assess
from titration.domain.case import Case, Interruption, KidneyReading, MissedDoses, Sedation, Sign
from titration.domain.errors import MalformedCase, NotADose
from titration.domain.findings import Assessment, Finding
from titration.domain.guidance import Guidance
from titration.domain.history import DoseHistory
from titration.domain.units import parse_mg
from titration.domain.vocabulary import COMEDICATIONS, CONDITIONS, INTERRUPTIONS, SEDATION_GRADES, WITHDRAWAL_SIGNS
from titration.domain.wording import say, say_undecided

SCHEMA = "titration.case/1"
_FIELDS = frozenset(
    (
        *("schema", "as_of", "birth_date", "exposure_months", "taken", "prescribed", "plan", "missed", "last_dose_at"),
        *("sedation", "signs", "conditions", "comedications", "egfr"),
        *("interruptions", "runs_out_on", "next_review_on"),
    )
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_HIGHEST_EGFR = 1000


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as read, and the first day of the file from which `--each-day` counts."""

    case: Case
    first_day: date

    def days(self) -> Iterable[Case]:
        """The case as of each day from the first to the last. A plan is put to the rules from its first day, or on
        the last day if that is earlier.
        """
        for offset in range((self.case.as_of - self.first_day).days + 1):
            yield self._as_of(self.first_day + timedelta(offset))

    def _as_of(self, day: date) -> Case:
        case = self.case
        if day == case.as_of:
            return case
        drawn = case.plan is not None and (case.plan.first_day or 0) <= day.toordinal()
        return replace(case, as_of=day, at=None, plan=case.plan if drawn else None)


def read_case(text: str, guidance: Guidance) -> CaseFile:
    """The case in a JSON text. Raises MalformedCase with a sentence that begins with the field's name."""
    fields = _load(text)
    as_of, at = _as_of(fields.get("as_of"))
    taken = _totals(fields, "taken", None)
    prescribed = _totals(fields, "prescribed", guidance.ceiling_mcg)
    plan = _totals(fields, "plan", guidance.ceiling_mcg)
    case = Case(
        as_of=as_of,
        at=at,
        taken=DoseHistory.from_daily(taken),
        prescribed=DoseHistory.from_daily(prescribed) if fields.get("prescribed") is not None else None,
        plan=_plan_history(plan) if plan else None,
        exposure_months=_exposure(fields.get("exposure_months")),
        birth_date=_optional(fields, "birth_date", _date),
        missed=tuple(_missed(fields)),
        sedation=tuple(_sedation(fields)),
        signs=tuple(_signs(fields)),
        conditions=frozenset(_words(fields, "conditions", CONDITIONS)),
        comedications=frozenset(_words(fields, "comedications", COMEDICATIONS)),
        egfr=tuple(_egfr(fields)),
        last_dose_at=_optional(fields, "last_dose_at", _instant),
        interruptions=tuple(_interruptions(fields)),
        runs_out_on=_optional(fields, "runs_out_on", _date),
        next_review_on=_optional(fields, "next_review_on", _date),
    )
    firsts = [day for day, _ in (*taken, *prescribed)] or [case.day]
    return CaseFile(case, date.fromordinal(min(min(firsts), case.day)))


def _load(text: str) -> Mapping[str, Any]:
    try:
        fields = json.loads(
            text, object_pairs_hook=_no_repeats, parse_constant=lambda name: _refuse("case", f"{name} is no number")
        )
    except (ValueError, RecursionError) as error:
        raise MalformedCase(f"case: this is not JSON ({type(error).__name__}); check brackets and quotes.") from error
    if not isinstance(fields, dict):
        _refuse("case", "expected one JSON object")
    if unknown := sorted(set(fields) - _FIELDS):
        _refuse(unknown[0], f"unknown field; known are {', '.join(sorted(_FIELDS))}")
    if fields.get("schema") != SCHEMA:
        _refuse("schema", f'expected "{SCHEMA}"')
    return fields


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        _refuse(next(name for name in names if names.count(name) > 1), "given twice")
    return fields


def _refuse(field: str, why: str) -> NoReturn:
    raise MalformedCase(f"{field}: {why}.")


def _date(value: object, field: str) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        _refuse(field, "expected a date such as 2026-01-31")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        _refuse(field, f"{value} is no day of the calendar")
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        _refuse(field, f"{value} is outside {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


def _instant(value: object, field: str) -> datetime:
    """An instant as the wall clock says it; an offset is allowed and left out, since a case has one clock."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        _date(value[:10], field)
        try:
            return datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            _refuse(field, f"{value} is no time of the day")
    _refuse(field, "expected a date and time such as 2026-01-31T09:00")


def _as_of(value: object) -> tuple[date, datetime | None]:
    if isinstance(value, str) and not _DATE.fullmatch(value):
        at = _instant(value, "as_of")
        return at.date(), at
    return _date(value, "as_of"), None


def _optional[T](fields: Mapping[str, Any], name: str, read: Callable[[object, str], T]) -> T | None:
    value = fields.get(name)
    return None if value is None else read(value, name)


def _rows(fields: Mapping[str, Any], name: str, width: int) -> Sequence[Sequence[Any]]:
    rows = fields.get(name)
    if rows is None:
        return ()
    if not isinstance(rows, list) or any(not isinstance(row, list) or len(row) != width for row in rows):
        _refuse(name, f"expected a list of rows with {width} values each")
    return rows


def _totals(fields: Mapping[str, Any], name: str, most_mcg: int | None) -> list[tuple[int, int]]:
    totals: dict[int, int] = {}
    for value, dose in _rows(fields, name, 2):
        day = _date(value, name).toordinal()
        if day in totals:
            _refuse(name, f"{value} is given twice")
        totals[day] = _dose(dose, name)
        if most_mcg is not None and totals[day] > most_mcg:
            _refuse(name, f"{dose} mg on {value} is above the ceiling of {most_mcg // 1000} mg/day")
    return sorted(totals.items())


def _dose(value: object, field: str) -> int:
    if not isinstance(value, str):
        _refuse(field, 'expected mg as text such as "60" or "2.5"')
    try:
        return parse_mg(value)
    except NotADose:
        _refuse(field, f'"{value[:20]}" is no dose in mg with at most one decimal')


def _plan_history(totals: list[tuple[int, int]]) -> DoseHistory:
    """A plan's last total goes on; a day without a row inside the plan is not known."""
    history = DoseHistory.from_daily(totals)
    return DoseHistory(history.days[:-1], history.values[:-1])


def _exposure(value: object) -> Fraction | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1200:
        _refuse("exposure_months", "expected a number of months from 0, or null for unknown")
    return Fraction(str(value))


def _missed(fields: Mapping[str, Any]) -> Iterable[MissedDoses]:
    seen: set[date] = set()
    for value, missed, due in _rows(fields, "missed", 3):
        on = _date(value, "missed")
        if on in seen:
            _refuse("missed", f"{value} is given twice")
        seen.add(on)
        if _is_no_count(missed) or _is_no_count(due) or missed > due:
            _refuse("missed", "expected whole numbers, missed not above due")
        yield MissedDoses(on=on, missed=missed, due=due)


def _is_no_count(value: object) -> bool:
    return isinstance(value, bool) or not isinstance(value, int) or value < 0


def _sedation(fields: Mapping[str, Any]) -> Iterable[Sedation]:
    for at, grade in _rows(fields, "sedation", 2):
        if _is_no_count(grade) or grade not in SEDATION_GRADES:
            _refuse("sedation", "expected a grade from 0 to 4")
        yield Sedation(at=_instant(at, "sedation"), grade=grade)


def _signs(fields: Mapping[str, Any]) -> Iterable[Sign]:
    for on, code in _rows(fields, "signs", 2):
        _words({"signs": [code]}, "signs", WITHDRAWAL_SIGNS)
        yield Sign(on=_date(on, "signs"), code=code)


def _words(fields: Mapping[str, Any], name: str, known: Iterable[str]) -> list[str]:
    words = fields.get(name) or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        _refuse(name, "expected a list of words")
    if unknown := sorted(set(words) - set(known)):
        _refuse(name, f'unknown word "{unknown[0][:40]}"')
    return words


def _egfr(fields: Mapping[str, Any]) -> Iterable[KidneyReading]:
    seen: set[date] = set()
    for value, reading in _rows(fields, "egfr", 2):
        on = _date(value, "egfr")
        if on in seen:
            _refuse("egfr", f"{value} is given twice")
        seen.add(on)
        if isinstance(reading, bool) or not isinstance(reading, int | float) or not 0 <= reading < _HIGHEST_EGFR:
            _refuse("egfr", "expected a number from 0")
        yield KidneyReading(on=on, egfr=Fraction(str(reading)))


def _interruptions(fields: Mapping[str, Any]) -> Iterable[Interruption]:
    for value, code, has_continuity in _rows(fields, "interruptions", 3):
        _words({"interruptions": [code]}, "interruptions", INTERRUPTIONS)
        if not isinstance(has_continuity, bool):
            _refuse("interruptions", "expected true or false: whether a note says how baclofen goes on")
        yield Interruption(on=_date(value, "interruptions"), kind=code, has_continuity=has_continuity)


def answer(case_file: CaseFile, guidance: Guidance, *, each_day: bool) -> dict[str, Any]:
    """The findings of the last day, or of each day, as JSON-ready values."""
    cases = case_file.days() if each_day else (case_file.case,)
    return {
        "guidance_version": guidance.version,
        "days": [_day(assess(case, guidance), guidance) for case in cases],
    }


def _day(assessment: Assessment, guidance: Guidance) -> dict[str, Any]:
    return {
        "date": assessment.as_of.isoformat(),
        "findings": [_finding(finding, guidance) for finding in assessment.findings],
        "undecided": [{"code": u.code, "missing": say_undecided(u, guidance)} for u in assessment.undecided],
    }


def _finding(finding: Finding, guidance: Guidance) -> dict[str, Any]:
    words = say(finding, guidance)
    return {
        "code": finding.code,
        "severity": finding.severity.label,
        "since": finding.since.isoformat(),
        "title": words.title,
        "why": " ".join((words.reason, *words.why, *words.missing)),
        "consider": " ".join(words.consider),
        "evidence": [
            {"label": e.label, "value": e.value, "unit": e.unit, "on": e.on.isoformat() if e.on else None}
            for e in finding.evidence
        ],
        "threshold": [
            {"name": t.name, "value": t.value, "unit": t.unit, "source": t.source, "origin": t.origin}
            for t in finding.thresholds
        ],
    }
