"""A regimen change: prescribed from the first dose of a date.

What it would raise is judged on the same road as the preview; a high or critical finding that it raises or makes worse
must be answered before anything is written. A change never rewrites the past: a second one for a date supersedes the
first, both stay visible. A running plan is held from the change's date.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from titration.domain.assess import assess, marks
from titration.domain.case import case_at, with_dose_change
from titration.domain.days import show_full_day
from titration.domain.dose_change import goes_on_otherwise, same_words, taken_as_ordered
from titration.domain.errors import DomainError
from titration.domain.findings import Assessment, Finding
from titration.domain.guidance import load_guidance
from titration.domain.history import prescribed_history, taken_history
from titration.domain.limits import DOSE_CHANGE_AHEAD, span, span_words
from titration.domain.record import EntryStatus, PatientRecord
from titration.domain.regimen import Regimen
from titration.domain.treatment import check_not_over
from titration.domain.vocabulary import DOSE_REASONS
from titration.domain.worsening import ASKED_FROM, arises_on, compare, joined, to_answer
from titration.models import Membership, Patient, RegimenChange
from titration.permissions import check_can_prescribe
from titration.selectors import patient_record
from titration.services.acceptance import accept_answered
from titration.services.answers import check_answered
from titration.services.audit import record_event
from titration.services.drafts import CriticalAnswer, Key
from titration.services.entries import supersede
from titration.services.flags import refresh_flags
from titration.services.plans.following import hold_for_dose_change
from titration.services.prescribed import check_dose, doses
from titration.services.under_treatment import check_under_treatment
from titration.services.writing import (
    check_codes,
    journey,
    locked,
    store,
    today_in,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseJudgement:
    """What a dose change would say.

    Now: what stands at this moment. Before: what stands on its day without it. Raised: new or made worse by it, also
    if it were taken where a report that goes on says otherwise; answers: raised ones that must be answered; past: what
    a backdated change would have said on the days since, and that no longer stands.
    """

    now: Assessment
    before: Assessment
    assessment: Assessment
    raised: tuple[Finding, ...]
    answers: tuple[Finding, ...]
    past: tuple[Finding, ...] = ()

    @property
    def staying(self) -> tuple[Finding, ...]:
        """What would stand with it and is not raised by it."""
        return tuple(finding for finding in self.assessment.findings if finding not in self.raised)


def judge_dose_change(
    record: PatientRecord, *, starts_on: date, regimen: Regimen, today: date, now: datetime
) -> DoseJudgement:
    """Assessed as of the change's date, one for today or before as of now. Nothing is written."""
    proposed = with_dose_change(record, starts_on, regimen, at=now)
    return judge_proposal(record, proposed, starts_on=starts_on, today=today, now=now)


def judge_proposal(
    record: PatientRecord, proposed: PatientRecord, *, starts_on: date, today: date, now: datetime
) -> DoseJudgement:
    """The same of any change from a date on. proposed: the record as it would be."""
    guidance, as_of = load_guidance(), max(starts_on, today)
    before = case_at(record, as_of, now=now)
    found = compare(before, case_at(proposed, as_of, now=now), guidance)
    worse = found.worse
    if goes_on_otherwise(proposed, as_of):
        followed = taken_as_ordered(proposed, as_of, at=now)
        worse = joined(worse, compare(before, case_at(followed, as_of, now=now), guidance).worse)
    worse = (*worse, *_to_come(record, proposed, after=as_of, now=now))
    return DoseJudgement(
        now=found.before if as_of == today else assess(case_at(record, today, now=now), guidance),
        before=found.before,
        assessment=found.after,
        raised=worse,
        answers=to_answer(worse, record.flags, now=now, stood=found.before.findings),
        past=tuple(_past(record, proposed, found.after, since=starts_on, now=now)) if starts_on < today else (),
    )


def _to_come(record: PatientRecord, proposed: PatientRecord, *, after: date, now: datetime) -> Iterator[Finding]:
    """What is high or critical and arises on a later day through the change: on the first day that no report speaks
    of, where one tells what was taken on the day of the change, or on the first of a dose on file for later.
    """
    days = {date.fromordinal(day) for history in (taken_history, prescribed_history) for day in history(proposed).days}
    days |= {entry.ends_on + timedelta(days=1) for entry in record.intakes if entry.counts and entry.ends_on}
    for day in sorted(each for each in days if each > after):
        found = compare(case_at(record, day, now=now), case_at(proposed, day, now=now), load_guidance())
        yield from (each for each in found.worse if each.severity >= ASKED_FROM and arises_on(each, day))


def _past(
    record: PatientRecord, proposed: PatientRecord, after: Assessment, *, since: date, now: datetime
) -> Iterator[Finding]:
    """Marks that the change brings on the days from its date until today, but for what stands today anyway."""
    guidance, as_of = load_guidance(), after.as_of
    before, proposal = (case_at(each, as_of, now=now) for each in (record, proposed))
    earlier = {(mark.code, mark.since, mark.trigger) for mark in marks(before, guidance, since)}
    standing = {(finding.code, finding.episode) for finding in after.findings}
    for mark in marks(proposal, guidance, since):
        if (mark.code, mark.since, mark.trigger) not in earlier and (mark.code, mark.episode) not in standing:
            yield mark


@journey("dose.changed")
def record_dose_change(
    *,
    actor: Membership,
    patient: Patient,
    starts_on: date,
    regimen: Regimen,
    reason: str,
    now: datetime,
    note: str = "",
    backdate_reason: str = "",
    answer: CriticalAnswer | None = None,
    key: Key | None = None,
) -> RegimenChange:
    check_can_prescribe(actor)
    patient = locked(patient, actor)
    check_under_treatment(patient)
    check_dose(regimen)
    check_codes([reason], DOSE_REASONS, "reason")
    check_starts_on(starts_on, patient=patient, now=now, backdate_reason=backdate_reason)
    judgement = _answered(patient, starts_on, regimen, answer, now)
    row = RegimenChange(
        **doses(regimen),
        patient=patient,
        starts_on=starts_on,
        reason=reason,
        note=note,
        recorded_by=actor.user,
        recorded_at=now,
        backdate_reason=backdate_reason,
        **_answer_columns(answer, judgement),
    )
    _store_for_its_date(row)
    _audit(row, judgement, actor, now)
    hold_for_dose_change(patient=patient, starts_on=starts_on, actor=actor, now=now)
    refresh_flags(patient=patient, now=now, actor=actor)
    if answer is not None:
        accept_answered(patient=patient, findings=judgement.answers, answer=answer, actor=actor, now=now)
    return row


def check_starts_on(starts_on: date, *, patient: Patient, now: datetime, backdate_reason: str = "as told") -> None:
    today = today_in(patient.clinic, now)
    if starts_on < patient.birth_date:
        raise DomainError("Check the date: it is before the patient was born.", about="starts_on")
    if starts_on > today + span(DOSE_CHANGE_AHEAD):
        raise DomainError(
            f"Choose a date up to {show_full_day(today + span(DOSE_CHANGE_AHEAD))}: "
            f"a dose change is recorded at most {span_words(DOSE_CHANGE_AHEAD)} ahead.",
            about="starts_on",
        )
    if starts_on < today and not backdate_reason.strip():
        raise DomainError(
            "This date is in the past. Say why the change is entered late, or choose today.", about="backdate_reason"
        )


def check_differs(record: PatientRecord, starts_on: date, regimen: Regimen) -> None:
    check_not_over(record.treatment, starts_on)
    if words := same_words(record, starts_on, regimen):
        raise DomainError(words)


def _answered(
    patient: Patient, starts_on: date, regimen: Regimen, answer: CriticalAnswer | None, now: datetime
) -> DoseJudgement:
    record = patient_record(patient, now)
    today = today_in(patient.clinic, now)
    check_differs(record, starts_on, regimen)
    judgement = judge_dose_change(record, starts_on=starts_on, regimen=regimen, today=today, now=now)
    check_answered(judgement.answers, answer, patient.clinic)
    return judgement


def _answer_columns(answer: CriticalAnswer | None, judgement: DoseJudgement) -> dict[str, str]:
    if answer is None or not judgement.answers:
        return {}
    return {"answer_reason": answer.reason, "answer_comment": answer.comment}


def _store_for_its_date(row: RegimenChange) -> None:
    """One that stood for the same date is superseded."""
    earlier = RegimenChange.objects.filter(
        patient=row.patient, starts_on=row.starts_on, status=EntryStatus.CURRENT
    ).first()
    if earlier is None:
        store(row)
    else:
        supersede(RegimenChange.objects.filter(pk=earlier.pk), row, reason="A later entry for the same date.")


def _audit(row: RegimenChange, judgement: DoseJudgement, actor: Membership, now: datetime) -> None:
    record_event(
        clinic=actor.clinic,
        actor=actor,
        action="dose.changed",
        subject=row,
        patient=row.patient,
        detail={
            "starts_on": row.starts_on,
            "daily_mcg": row.regimen.daily_mcg,
            "reason": row.reason,
            "raised": [f"{finding.code} {finding.severity.label}" for finding in judgement.raised],
            "answer": row.answer_reason,
            "backdated": bool(row.backdate_reason),
        },
        now=now,
    )
