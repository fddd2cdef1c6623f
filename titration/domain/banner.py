"""The patient in one line, as it stands on every page: who, what is taken, what is prescribed, and for how long.

Taken comes first, because it is what the body knows; prescribed stands beside it where the two differ. Unknown is a
word.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from titration.domain.days import show_full_day, show_near_day, years_between
from titration.domain.guidance import Guidance
from titration.domain.history import DoseHistory, prescribed_before, prescribed_history, taken_history
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen, describe
from titration.domain.reported import reported
from titration.domain.terms import Terms
from titration.domain.treatment import closed_without_day, died_on, status_words
from titration.domain.units import NO_BREAK_SPACE, format_mg, show_mg_per_day, show_percent
from titration.domain.vocabulary import INDICATIONS

UNKNOWN = "unknown"


class Fact(NamedTuple):
    """One figure: what it is, the figure, its unit, a note, and how large it stands (dose, second or "")."""

    label: str
    figure: str
    unit: str
    note: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Everything as text, in the order of reading. differs: taken and prescribed are not the same amount. ahead: the
    next change of what is prescribed, "" where none is on file. mark: that the treatment ended, moved or the patient
    died, "" while under treatment.
    """

    name: str
    born: str
    about: tuple[str, ...]
    use: str
    facts: tuple[Fact, ...]
    differs: bool
    ahead: str = ""
    mark: str = ""


def banner_of(record: PatientRecord, *, today: date, guidance: Guidance) -> Banner:
    """The banner as of a day in the clinic's zone."""
    taken, prescribed = taken_history(record), prescribed_history(record)
    day = today.toordinal()
    differs = taken.on(day) != prescribed.on(day)
    regimen = regimen_on(record, today)
    died, is_closed = died_on(record.treatment), closed_without_day(record) is not None
    facts = (
        [_last_taken_fact(taken, died)]
        if died or is_closed
        else [
            _taken_fact(taken, today, _taken_words(record, day, regimen if not differs else None)),
            *([_prescribed_fact(regimen, prescribed.on(day))] if differs else []),
            _share_fact(prescribed.on(day), guidance),
            _days_fact(prescribed, today),
            _exposure_fact(Terms(taken, record.exposure_months, guidance), day, guidance),
        ]
    )
    return Banner(
        name=record.name,
        born=f"{show_full_day(record.birth_date)} ({years_between(record.birth_date, today)})",
        about=(_sex_words(record.sex), f"ID{NO_BREAK_SPACE}{record.identifier}"),
        use=_use(record.indication),
        facts=tuple(facts),
        differs=differs and died is None and not is_closed,
        ahead="" if is_closed else ahead_words(prescribed, today),
        mark=status_words(record),
    )


def ahead_words(prescribed: DoseHistory, today: date) -> str:
    """From 23 Nov: 35 mg/day."""
    day = prescribed.next_change_after(today.toordinal())
    mcg = None if day is None else prescribed.on(day)
    if day is None or mcg is None:
        return ""
    return f"From {show_near_day(date.fromordinal(day), beside=today)}: {show_mg_per_day(mcg)}"


def regimen_on(record: PatientRecord, on: date) -> Regimen | None:
    """What is prescribed on a day, None where nothing is on file yet or nobody here prescribes any more."""
    return prescribed_before(record, on + timedelta(days=1))


def share_of_ceiling(daily_mcg: int, guidance: Guidance) -> str:
    """Such as 12.5 %."""
    return show_percent(Fraction(daily_mcg * 100, guidance.ceiling_mcg))


def _sex_words(sex: str) -> str:
    return f"sex {UNKNOWN}" if sex in ("", UNKNOWN) else sex


def _use(code: str) -> str:
    indication = INDICATIONS.get(code)
    if indication is None:
        return "Indication unknown"
    return f"{indication.words}, {'approved use' if indication.approved else 'off-label use'}"


def _since(history: DoseHistory, today: date) -> date | None:
    position = bisect_right(history.days, today.toordinal())
    return date.fromordinal(history.days[position - 1]) if position else None


def _taken_words(record: PatientRecord, day: int, regimen: Regimen | None) -> str:
    """Where taken is as prescribed: how it is divided, and that so far only a plan says so. Else empty."""
    if regimen is None:
        return ""
    return (
        f"as planned, unconfirmed; {describe(regimen)}" if reported(record).is_unconfirmed(day) else describe(regimen)
    )


def _taken_fact(taken: DoseHistory, today: date, words: str) -> Fact:
    mcg, since = taken.on(today.toordinal()), _since(taken, today)
    if mcg is None or since is None:
        return Fact("Taken", UNKNOWN, "", f"since {show_near_day(since, beside=today)}" if since else "", "dose")
    return Fact("Taken", format_mg(mcg), "mg/day", words or _since_words(since, today), "dose")


def _last_taken_fact(taken: DoseHistory, died: date | None) -> Fact:
    if died is None:
        return Fact("Taken", UNKNOWN, "", "last dose not on file", "dose")
    mcg, until = taken.on(died.toordinal()), f"until {show_full_day(died)}"
    if mcg is None:
        return Fact("Taken", UNKNOWN, "", until, "dose")
    return Fact("Taken", format_mg(mcg), "mg/day", until, "dose")


def _since_words(since: date, today: date) -> str:
    return f"since {show_near_day(since, beside=today)}, day {(today - since).days + 1}"


def _prescribed_fact(regimen: Regimen | None, daily_mcg: int | None) -> Fact:
    if regimen is None or daily_mcg is None:
        return Fact("Prescribed", UNKNOWN, "", "", "second")
    return Fact("Prescribed", format_mg(daily_mcg), "mg/day", describe(regimen), "second")


def _share_fact(prescribed_mcg: int | None, guidance: Guidance) -> Fact:
    of = f"of {show_mg_per_day(guidance.ceiling_mcg)}"
    figure = UNKNOWN if prescribed_mcg is None else share_of_ceiling(prescribed_mcg, guidance)
    return Fact("Share of ceiling", figure, "", of)


def _days_fact(prescribed: DoseHistory, today: date) -> Fact:
    since = _since(prescribed, today)
    if since is None or prescribed.on(today.toordinal()) is None:
        return Fact("At this dose", UNKNOWN, "", "")
    return Fact("At this dose", f"day {(today - since).days + 1}", "", f"since {show_near_day(since, beside=today)}")


def _exposure_fact(terms: Terms, day: int, guidance: Guidance) -> Fact:
    days = terms.exposure_days(day)
    weight = "counts as long" if terms.is_long(day) else "does not count as long"
    if days is None:
        return Fact("Exposure", UNKNOWN, "", weight)
    months = int(days / guidance.amount("month"))
    if months:
        return Fact("Exposure", f"{months} month{'s' if months > 1 else ''}", "", weight)
    return Fact("Exposure", f"{int(days)} day{'' if int(days) == 1 else 's'}", "", weight)
