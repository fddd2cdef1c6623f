"""Everything on file for one patient, newest first, each entry as one sentence of pieces.

Entries stand at the time they were recorded; sedation and scores at the time they are about, reviews on their day. What
was superseded or entered in error stays in its place with its reason. Only the items asked for are put into words, so a
long history costs little.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from titration.domain import timeline_words as words
from titration.domain.findings import Severity
from titration.domain.plan_acts import REPLACED, SIGNING_ACTS, PlanAct
from titration.domain.record import (
    Entry,
    EntryStatus,
    FlagEntry,
    PatientRecord,
    PlanEntry,
    PlanState,
    ReviewEntry,
    ScoreEntry,
    SymptomEntry,
    SymptomList,
)
from titration.domain.timeline_words import Pieces
from titration.domain.vocabulary import OVERRIDE_REASONS

KINDS = {
    "dose": "Dose",
    "taken": "Taken",
    "sedation": "Sedation",
    "effects": "Effects",
    "signs": "Signs",
    "response": "Response",
    "plan": "Plan",
    "review": "Review",
    "condition": "Condition",
    "medicine": "Medicine",
    "kidney": "Kidney",
    "interruption": "Interruption",
    "supply": "Supply",
    "flag": "Flag",
    "treatment": "Treatment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line. correctable: the kind of entry under which it can be marked as entered in error, "" where it cannot."""

    at: datetime
    kind: str
    pieces: Pieces
    who: str
    id: str = ""
    note: str = ""
    severity: Severity | None = None
    status: EntryStatus = EntryStatus.CURRENT
    status_reason: str = ""
    correctable: str = ""

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def is_struck(self) -> bool:
        return self.status is not EntryStatus.CURRENT

    @property
    def status_words(self) -> str:
        return self.status.value.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """items: newest first, at most as many as asked for. earlier: how many more there are, back to `back_to`."""

    items: tuple[Item, ...]
    earlier: int
    back_to: date | None


class _Line(NamedTuple):
    at: datetime
    kind: str
    word: Callable[[], Item]


def timeline(
    record: PatientRecord, *, kind: str = "", skip: int = 0, limit: int | None = None, one_by_one: bool = False
) -> Timeline:
    """Every item, or those of one of KINDS, after the newest `skip`; at most `limit`.

    Of two at one time the later entry stands higher. What was reported together is one item, unless `one_by_one`.
    """
    wanted = [line for line in _lines(record, one_by_one=one_by_one) if not kind or line.kind == kind]
    wanted.reverse()
    wanted.sort(key=lambda line: line.at, reverse=True)
    end = len(wanted) if limit is None else skip + limit
    shown, rest = wanted[skip:end], wanted[end:]
    items = tuple(line.word() for line in shown)
    return Timeline(items=items, earlier=len(rest), back_to=rest[-1].at.date() if rest else None)


def _lines(record: PatientRecord, *, one_by_one: bool) -> Iterator[_Line]:
    yield from _dose_lines(record)
    yield from _report_lines(record)
    yield from _together_lines(record, one_by_one=one_by_one)
    newest = {plan.number: plan.id for plan in record.plans}
    for plan in record.plans:
        yield from _plan_lines(plan, is_newest=newest[plan.number] == plan.id)
    for review in record.reviews:
        if review.done_on is not None:
            yield _review_line(review, review.done_on, ZoneInfo(record.time_zone))
    for flag in record.flags:
        yield from _flag_lines(flag)


def _dose_lines(record: PatientRecord) -> Iterator[_Line]:
    before = words.totals_before(record)
    for entry in record.regimens:
        yield _line(entry, "dose", "dose", partial(words.dose, before=before))


def _report_lines(record: PatientRecord) -> Iterator[_Line]:
    for intake in record.intakes:
        yield _line(intake, "taken", "intake", words.intake)
    for sedation in record.sedations:
        yield _line(sedation, "sedation", "sedation", words.sedation, at=sedation.at)
    yield from _fact_lines(record)


def _fact_lines(record: PatientRecord) -> Iterator[_Line]:
    """Facts stand at the time they were recorded; their kind is also the one they are corrected under."""
    for kind, entries in (("condition", record.conditions), ("medicine", record.comedications)):
        for lasting in entries:
            yield _line(lasting, kind, kind, words.lasting)
    for reading in record.kidney:
        yield _line(reading, "kidney", "kidney", words.kidney)
    for interruption in record.interruptions:
        yield _line(interruption, "interruption", "interruption", words.interruption)
    for dispensing in record.dispensings:
        yield _line(dispensing, "supply", "supply", words.supply)
    for change in record.treatment:
        yield _line(change, "treatment", "treatment", words.treatment)


def _together_lines(record: PatientRecord, *, one_by_one: bool) -> Iterator[_Line]:
    """Symptoms and scores: those of one form stand in one line, apart where one of them no longer counts."""
    for symptoms in _together(record.symptoms, _same_symptoms, one_by_one=one_by_one):
        kind = "signs" if symptoms[0].symptom_list is SymptomList.WITHDRAWAL_SIGN else "effects"
        yield _group_line(symptoms, kind, "symptom", words.symptoms)
    for scores in _together(record.scores, _same_scores, one_by_one=one_by_one):
        yield _group_line(scores, "response", "response", words.scores, at=scores[0].at)


def _group_line[E: Entry](
    entries: Sequence[E],
    kind: str,
    correctable: str,
    say: Callable[[Sequence[E]], Pieces],
    *,
    at: datetime | None = None,
) -> _Line:
    return _line(entries[0], kind, correctable, lambda _: say(entries), at=at)


def _same_symptoms(entry: SymptomEntry) -> tuple[object, ...]:
    return entry.symptom_list, entry.severity, entry.onset_on, entry.ended_on, entry.recorded_at, entry.recorded_by


def _same_scores(entry: ScoreEntry) -> tuple[object, ...]:
    return entry.at, entry.recorded_at, entry.recorded_by


def _together[E: Entry](
    entries: Iterable[E], same: Callable[[E], tuple[object, ...]], *, one_by_one: bool
) -> Iterable[Sequence[E]]:
    groups: dict[tuple[object, ...], list[E]] = {}
    for entry in entries:
        alone = one_by_one or not entry.counts
        groups.setdefault((entry.id,) if alone else (*same(entry), entry.note), []).append(entry)
    return groups.values()


def _line[E: Entry](
    entry: E, kind: str, correctable: str, say: Callable[[E], Pieces], *, at: datetime | None = None
) -> _Line:
    stands_at = at or entry.recorded_at
    return _Line(stands_at, kind, lambda: _item(entry, kind, correctable, say(entry), stands_at))


def _item(entry: Entry, kind: str, correctable: str, pieces: Pieces, at: datetime) -> Item:
    return Item(
        at=at,
        kind=kind,
        pieces=pieces,
        who=entry.recorded_by,
        id=entry.id,
        note=words.note_of(entry),
        status=entry.status,
        status_reason=entry.status_reason,
        correctable=correctable if entry.counts else "",
    )


def _plan_lines(plan: PlanEntry, *, is_newest: bool) -> Iterator[_Line]:
    """Drafted or signed, then each act of its own; the act that made and signed a version stands for its signing, and
    a newer version says by itself what it replaced.
    """
    if plan.signed_at is None or plan.state is PlanState.DRAFT:
        yield _Line(plan.drafted_at, "plan", partial(_plan, plan, words.plan_drafted, plan.drafted_at, plan.drafted_by))
    if plan.signed_at is not None and not any(act.kind in SIGNING_ACTS for act in plan.acts):
        yield _Line(plan.signed_at, "plan", partial(_plan, plan, words.plan_signed, plan.signed_at, plan.signed_by))
    for act in plan.acts:
        if act.kind != REPLACED or is_newest:
            yield _Line(act.at, "plan", partial(_plan_act, plan, act))


def _plan_act(plan: PlanEntry, act: PlanAct) -> Item:
    return Item(at=act.at, kind="plan", pieces=words.plan_act(plan, act), who=act.by, id=plan.id, note=act.reason)


def _plan(plan: PlanEntry, say: Callable[[PlanEntry], Pieces], at: datetime, who: str) -> Item:
    return Item(at=at, kind="plan", pieces=say(plan), who=who, id=plan.id)


def _review_line(review: ReviewEntry, done_on: date, zone: ZoneInfo) -> _Line:
    at = datetime.combine(done_on, time(), tzinfo=zone)
    return _Line(at, "review", partial(_review, review, at))


def _review(review: ReviewEntry, at: datetime) -> Item:
    return Item(at=at, kind="review", pieces=words.review(review), who="", id=review.id)


def _flag_lines(flag: FlagEntry) -> Iterator[_Line]:
    yield _Line(flag.opened_at, "flag", partial(_flag, flag, words.flag_raised, flag.opened_at, ""))
    if flag.accepted_at is not None:
        yield _Line(
            flag.accepted_at, "flag", partial(_flag, flag, words.flag_accepted, flag.accepted_at, flag.accepted_by)
        )
    if flag.resolved_at is not None:
        yield _Line(flag.resolved_at, "flag", partial(_flag, flag, words.flag_ended, flag.resolved_at, ""))


def _flag(flag: FlagEntry, say: Callable[[FlagEntry], Pieces], at: datetime, who: str) -> Item:
    is_answer = at == flag.accepted_at and bool(who)
    return Item(
        at=at,
        kind="flag",
        pieces=say(flag),
        who=who or f"guidance {flag.guidance_version}",
        id=flag.id,
        note=_answer(flag) if is_answer else "",
        severity=Severity.from_label(flag.severity),
    )


def _answer(flag: FlagEntry) -> str:
    reason = OVERRIDE_REASONS.get(flag.accepted_reason, flag.accepted_reason)
    return f"{reason}: {flag.accepted_comment}" if flag.accepted_comment else reason
