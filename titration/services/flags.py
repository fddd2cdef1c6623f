"""Flags follow the findings of caution and above.

Raised, raised again, ended. Runs inside every write and in `manage.py reassess`.

A flag is known by (patient, rule, episode). It ends because facts changed, because an entry was corrected, or because
time alone took the finding away; an unanswered high or critical flag of the last kind stays on the worklist as past,
unanswered.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from titration.domain.assess import assess
from titration.domain.case import case_at
from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.guidance import load_guidance
from titration.domain.record import PatientRecord
from titration.domain.treatment import closed_without_day, has_died
from titration.models import Flag, FlagEvent, FlagState, Membership, Patient
from titration.models.flags import WAITING
from titration.selectors import patient_record
from titration.services.audit import record_event
from titration.services.flag_words import as_seen, doses_of, doses_shown, shown_words
from titration.services.writing import moved, store, today_in

_FOLLOWED = [*WAITING, FlagState.ACCEPTED.value]
SHOWN_ANEW = frozenset({"raised", "raised_again", "worsened", "changed", "reworded"})
_NO_ACCEPTANCE = {
    "accepted_reason": "",
    "accepted_comment": "",
    "accepted_by": None,
    "accepted_at": None,
    "expires_at": None,
}


@dataclass(slots=True, kw_only=True)
class _Round:
    """One re-assessment of one patient: what stands, who caused it, and what it did to the flags."""

    patient: Patient
    record: PatientRecord
    assessment: Assessment
    today: date
    now: datetime
    actor: Membership | None
    corrected: bool
    done: list[str] = field(default_factory=list)

    def note(self, flag: Flag, kind: str, severity: Severity) -> None:
        by = self.actor.user if self.actor else None
        shown = as_seen(flag) if kind in SHOWN_ANEW else None
        FlagEvent.objects.create(flag=flag, kind=kind, at=self.now, by=by, severity=severity.label, shown=shown)
        self.done.append(f"{flag.code} {severity.label} {kind}")


def refresh_flags(
    *, patient: Patient, now: datetime, actor: Membership | None = None, corrected: bool = False
) -> Assessment:
    """Bring the patient's flags in line with what stands now.

    The caller holds the transaction and the patient's row.
    """
    record, today = patient_record(patient, now), today_in(patient.clinic, now)
    case = case_at(record, today, now=now)
    assessment = assess(case, load_guidance())
    this = _Round(
        patient=patient, record=record, assessment=assessment, today=today, now=now, actor=actor, corrected=corrected
    )
    flags = _follow(this)
    _set_next_assessment(this, flags)
    _set_end_of_tablets(patient, case.runs_out_on)
    if this.done:
        record_event(
            clinic=patient.clinic,
            actor=actor,
            action="flags.changed",
            subject=patient,
            patient=patient,
            detail={"flags": this.done, "guidance": assessment.guidance_version},
            now=now,
        )
    return assessment


def _follow(this: _Round) -> list[Flag]:
    flags = list(Flag.objects.filter(patient=this.patient))
    if has_died(this.record):
        return _end_with_the_patient(this, flags)
    if closed_without_day(this.record):
        return []
    _bring_back(this, flags)
    standing = {(finding.code, finding.episode): finding for finding in _flaggable(this.assessment.findings)}
    known = {(flag.code, flag.episode_on): flag for flag in flags}
    for identity, finding in standing.items():
        if identity in known:
            _keep(this, known[identity], finding)
        else:
            known[identity] = _raise(this, finding)
    for identity, flag in known.items():
        if identity not in standing and flag.state in _FOLLOWED:
            _end(this, flag)
    return list(known.values())


def _end_with_the_patient(this: _Round, flags: Iterable[Flag]) -> list[Flag]:
    """What waits for an answer ends as a fact: nobody is asked any more, and it was neither answered nor corrected."""
    for flag in flags:
        if flag.state in WAITING:
            _change(flag, state=FlagState.DIED, resolved_at=flag.resolved_at or this.now)
            this.note(flag, "died", Severity.from_label(flag.severity))
    return []


def _bring_back(this: _Round, flags: Iterable[Flag]) -> None:
    """Where a death was entered in error, what it had ended waits again as before, and is judged anew."""
    for flag in flags:
        if flag.state == FlagState.DIED and flag.resolved_at is not None:
            was_past = flag.events.filter(kind="past_unanswered", at=flag.resolved_at).exists()
            state = FlagState.PAST_UNANSWERED if was_past else FlagState.OPEN
            _change(flag, state=state, resolved_at=flag.resolved_at if was_past else None)
            this.note(flag, "brought_back", Severity.from_label(flag.severity))


def _flaggable(findings: Iterable[Finding]) -> Iterable[Finding]:
    return (finding for finding in findings if finding.raises_flag)


def _raise(this: _Round, finding: Finding) -> Flag:
    flag = store(
        Flag(
            patient=this.patient,
            code=finding.code,
            episode_on=finding.episode,
            opened_at=this.now,
            **_columns(finding, this.assessment.guidance_version),
        )
    )
    this.note(flag, "raised", finding.severity)
    return flag


def _columns(finding: Finding, guidance_version: str) -> dict[str, object]:
    return {
        "severity": finding.severity.label,
        "urgency": finding.urgency,
        "fingerprint": finding.fingerprint,
        "since": finding.since,
        "time_ends_on": finding.until,
        "shown": shown_words(finding),
        "guidance_version": guidance_version,
    }


def _keep(this: _Round, flag: Flag, finding: Finding) -> None:
    """The finding of this flag stands.

    Raised again when it was answered or over, and it is higher, other or expired.
    """
    expired = flag.state == FlagState.ACCEPTED and flag.expires_at is not None and flag.expires_at <= this.now
    changed = flag.fingerprint != finding.fingerprint
    if flag.state == FlagState.OPEN:
        is_dated = _is_dated(flag, finding) or _is_worded_otherwise(this, flag, finding)
        if changed or flag.time_ends_on != finding.until or is_dated:
            _update_open(this, flag, finding)
    elif flag.state != FlagState.ACCEPTED or expired or not finding.is_covered_by(flag.fingerprint):
        if expired:
            this.note(flag, "expired", finding.severity)
        _change(
            flag,
            state=FlagState.OPEN,
            resolved_at=None,
            opened_at=this.now,
            **_NO_ACCEPTANCE,
            **_columns(finding, this.assessment.guidance_version),
        )
        this.note(flag, "raised_again", finding.severity)
    elif flag.time_ends_on != finding.until:
        _change(flag, time_ends_on=finding.until)


def _is_worded_otherwise(this: _Round, flag: Flag, finding: Finding) -> bool:
    """Whether the guidance has a newer version than the one this flag was shown with, or something else would end it
    now: a plan that was signed or has gone on since prescribes another dose.
    """
    is_newer = flag.guidance_version != this.assessment.guidance_version
    return is_newer or flag.shown.get("clears") != shown_words(finding)["clears"]


def _is_dated(flag: Flag, finding: Finding) -> bool:
    """Whether the words on file tell of another dose than the finding, where that alone makes it no other one."""
    return doses_shown(flag) != doses_of(finding)


def _update_open(this: _Round, flag: Flag, finding: Finding) -> None:
    """An unanswered flag follows its finding, but the clock alone never makes it less severe."""
    before = Severity.from_label(flag.severity)
    if finding.severity < before and this.actor is None:
        return
    changed, seen = flag.fingerprint != finding.fingerprint, as_seen(flag)
    _change(flag, **_columns(finding, this.assessment.guidance_version))
    if changed:
        this.note(flag, "worsened" if finding.severity > before else "changed", finding.severity)
    elif as_seen(flag) != seen:
        this.note(flag, "reworded", finding.severity)


def _end(this: _Round, flag: Flag) -> None:
    """The finding of this flag is gone.

    By correction, by time alone, or by facts. What cannot be decided any more is not gone.
    """
    severity = Severity.from_label(flag.severity)
    by_time = flag.time_ends_on is not None and flag.time_ends_on <= this.today
    if this.corrected and not _stood_when_opened(this, flag):
        _close(this, flag, FlagState.CORRECTED, "corrected")
    elif flag.state == FlagState.PAST_UNANSWERED:
        return
    elif by_time and flag.state == FlagState.OPEN and severity >= Severity.HIGH:
        _change(flag, state=FlagState.PAST_UNANSWERED, resolved_at=this.now)
        this.note(flag, "past_unanswered", severity)
    elif by_time:
        _close(this, flag, FlagState.RESOLVED, "lapsed")
    elif not _is_undecided(this, flag):
        _close(this, flag, FlagState.RESOLVED, "resolved")


def _close(this: _Round, flag: Flag, state: FlagState, kind: str) -> None:
    _change(flag, state=state, resolved_at=this.now)
    this.note(flag, kind, Severity.from_label(flag.severity))


def _is_undecided(this: _Round, flag: Flag) -> bool:
    return any(question.code == flag.code for question in this.assessment.undecided)


def _stood_when_opened(this: _Round, flag: Flag) -> bool:
    """Whether the corrected record still says that this finding stood on the day the flag was opened."""
    opened_on = today_in(this.patient.clinic, flag.opened_at)
    then = assess(case_at(this.record, opened_on, now=flag.opened_at), load_guidance())
    return any((finding.code, finding.episode) == (flag.code, flag.episode_on) for finding in _flaggable(then.findings))


def _change(flag: Flag, **changes: object) -> None:
    moved(
        Flag.objects.filter(pk=flag.pk, state_version=flag.state_version),
        state_version=flag.state_version + 1,
        **changes,
    )
    for name, value in {**changes, "state_version": flag.state_version + 1}.items():
        setattr(flag, name, value)


def _set_end_of_tablets(patient: Patient, runs_out_on: date | None) -> None:
    """Kept beside the patient, so that the worklist finds it by index. Time alone moves it only while nothing is taken,
    and then later: what is kept errs on the early side.
    """
    if patient.runs_out_on != runs_out_on:
        Patient.objects.filter(pk=patient.pk).update(runs_out_on=runs_out_on)
        patient.runs_out_on = runs_out_on


def _set_next_assessment(this: _Round, flags: list[Flag]) -> None:
    """The first day on which time alone could change an answer.

    The rules' own, the end of an acceptance, the end of a plan.
    """
    days = [this.assessment.next_change_on]
    days += [
        today_in(this.patient.clinic, flag.expires_at) for flag in flags if flag.state == "accepted" and flag.expires_at
    ]
    days += [step.starts_on for plan in this.record.plans if plan.state == "running" for step in plan.steps]
    coming = [day for day in days if day is not None and day > this.today]
    today_again = this.assessment.next_change_on == this.today or any(
        flag.state == "accepted" and flag.expires_at and today_in(this.patient.clinic, flag.expires_at) <= this.today
        for flag in flags
    )
    following = this.today if today_again else min(coming, default=None)
    if this.patient.next_assessment_on != following:
        Patient.objects.filter(pk=this.patient.pk).update(next_assessment_on=following)
        this.patient.next_assessment_on = following
