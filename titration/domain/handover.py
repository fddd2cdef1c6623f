"""Since last seen, on one page: dose then and now, response, what is new, flags, what nobody confirmed, what is next.

Last seen is the last review done in the clinic before today, or a day that somebody chooses. Nothing is judged; where
nothing is on file the words say so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from titration.domain.answered_ahead import answer_for
from titration.domain.banner import regimen_on
from titration.domain.confirming import unconfirmed, unsettled
from titration.domain.days import show_full_day, show_near_day, show_weekday
from titration.domain.findings import Severity
from titration.domain.history import prescribed_regimens, taken_history
from titration.domain.plan_transitions import LIVE_STATES
from titration.domain.record import FlagEntry, PatientRecord, PlanState, ScoreEntry, SymptomEntry, SymptomList
from titration.domain.regimen import Regimen, describe
from titration.domain.timeline import Item, timeline
from titration.domain.treatment import closed_without_day, has_died, status_words
from titration.domain.units import show_mg_per_day
from titration.domain.vocabulary import ADVERSE_EFFECTS, SCORE_SCALES, SEDATION_GRADES, WITHDRAWAL_SIGNS

NOT_ON_FILE, NOT_KNOWN = "not on file", "not known"
NEXT_STEPS = 2
MOST_LINES = 5
_WAITING = {"open": "open", "past_unanswered": "past, not answered"}

type Row = tuple[str, str, str]
"""What, then, now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagLine:
    severity: Severity
    title: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """since: last seen, with where that is from. rows: dose, sedation and response then and now. more: how many lines
    are not shown on the one page, by the name of their list.
    """

    since: date
    seen_words: str
    rows: tuple[Row, ...]
    changes: tuple[str, ...]
    effects: tuple[str, ...]
    opened: tuple[FlagLine, ...]
    closed: tuple[FlagLine, ...]
    missing: tuple[str, ...]
    coming: tuple[tuple[str, str], ...]
    next_review: str
    more: dict[str, int]


def last_seen(record: PatientRecord, today: date) -> tuple[date, str]:
    """The last clinic review before today; where none was done, the day the record began."""
    held = [review.done_on for review in record.reviews if review.done_on and review.how == "clinic"]
    earlier = [day for day in held if day < today]
    if earlier:
        return max(earlier), f"last clinic review, {show_full_day(max(earlier))}"
    begun = min((entry.recorded_at.date() for entry in record.regimens), default=today)
    return begun, f"no clinic review on file; since the record began, {show_full_day(begun)}"


def handover(record: PatientRecord, *, since: date, seen_words: str, today: date) -> Handover:
    changes, effects, missing = _changes(record, since), _effects(record, since, today), _missing(record, today)
    opened, closed = _standing_flags(record.flags, since, today), _closed_flags(record.flags, since, today)
    more: dict[str, int] = {}
    return Handover(
        since=since,
        seen_words=seen_words,
        rows=(*_doses(record, since, today), _sedation(record, since, today), *_scores(record, since, today)),
        coming=tuple(_coming(record, today)),
        next_review=_next_review(record, today),
        changes=_first("changes", changes, more),
        effects=_first("effects", effects, more),
        opened=_first("opened", opened, more),
        closed=_first("closed", closed, more),
        missing=_first("missing", missing, more),
        more=more,
    )


def _first[Line](name: str, lines: Iterable[Line], more: dict[str, int]) -> tuple[Line, ...]:
    """The first few; how many there are besides is noted in `more`."""
    every = list(lines)
    if len(every) > MOST_LINES:
        more[name] = len(every) - MOST_LINES
    return tuple(every[:MOST_LINES])


def _doses(record: PatientRecord, since: date, today: date) -> Iterator[Row]:
    yield "Prescribed", _regimen_words(regimen_on(record, since)), _regimen_words(regimen_on(record, today))
    taken = taken_history(record)
    then, now = taken.on(since.toordinal()), taken.on(today.toordinal())
    yield "Taken", _total_words(then), _total_words(now)


def _regimen_words(regimen: Regimen | None) -> str:
    if regimen is None:
        return NOT_ON_FILE
    how = f", {describe(regimen)}" if regimen.daily_mcg else ""
    return f"{show_mg_per_day(regimen.daily_mcg)}{how}"


def _total_words(mcg: int | None) -> str:
    return NOT_KNOWN if mcg is None else show_mg_per_day(mcg)


def _sedation(record: PatientRecord, since: date, today: date) -> Row:
    """The last grade told then; now the last one, and the highest since where that is another."""
    counting = [entry for entry in record.sedations if entry.counts and entry.at.date() <= today]
    before = [entry for entry in counting if entry.at.date() <= since]
    after = [entry for entry in counting if entry.at.date() > since]
    then = f"grade {before[-1].grade}" if before else NOT_ON_FILE
    if not after:
        return "Sedation", then, "nothing told since"
    worst, last = max(after, key=lambda entry: entry.grade), after[-1]
    words = f"grade {last.grade}, {SEDATION_GRADES[last.grade]}"
    peak = f"; highest {worst.grade} on {_near(worst.at.date(), today)}" if worst.grade > last.grade else ""
    return "Sedation", then, f"{words}, {_near(last.at.date(), today)}{peak}"


def _scores(record: PatientRecord, since: date, today: date) -> Iterator[Row]:
    """A row for each scale that was ever scored."""
    counting = [entry for entry in record.scores if entry.counts]
    for scale, words in SCORE_SCALES.items():
        scored = [entry for entry in counting if entry.scale == scale]
        if scored:
            then = [entry for entry in scored if entry.at.date() <= since]
            now = [entry for entry in scored if entry.at.date() > since]
            yield words, _score_words(then, today, NOT_ON_FILE), _score_words(now, today, "not scored since")


def _score_words(scored: Sequence[ScoreEntry], today: date, nothing: str) -> str:
    return f"{scored[-1].value}, {_near(scored[-1].at.date(), today)}" if scored else nothing


def _changes(record: PatientRecord, since: date) -> Iterator[str]:
    """Doses, what was taken, acts on plans and on the treatment since, the newest first, each with its day and note."""
    items = [item for kind in ("dose", "taken", "plan", "treatment") for item in timeline(record, kind=kind).items]
    told = [item for item in items if item.at.date() > since and not item.is_struck]
    for item in sorted(told, key=lambda item: item.at, reverse=True):
        yield _item_words(item)


def _item_words(item: Item) -> str:
    words = "".join(text for text, _ in item.pieces)
    note = f" {item.note}" if item.note else ""
    return f"{show_weekday(item.at.date())}: {words}{note}"


def _effects(record: PatientRecord, since: date, today: date) -> Iterator[str]:
    for entry in sorted(
        (each for each in record.symptoms if each.counts), key=lambda each: each.onset_on, reverse=True
    ):
        if entry.onset_on > since:
            ended = f", ended {_near(entry.ended_on, today)}" if entry.ended_on else ", goes on"
            yield f"{_symptom(entry)}, {entry.severity}, since {_near(entry.onset_on, today)}{ended}"
        elif entry.ended_on is not None and entry.ended_on > since:
            yield f"{_symptom(entry)}, {entry.severity}: ended {_near(entry.ended_on, today)}"


def _symptom(entry: SymptomEntry) -> str:
    is_sign = entry.symptom_list is SymptomList.WITHDRAWAL_SIGN
    names = WITHDRAWAL_SIGNS if is_sign else ADVERSE_EFFECTS
    name = entry.other_text or names.get(entry.code, entry.code)
    return f"{name} (withdrawal sign)" if is_sign else name


def _standing_flags(flags: Iterable[FlagEntry], since: date, today: date) -> Iterator[FlagLine]:
    """Whatever waits for an answer, however old, and what was opened and accepted since; the gravest first."""
    standing = [flag for flag in flags if flag.state in _WAITING or _was_accepted(flag, since)]
    for flag in sorted(standing, key=lambda flag: -Severity.from_label(flag.severity)):
        about = f"opened {_near(flag.opened_at.date(), today)}, {_state_words(flag)}"
        yield FlagLine(severity=Severity.from_label(flag.severity), title=flag.title, about=about)


def _was_accepted(flag: FlagEntry, since: date) -> bool:
    return flag.accepted_at is not None and flag.resolved_at is None and flag.opened_at.date() >= since


def _state_words(flag: FlagEntry) -> str:
    return _WAITING.get(flag.state, f"accepted: {flag.accepted_reason}")


def _closed_flags(flags: Iterable[FlagEntry], since: date, today: date) -> Iterator[FlagLine]:
    for flag in flags:
        if flag.state not in _WAITING and flag.resolved_at is not None and flag.resolved_at.date() > since:
            severity, day = Severity.from_label(flag.severity), _near(flag.resolved_at.date(), today)
            yield FlagLine(severity=severity, title=flag.title, about=f"closed {day}")


def _missing(record: PatientRecord, today: date) -> Iterator[str]:
    """Steps that nobody spoke of, and a difference that must be settled, of plans under way or complete; nobody is
    asked after a death.
    """
    if has_died(record) or closed_without_day(record):
        return
    for number in _followed(record, today):
        if standing := unsettled(record, number, today):
            yield f"To be settled: {standing.difference_words(today)}"
        for begun in reversed(unconfirmed(record, number, today)):
            dose = show_mg_per_day(begun.step.regimen.daily_mcg)
            yield f"Step {begun.step.number}, {dose} since {_near(begun.step.starts_on, today)}: not confirmed"


def _followed(record: PatientRecord, today: date) -> list[int]:
    """The numbers of the last plan under way or complete, and of one that it replaces and that goes on until it
    begins; the latest first.
    """
    going_on = [plan for plan in record.plans if plan.ended_on is not None and plan.ended_on > today]
    replaced = [plan.number for plan in going_on if plan.state is PlanState.REPLACED]
    followed = [plan.number for plan in record.plans if plan.state in (*LIVE_STATES, PlanState.COMPLETED)]
    return sorted({*followed[-1:], *replaced}, reverse=True)


def _coming(record: PatientRecord, today: date) -> Iterator[tuple[str, str]]:
    ahead = [(day, regimen) for day, regimen in prescribed_regimens(record) if day > today]
    for day, regimen in ahead[:NEXT_STEPS]:
        answered = answer_for(record, day, today)
        yield _near(day, today), _regimen_words(regimen) + (f"; answered: {answered}" if answered else "")


def _next_review(record: PatientRecord, today: date) -> str:
    waiting = [review for review in record.reviews if review.done_on is None]
    if not waiting:
        return "none planned"
    if status_words(record):
        return f"none due; {len(waiting)} {'was' if len(waiting) == 1 else 'were'} still planned"
    first = min(waiting, key=lambda review: review.due_on)
    how = "by telephone" if first.how == "telephone" else "in the clinic"
    late = ", overdue" if first.due_on < today else ""
    return f"{_near(first.due_on, today)}{late}, {how}: {first.purpose}"


def _near(on: date, today: date) -> str:
    return show_near_day(on, beside=today)


def latest_choice(today: date) -> date:
    """A page since today would be empty."""
    return today - timedelta(days=1)
