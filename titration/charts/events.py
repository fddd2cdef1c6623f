"""The response and event bands: scores in runs that gaps break, and lanes of lettered symbols, bars and outlined flags.

Everything stands on the day it happened in the clinic's zone. Supply has no lane while no dispensing is on file.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from titration.charts.dose import lowered
from titration.charts.model import Bar, FallWindow, Lane, Mark, ResponseBand, Score, Series, Span, Symbol
from titration.charts.thin import MOST_SYMBOLS, thinned
from titration.charts.words import STEP_BACK_REASONS, letters_for, symptom_words
from titration.domain.days import show_day
from titration.domain.fact_words import dispensed_words, interruption_name
from titration.domain.history import Day, prescribed_history
from titration.domain.record import PatientRecord, PlanState, SymptomEntry, SymptomList
from titration.domain.supply import Stretch, supply_of

GAP_DAYS = 28
SCALES = {"spasticity": "spasticity", "pain": "pain"}
GRADE_SEVERITY = {1: "mild", 2: "moderate", 3: "severe", 4: "severe"}
_NUMBER = re.compile(r"(10|[0-9])(\.[0-9])?", re.ASCII)


def response_band(record: PatientRecord, today: Day) -> ResponseBand:
    points = {scale: _scores(record, scale, today) for scale in SCALES}
    series = [
        Series(key=scale, label=SCALES[scale], runs=tuple(_runs(points[scale]))) for scale in SCALES if points[scale]
    ]
    return ResponseBand(
        series=tuple(series), gaps=tuple(_gaps({score.day for scores in points.values() for score in scores}, today))
    )


def _scores(record: PatientRecord, scale: str, today: Day) -> tuple[Score, ...]:
    """One score a day, the last of it."""
    by_day: dict[Day, float] = {}
    for entry in sorted(
        (entry for entry in record.scores if entry.counts and entry.scale == scale), key=lambda each: each.at
    ):
        if _NUMBER.fullmatch(entry.value):
            by_day[entry.at.date().toordinal()] = float(entry.value)
    points = [Score(day, value) for day, value in sorted(by_day.items())]
    return thinned(points, day=lambda each: each.day, value=lambda each: each.value, today=today)


def _runs(scores: Sequence[Score]) -> Iterable[tuple[Score, ...]]:
    run: list[Score] = []
    for score in scores:
        if run and score.day - run[-1].day > GAP_DAYS:
            yield tuple(run)
            run = []
        run.append(score)
    yield tuple(run)


def _gaps(days: set[Day], today: Day) -> Iterable[Span]:
    """Stretches of more than four weeks without any score, the one until today included."""
    ordered = sorted({*days, *([today] if days else [])})
    for before, after in pairwise(ordered):
        if after - before > GAP_DAYS:
            yield Span(before, after)


def event_lanes(record: PatientRecord, *, falls: Iterable[FallWindow], today: Day) -> tuple[Lane, ...]:
    return (
        Lane(key="sedation", label="Sedation", symbols=_newest(_sedations(record))),
        Lane(key="effects", label="Effects", symbols=_newest(_symptoms(record, SymptomList.ADVERSE_EFFECT, today))),
        Lane(
            key="withdrawal", label="Withdrawal", symbols=_newest(_symptoms(record, SymptomList.WITHDRAWAL_SIGN, today))
        ),
        Lane(key="holds", label="Holds", bars=_newest([*_holds(record, today), *_interruptions(record)])),
        Lane(key="flags", label="Flags", marks=_newest(_flags(record, falls))),
        *_supply_lane(record, today),
    )


def _newest[Event](events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(events)[-MOST_SYMBOLS:]


def _sedations(record: PatientRecord) -> Iterable[Symbol]:
    for entry in sorted(record.sedations, key=lambda each: each.at):
        if entry.counts and entry.grade in GRADE_SEVERITY:
            words = f"sedation grade {entry.grade}"
            yield Symbol(entry.at.date().toordinal(), None, f"S{entry.grade}", GRADE_SEVERITY[entry.grade], words)


def _symptoms(record: PatientRecord, symptom_list: SymptomList, today: Day) -> Iterable[Symbol]:
    letters = letters_for(entry.code for entry in record.symptoms if entry.counts)
    for entry in sorted(record.symptoms, key=lambda each: each.onset_on):
        if entry.counts and entry.symptom_list is symptom_list:
            until = entry.ended_on.toordinal() + 1 if entry.ended_on else today + 1
            yield Symbol(entry.onset_on.toordinal(), until, letters[entry.code], entry.severity, _graded_words(entry))


def _graded_words(entry: SymptomEntry) -> str:
    return f"{entry.other_text or symptom_words(entry.code)}, {entry.severity}"


def symbol_key(record: PatientRecord) -> tuple[tuple[str, str], ...]:
    """The letters seen and what they mean, in the order of the letters."""
    letters = letters_for(entry.code for entry in record.symptoms if entry.counts)
    pairs = [(letter, symptom_words(code)) for code, letter in letters.items()]
    graded = any(entry.counts and entry.grade in GRADE_SEVERITY for entry in record.sedations)
    return tuple(sorted([*pairs, *([("S", "sedation grade")] if graded else [])]))


def _holds(record: PatientRecord, today: Day) -> Iterable[Bar]:
    """Stretches after a step back until the next change, and plans on hold."""
    prescribed = prescribed_history(record)
    for _, entry in lowered(record):
        first = entry.starts_on.toordinal()
        if entry.reason in STEP_BACK_REASONS and first <= today:
            until = min(prescribed.next_change_after(first) or today + 1, today + 1)
            yield Bar(first, until, f"stepped back {_days(until - first)}")
    for plan in record.plans:
        if plan.state is PlanState.HELD and plan.held_on is not None and plan.held_on.toordinal() <= today:
            first = plan.held_on.toordinal()
            yield Bar(first, today + 1, f"plan held {_days(today + 1 - first)}")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _interruptions(record: PatientRecord) -> Iterable[Bar]:
    for entry in record.interruptions:
        if entry.counts:
            last = entry.last_on or entry.first_on
            words = interruption_name(entry)
            yield Bar(entry.first_on.toordinal(), last.toordinal() + 1, words[:1].lower() + words[1:])


def _supply_lane(record: PatientRecord, today: Day) -> Iterable[Lane]:
    """A bar for each dispensing until the next or until nothing is left; beside today since when it is empty."""
    supply = supply_of(record, date.fromordinal(today))
    if not supply.stretches:
        return
    bars = [_dispensed(stretch, today) for stretch in supply.stretches]
    note = ""
    if supply.empty_on is not None and (day := supply.empty_on.toordinal()) <= today:
        note = f"empty since {show_day(supply.empty_on)}"
        bars.append(Bar(day, day, note, is_quiet=True))
    yield Lane(key="supply", label="Supply", bars=_newest(bars), note=note)


def _dispensed(stretch: Stretch, today: Day) -> Bar:
    first = stretch.first_on.toordinal()
    until = stretch.until.toordinal() if stretch.until else today + 1
    return Bar(first, until, " and ".join(dispensed_words(entry) for entry in stretch.entries), is_quiet=True)


def _flags(record: PatientRecord, falls: Iterable[FallWindow]) -> Iterable[Mark]:
    """Stored flags by the day they arose, and drops that were never flagged."""
    flagged = {(flag.code, flag.episode_on.toordinal()) for flag in record.flags}
    stored = [Mark(flag.episode_on.toordinal(), flag.severity, flag.title) for flag in record.flags]
    past = [Mark(fall.since, fall.severity, fall.words) for fall in falls if (fall.code, fall.episode) not in flagged]
    return sorted([*stored, *past])
