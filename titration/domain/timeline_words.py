"""The sentences of the time line: each entry as pieces of text, some of them strong.

Words only; what they mean is decided elsewhere. Free text is not among the pieces: a note stands by itself, as typed.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from titration.domain.days import show_day, show_moment, show_near_day, show_span
from titration.domain.fact_words import (
    dispensed_words,
    egfr_words,
    interruption_name,
    interruption_span,
    lasting_words,
)
from titration.domain.history import prescribed_history
from titration.domain.plan_acts import SIGNING_ACTS, PlanAct, event_words
from titration.domain.record import (
    DispensingEntry,
    Entry,
    FlagEntry,
    IntakeEntry,
    IntakeKind,
    InterruptionEntry,
    KidneyReadingEntry,
    LastingEntry,
    PatientRecord,
    PlanEntry,
    RegimenEntry,
    ReviewEntry,
    ScoreEntry,
    SedationEntry,
    SymptomEntry,
    TreatmentEntry,
    TreatmentState,
)
from titration.domain.regimen import describe
from titration.domain.treatment import last_dose_words
from titration.domain.units import format_mg, show_mg_per_day
from titration.domain.vocabulary import (
    ADVERSE_EFFECTS,
    DOSE_REASONS,
    SCORE_SCALES,
    SEDATION_GRADES,
    WITHDRAWAL_SIGNS,
)

type Pieces = tuple[tuple[str, bool], ...]
"""Texts in order, each with whether it is strong."""

WHERE = {"clinic": "in the clinic", "telephone": "by telephone"}

TotalBefore = Callable[[RegimenEntry], int | None]


def totals_before(record: PatientRecord) -> TotalBefore:
    """For a regimen entry: what was prescribed on the day before it starts, None where nothing was."""
    prescribed = prescribed_history(record)
    return lambda entry: prescribed.on((entry.starts_on - timedelta(days=1)).toordinal())


def dose(entry: RegimenEntry, before: TotalBefore) -> Pieces:
    """50 → **60 mg/day**, 20 mg three times a day, from 24 Aug. Better response wanted."""
    was = before(entry) if entry.counts else None
    lead = f"{format_mg(was)} → " if was is not None else ""
    recorded_on = entry.recorded_at.date()
    start = "" if entry.starts_on == recorded_on else f", from {show_near_day(entry.starts_on, beside=recorded_on)}"
    reason = DOSE_REASONS.get(entry.reason, entry.reason)
    told = " As told at registration." if entry.as_told else f" {reason}."
    total = entry.regimen.daily_mcg
    how = f", {describe(entry.regimen)}" if total else ""
    return (lead, False), (show_mg_per_day(total), True), (f"{how}{start}.{told}", False)


def note_of(entry: Entry) -> str:
    """What was typed with an entry, why it was entered late, and what was said to the findings that it raised."""
    late = entry.late_reason if isinstance(entry, RegimenEntry) else ""
    answered = entry.answered if isinstance(entry, RegimenEntry | TreatmentEntry) else ""
    told = [entry.note, f"Entered late: {late}" if late else "", f"Answered: {answered}" if answered else ""]
    return " ".join(filter(None, told))


def intake(entry: IntakeEntry) -> Pieces:
    """**Ran out** since 12 Nov. Last dose 11 Nov, 22:00."""
    beside = entry.recorded_at.date()
    span = show_span(entry.starts_on, entry.ends_on, beside=beside)
    last = f" Last dose {show_moment(entry.last_dose_at, beside=beside)}." if entry.last_dose_at else ""
    return *_taken(entry), (f" {span}.{last}", False)


_NOTHING_TAKEN = {
    IntakeKind.RAN_OUT: "Ran out",
    IntakeKind.STOPPED: "Stopped on own account",
    IntakeKind.UNKNOWN: "Not known what was taken",
    IntakeKind.AS_PRESCRIBED: "Taken as prescribed",
}


def _taken(entry: IntakeEntry) -> Pieces:
    if entry.kind in _NOTHING_TAKEN:
        return ((_NOTHING_TAKEN[entry.kind], True),)
    daily_mcg = entry.regimen.daily_mcg if entry.regimen else entry.daily_mcg or 0
    total = (show_mg_per_day(daily_mcg), True)
    if entry.kind is IntakeKind.MISSED:
        return (f"Missed {entry.missed} of {entry.due} doses a day: ", False), total
    how = f" ({describe(entry.regimen)})" if entry.regimen else ""
    return ("Took ", False), total, (how, False)


def sedation(entry: SedationEntry) -> Pieces:
    """Grade **2**, limits daily tasks. Said by carer; fell; driving affected."""
    said = [f"said by {entry.source}"] if entry.source else []
    said += (
        [f"in the {entry.time_of_day}" if entry.time_of_day in ("morning", "evening") else f"at {entry.time_of_day}"]
        if entry.time_of_day
        else []
    )
    said += ["fell"] if entry.falls else []
    said += ["driving affected"] if entry.driving_affected else []
    rest = "; ".join(said)
    return (
        ("Grade ", False),
        (str(entry.grade), True),
        (f", {SEDATION_GRADES[entry.grade]}{'; ' + rest if rest else ''}.", False),
    )


def symptom(entry: SymptomEntry) -> Pieces:
    """**Weakness**, moderate, since 5 Oct."""
    span = show_span(entry.onset_on, entry.ended_on, beside=entry.recorded_at.date())
    return (_symptom_name(entry), True), (f", {entry.severity}, {span}.", False)


def _symptom_name(entry: SymptomEntry) -> str:
    name = WITHDRAWAL_SIGNS.get(entry.code) or ADVERSE_EFFECTS.get(entry.code, entry.code)
    return f"{name}: {entry.other_text}" if entry.other_text else name


def score(entry: ScoreEntry) -> Pieces:
    """Spasticity **7**."""
    return (f"{SCORE_SCALES.get(entry.scale, entry.scale)} ", False), (entry.value, True)


def scores(entries: Sequence[ScoreEntry]) -> Pieces:
    """Spasticity **7**, pain **4**."""
    pieces: list[tuple[str, bool]] = [*score(entries[0])]
    for entry in entries[1:]:
        lead, value = score(entry)
        pieces += [(f", {lead[0][0].lower()}{lead[0][1:]}", False), value]
    return tuple(pieces)


def symptoms(entries: Sequence[SymptomEntry]) -> Pieces:
    """**Sleeplessness, more spasms**, mild, since 12 Nov."""
    names = [_symptom_name(entry) for entry in entries]
    lowered = [names[0], *(name[0].lower() + name[1:] for name in names[1:])]
    return (", ".join(lowered), True), symptom(entries[0])[1]


def lasting(entry: LastingEntry) -> Pieces:
    """**Seizure disorder**, since 5 Oct 2020."""
    name = lasting_words(entry)
    beside = entry.recorded_at.date()
    if entry.since is None and entry.until is None:
        return (name, True), (", since when is unknown.", False)
    if entry.since is None and entry.until is not None:
        return (name, True), (f", until {show_near_day(entry.until, beside=beside)}.", False)
    return (name, True), (f", {show_span(entry.since or beside, entry.until, beside=beside)}.", False)


def kidney(entry: KidneyReadingEntry) -> Pieces:
    """**eGFR 74** of 2 Nov."""
    return (egfr_words(entry), True), (f" of {show_near_day(entry.on, beside=entry.recorded_at.date())}.", False)


def interruption(entry: InterruptionEntry) -> Pieces:
    """**Surgery** from 20 Nov, no continuity note."""
    return (interruption_name(entry), True), (f" {interruption_span(entry, entry.recorded_at.date())}.", False)


def supply(entry: DispensingEntry) -> Pieces:
    """**168 tablets of 10 mg** dispensed; on 15 Oct where that is another day."""
    recorded_on = entry.recorded_at.date()
    when = "" if entry.on == recorded_on else f" on {show_near_day(entry.on, beside=recorded_on)}"
    return (dispensed_words(entry), True), (f" dispensed{when}.", False)


def treatment(entry: TreatmentEntry) -> Pieces:
    """**Treatment ended**: last dose on 12 Nov 2026, 60 mg/day."""
    since = show_near_day(entry.starts_on, beside=entry.recorded_at.date())
    if entry.kind is TreatmentState.ENDED:
        return ("Treatment ended", True), (f": {last_dose_words(entry)}.", False)
    if entry.kind is TreatmentState.MOVED:
        return ("Handed over", True), (f" to {entry.handed_to}, from {since}; not known since what is taken.", False)
    if entry.kind is TreatmentState.DIED:
        return ("Died", True), (f" on {since}. Nothing is judged since.", False)
    return ("Under treatment again", True), (f" from {since}.", False)


def plan_drafted(entry: PlanEntry) -> Pieces:
    return (f"{_plan_name(entry)} ", False), ("drafted", True), (_plan_course(entry), False)


def plan_signed(entry: PlanEntry) -> Pieces:
    """Taper version 2 **signed**: to 0 mg/day, 16 Nov to 18 Jan, 10 steps."""
    return (f"{_plan_name(entry)} ", False), ("signed", True), (_plan_course(entry), False)


def plan_act(entry: PlanEntry, act: PlanAct) -> Pieces:
    """Taper 1, version 2 **held** from 23 Nov."""
    words = event_words(act.kind, is_signed=entry.signed_at is not None)
    signed = " and signed" if act.kind in SIGNING_ACTS else ""
    return (f"{_plan_name(entry)} ", False), (f"{words}{signed}", True), (_act_rest(entry, act), False)


def _act_rest(entry: PlanEntry, act: PlanAct) -> str:
    if act.kind in SIGNING_ACTS:
        return _plan_course(entry)
    return f" from {show_near_day(act.held_on, beside=act.at.date())}." if act.held_on else "."


def _plan_name(entry: PlanEntry) -> str:
    return f"{entry.kind.value.capitalize()} {entry.number}, version {entry.version}"


def _plan_course(entry: PlanEntry) -> str:
    if not entry.steps:
        return "."
    first, last = entry.steps[0], entry.steps[-1]
    target = show_mg_per_day(last.regimen.daily_mcg)
    count = len(entry.steps)
    span = f"{show_near_day(first.starts_on, beside=last.starts_on)} to {show_day(last.starts_on)}"
    return f": to {target}, {span}, {count} step{'s' if count > 1 else ''}."


def review(entry: ReviewEntry) -> Pieces:
    """Review **done** by telephone: sleep."""
    return ("Review ", False), ("done", True), (f" {WHERE.get(entry.how, entry.how)}: {entry.purpose}", False)


def flag_raised(entry: FlagEntry) -> Pieces:
    return ("raised: ", False), (entry.title, False)


def flag_accepted(entry: FlagEntry) -> Pieces:
    until = ""
    if entry.expires_at is not None and entry.accepted_at is not None:
        until = f", until {show_moment(entry.expires_at, beside=entry.accepted_at.date())}"
    return ((f"accepted: {entry.title}{until}", False),)


_ENDINGS = {
    "corrected": "ended by a correction",
    "died": "ended, the patient died",
    "past_unanswered": "past, and still unanswered",
    "resolved": "ended",
}


def flag_ended(entry: FlagEntry) -> Pieces:
    return ((f"{_ENDINGS.get(entry.state, 'ended')}: {entry.title}", False),)
