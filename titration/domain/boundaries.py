"""Boundary cases of each rule, as data: just below, at and just above each threshold, each level shift and each cap.

The page about a rule shows the same table that the tests run. A case is a course of doses, as runs of mg a day and
days, with whatever else the rule looks at; days are counted from the last day of the course, which is the day judged.
Time before the course counts as 12 months of treatment where nothing else is said.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from titration.domain import guidance
from titration.domain.case import Case, Interruption, KidneyReading, MissedDoses, Score, Sedation, Sign
from titration.domain.days import years_between
from titration.domain.findings import Severity
from titration.domain.history import DoseHistory
from titration.domain.units import MCG_PER_MG, format_mg, show_mg
from titration.domain.vocabulary import COMEDICATIONS, CONDITIONS, INTERRUPTIONS, WITHDRAWAL_SIGNS

NOTHING, UNKNOWN = "nothing", "unknown"
_FIRST = date(2026, 1, 5)
_BORN = date(1980, 6, 1)
_USUAL_MONTHS = 12
_MORNING, _EVENING = time(9), time(23)


@dataclass(frozen=True, slots=True)
class BoundaryCase:
    """One row of a rule's table. expected: the level at which the rule answers, None where it says nothing."""

    code: str
    name: str
    expected: Severity | None
    facts: Mapping[str, Any]

    @property
    def as_of(self) -> date:
        return _FIRST + timedelta(sum(days for _, days in self.facts["course"]) - 1)

    @property
    def words(self) -> str:
        """ "60 mg for 30 days, then 45 mg." and what else is on file, a sentence each."""
        told = (write(value, self) for name, write in _WORDS.items() if (value := self.facts.get(name)) is not None)
        return " ".join(f"{words[:1].upper()}{words[1:]}." for words in told)

    @property
    def answer(self) -> str:
        """The level as a word."""
        return self.expected.label if self.expected else NOTHING

    def case(self) -> Case:
        """The same row as the input of the rules."""
        facts, at = self.facts, datetime.combine(self.as_of, _EVENING)
        hours = facts.get("hours_since_last_dose")
        return Case(
            as_of=self.as_of,
            at=None if hours is None else at,
            taken=_taken(facts["course"]),
            plan=_planned(facts["plan"], self.as_of + timedelta(1 + facts.get("plan_in", 0)))
            if "plan" in facts
            else None,
            exposure_months=_months(facts.get("exposure_months", _USUAL_MONTHS)),
            birth_date=facts.get("born", _BORN),
            label_set=facts.get("label_set", "US"),
            conditions=frozenset(facts.get("conditions", ())),
            comedications=frozenset(facts.get("comedications", ())),
            last_dose_at=None if hours is None else at - timedelta(hours=hours),
            runs_out_on=self._ahead("runs_out_in"),
            next_review_on=self._ahead("review_in"),
            **_reports(facts, self.as_of),
        )

    def _ahead(self, name: str) -> date | None:
        return self.as_of + timedelta(self.facts[name]) if name in self.facts else None


@cache
def load_boundaries(code: str) -> tuple[BoundaryCase, ...]:
    """The table of one rule, in the order in which it is shown."""
    text = files(guidance).joinpath("boundaries", f"{code}.toml").read_text(encoding="utf-8")
    return tuple(_read(code, entry) for entry in tomllib.loads(text)["case"])


def _read(code: str, entry: Mapping[str, Any]) -> BoundaryCase:
    facts = {name: value for name, value in entry.items() if name not in ("name", "expected")}
    if unknown := set(facts) - set(_WORDS) - {"plan_in"}:
        raise ValueError(f"{code}, {entry['name']}: unknown {', '.join(sorted(unknown))}")
    expected = None if entry["expected"] == NOTHING else Severity.from_label(entry["expected"])
    return BoundaryCase(code, entry["name"], expected, facts)


def _mcg(mg: float) -> int:
    return round(mg * MCG_PER_MG)


def _taken(course: Sequence[tuple[float | str, int]]) -> DoseHistory:
    day, known = _FIRST.toordinal(), []
    for mg, days in course:
        if not isinstance(mg, str):
            known += [(day + offset, _mcg(mg)) for offset in range(days)]
        day += days
    return DoseHistory.from_daily(known)


def _planned(plan: Sequence[tuple[float, int]], first_on: date) -> DoseHistory:
    """The last total goes on."""
    day, changes = first_on.toordinal(), []
    for mg, days in plan:
        changes.append((day, _mcg(mg)))
        day += days
    return DoseHistory.of(changes)


def _months(value: int | str) -> Fraction | None:
    return None if value == UNKNOWN else Fraction(value)


def _reports(facts: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    def on(days_ago: int) -> date:
        return as_of - timedelta(days_ago)

    def at(days_ago: int) -> datetime:
        return datetime.combine(on(days_ago), _MORNING)

    return {
        "missed": tuple(MissedDoses(on=on(ago), missed=n, due=due) for ago, n, due in facts.get("missed", ())),
        "sedation": tuple(Sedation(at=at(ago), grade=grade) for ago, grade in facts.get("sedation", ())),
        "signs": tuple(Sign(on=on(ago), code=code) for ago, code in facts.get("signs", ())),
        "egfr": tuple(KidneyReading(on=on(ago), egfr=Fraction(str(value))) for ago, value in facts.get("egfr", ())),
        "scores": tuple(Score(on=on(ago), scale=name, value=value) for ago, name, value in facts.get("scores", ())),
        "interruptions": tuple(
            Interruption(on=on(-ahead), kind=kind, has_continuity=has)
            for ahead, kind, has in facts.get("interruptions", ())
        ),
    }


def _course_words(course: Sequence[tuple[float | str, int]], _: BoundaryCase | None = None) -> str:
    """60 mg for 30 days, then 45 mg: a last single day needs no number."""
    runs = [f"{_dose_words(mg)} for {_days(days)}" for mg, days in course[:-1]]
    mg, days = course[-1]
    runs.append(_dose_words(mg) if days == 1 else f"{_dose_words(mg)} for {_days(days)}")
    return ", then ".join(runs)


def _dose_words(mg: float | str) -> str:
    return "not known" if isinstance(mg, str) else show_mg(_mcg(mg))


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _ago(days: int) -> str:
    return "today" if days == 0 else f"{_days(days)} ago"


def _in(days: int) -> str:
    return f"in {_days(days)}" if days > 0 else _ago(-days)


def _each(rows: Iterator[str]) -> str:
    return "; ".join(rows)


_MONTH_WORDS = {UNKNOWN: "treatment before not known", 0: "no treatment before", 1: "treated for 1 month before"}
_WORDS: Mapping[str, Any] = {
    "course": _course_words,
    "plan": lambda plan, case: f"plan{_plan_start(case)}: {_course_words(plan)}",
    "exposure_months": lambda months, _: _MONTH_WORDS[months],
    "born": lambda born, case: f"{years_between(born, case.as_of)} years old",
    "label_set": lambda label, _: f"{label} label",
    "conditions": lambda codes, _: _each(CONDITIONS[code].lower() for code in codes),
    "comedications": lambda codes, _: f"also takes: {_each(COMEDICATIONS[code].lower() for code in codes)}",
    "missed": lambda rows, _: _each(f"{n} of {due} doses missed {_ago(ago)}" for ago, n, due in rows),
    "hours_since_last_dose": lambda hours, _: f"last dose {hours} hours ago",
    "sedation": lambda rows, _: _each(f"sedation grade {grade}, {_ago(ago)}" for ago, grade in rows),
    "signs": lambda rows, _: _each(f"{WITHDRAWAL_SIGNS[code].lower()} {_ago(ago)}" for ago, code in rows),
    "interruptions": lambda rows, _: _each(
        f"{INTERRUPTIONS[kind].lower()} {_in(ahead)}, {'with' if has else 'without'} a continuity note"
        for ahead, kind, has in rows
    ),
    "runs_out_in": lambda days, _: f"first day without tablets: {_in(days)}",
    "review_in": lambda days, _: f"next review {_in(days)}",
    "egfr": lambda rows, _: _each(f"eGFR {format_mg(_mcg(value))}, {_ago(ago)}" for ago, value in rows),
    "scores": lambda rows, _: _each(f"{name} score {value}, {_ago(ago)}" for ago, name, value in rows),
}


def _plan_start(case: BoundaryCase) -> str:
    gap = case.facts.get("plan_in")
    return f" {_in(gap + 1)}" if gap else ""
